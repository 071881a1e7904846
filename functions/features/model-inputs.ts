import { FEATURE_NAMES, FEATURES } from './definitions.ts';
import { type FeatureDefinition, moved, percent, type RankSentences, rankSentence } from './sentences.ts';

/** An input that is the mean of an SQL expression over the day's instruments. */
interface MarketInput {
  /** Over the features, by name. */
  averageOf: string;
  /** The value as a sentence without its full stop. */
  sentence: (value: number) => string;
}

/** The day's market, equal for all instruments of a day. */
export const MARKET_INPUTS: Record<`market_${string}`, MarketInput> = {
  market_ret_1d: {
    averageOf: 'ret_1d',
    sentence: (v) => `The average stock ${moved(v)} on the last trading day`,
  },
  market_ret_20d: {
    averageOf: 'ret_20d',
    sentence: (v) => `The average stock ${moved(v)} over the last month`,
  },
  market_mom_12_1: {
    averageOf: 'mom_12_1',
    sentence: (v) => `The average stock ${moved(v)} in the year up to a month ago`,
  },
  market_vol_20d: {
    averageOf: 'vol_20d',
    sentence: (v) =>
      `The average stock would move by ${percent(v, 0)} in a usual year at the pace of the last month`,
  },
  market_breadth_200: {
    averageOf: 'CASE WHEN sma_ratio_200 > 0 THEN 1.0 WHEN sma_ratio_200 <= 0 THEN 0.0 END',
    sentence: (v) => `${percent(v, 0)} of stocks are above their 200-day average`,
  },
};

/** Features by name, and which of them are ranked; the types of single features are not needed here. */
const definitions: [string, FeatureDefinition][] = FEATURE_NAMES.map((name) => [name, FEATURES[name]]);

/** Sentences of each ranked input, by the input's name, such as `ret_1d_rank`. */
export const RANKED_INPUTS: ReadonlyMap<string, RankSentences> = new Map(
  definitions.flatMap(([name, { rank }]) => (rank ? [[`${name}_rank`, rank]] : [])),
);

/** The ranked inputs that compare amounts of money, which needs the currencies of the instruments. */
export const MONEY_RANKS: ReadonlySet<string> = new Set(
  definitions.flatMap(([name, { rank, isPerCurrency }]) => (rank && isPerCurrency ? [`${name}_rank`] : [])),
);

/** What an explanation says of a rank of {@link MONEY_RANKS} without a value, without its full stop. */
export const INCOMPARABLE = 'How easily it trades could not be compared with other stocks';

/** The name of the contribution to an estimate that belongs to no input. */
export const NEUTRALITY = 'neutrality';

/** The words of an explanation for {@link NEUTRALITY}, without a full stop. */
export const NEUTRALITY_WORDS = 'Adjustment for its volatility and how easily it trades';

/** The rank of an amount of money that cannot be compared: the middle. */
const NEUTRAL_RANK = 0.5;

/**
 * A row's value of a model input. If an instrument has an amount of money that cannot be compared, because its currency
 * or the exchange rate is unknown, the rank is the middle one.
 *
 * @param row - columns of the view `model_inputs` by name
 * @returns NaN for an input without a value
 */
export function inputValue(name: string, row: Readonly<Record<string, unknown>>): number {
  const value = row[name];
  if (Number.isFinite(value)) return value as number;
  const isIncomparable = MONEY_RANKS.has(name) && Number.isFinite(row[name.replace(/_rank$/, '')]);
  return isIncomparable ? NEUTRAL_RANK : Number.NaN;
}

const VALUE_SENTENCES = new Map(
  [...definitions, ...Object.entries(MARKET_INPUTS)].map(([name, { sentence }]) => [name, sentence]),
);

/** Every input that a model may use: the columns of the view `model_inputs`, except its keys and the close. */
export const MODEL_INPUT_NAMES: readonly string[] = [
  ...FEATURE_NAMES,
  ...RANKED_INPUTS.keys(),
  ...Object.keys(MARKET_INPUTS),
];

/**
 * A model input as a sentence about the stock, without its full stop. Inputs of older releases that are no longer
 * defined are named with their value.
 */
export function inputSentence(name: string, value: number): string {
  const rank = RANKED_INPUTS.get(name);
  if (rank) return rankSentence(rank, value);
  return VALUE_SENTENCES.get(name)?.(value) ?? `The input ${name} is ${value.toPrecision(3)}`;
}
