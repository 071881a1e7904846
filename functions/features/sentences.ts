/** What a feature or another model input is, and how it is put in words. */
export interface FeatureDefinition {
  /** Formula, value of a flat market, and source. Also published in the API's description. */
  meaning: string;
  /** `column`: a column of the table `features`; `additional`: a key of `features.additional_features`. */
  storage: 'column' | 'additional';
  /**
   * Whether the value is the log of an amount per unit of the price's currency. Values in two currencies cannot be
   * compared, so the view ranks such a feature in US dollars.
   */
  isPerCurrency?: true;
  /** The value as a sentence about the stock, without its full stop. */
  sentence: (value: number) => string;
  /** Present if the feature is ranked within its day: the view then also has the input `<name>_rank`. */
  rank?: RankSentences;
}

/** A sentence in which `{share}` stands for a percentage of stocks. */
type Comparison = `${string}{share} of stocks${string}`;

/** A rank within the day as a sentence without its full stop. Low ranks are low values. */
export interface RankSentences {
  /** For ranks that round to 0%. Of many stocks, several have such a rank. */
  lowest: string;
  low: Comparison;
  /** For ranks that round to 45% to 55%. */
  middle: string;
  high: Comparison;
  /** For ranks that round to 100%. */
  highest: string;
}

/**
 * The sentence of a rank, without its full stop.
 *
 * @param rank - within (0, 1); 1 is the highest value of the day
 * @example rankSentence(FEATURES.illiquidity_20.rank, 0.1); // 'It is easier to trade than 90% of stocks'
 */
export function rankSentence(sentences: RankSentences, rank: number): string {
  const percentage = Math.round(rank * 100);
  if (percentage === 0) return sentences.lowest;
  if (percentage === 100) return sentences.highest;
  // A half rounds up on both sides, but never to 100%.
  if (percentage < 45) {
    return sentences.low.replace('{share}', `${Math.min(99, Math.round((1 - rank) * 100))}%`);
  }
  return percentage > 55 ? sentences.high.replace('{share}', `${percentage}%`) : sentences.middle;
}

/**
 * Sentences that compare returns. They say "did better", because the best stock of a falling market fell too.
 *
 * @param period - such as `Over the last month`
 */
export function comparedReturn(period: string): RankSentences {
  return {
    lowest: `${period} its return was among the lowest of all stocks`,
    low: `${period} it did worse than {share} of stocks`,
    middle: `${period} it did about as well as the typical stock`,
    high: `${period} it did better than {share} of stocks`,
    highest: `${period} its return was among the highest of all stocks`,
  };
}

/** @param subject - a quantity in the singular, such as `Its volume this week` */
export function comparedLevel(subject: string): RankSentences {
  return {
    lowest: `${subject} is among the lowest of all stocks`,
    low: `${subject} is lower than that of {share} of stocks`,
    middle: `${subject} is about that of the typical stock`,
    high: `${subject} is higher than that of {share} of stocks`,
    highest: `${subject} is among the highest of all stocks`,
  };
}

/** @example percent(0.081); // '8.1%' */
export function percent(fraction: number, digits = 1): string {
  return `${(fraction * 100).toFixed(digits)}%`;
}

/** @example signedPercent(0.081); // '+8.1%' */
export function signedPercent(fraction: number, digits = 1): string {
  return `${fraction < 0 ? '' : '+'}${percent(fraction, digits)}`;
}

/** @example moved(-0.081); // 'fell 8.1%' */
export function moved(fraction: number): string {
  const size = percent(Math.abs(fraction));
  if (size === percent(0)) return 'barely moved';
  return `${fraction < 0 ? 'fell' : 'rose'} ${size}`;
}

/** @example sideOf(-0.081, 'its 52-week high'); // '8.1% below its 52-week high' */
export function sideOf(fraction: number, level: string): string {
  const size = percent(Math.abs(fraction));
  if (size === percent(0)) return `at ${level}`;
  return `${size} ${fraction < 0 ? 'below' : 'above'} ${level}`;
}
