import { type DayTable, dailyReturns, residualReturns, sumAhead } from './factors.ts';
import { longestSpan, type NeutralRule, neutralReturns, tails } from './labels.ts';
import type { Market } from './market.ts';
import type { MeasuredDay } from './measures.ts';
import type { PredictedDay } from './predictions-file.ts';

/** Baselines of one column and a sign: last year's winners without the last month, last month's losers, last week's. */
const BASELINES = {
  momentum_12_1: ['mom_12_1', 1],
  short_term_reversal: ['ret_20d', -1],
  weekly_reversal: ['ret_5d', -1],
} as const;

/** A rule, and whose ranks the exposures are. */
export interface MeasuringRule extends NeutralRule {
  /**
   * Whether every instrument was a member of the universe, so that exposures are ranks among all of them. Otherwise
   * the members are those that were predicted on any day of the month. Members that never were are missing, which moves
   * measures by less than the gate allows.
   */
  everyone: boolean;
}

/** Columns of model_inputs that {@link OutcomeTables} needs. */
export function columnsOfRule({ volatilityFeature, exposures }: NeutralRule): string[] {
  const baselines = Object.values(BASELINES).map(([column]) => column);
  return [...new Set([volatilityFeature, ...exposures.map(unranked), ...baselines])];
}

/** What followed each row of a market, from which the rows of predictions take their outcomes. */
export class OutcomeTables {
  readonly #market: Market;
  readonly #rule: MeasuringRule;
  readonly #residual: Float64Array;
  /** Over the long horizon. Training learns it, so that a row without it is no row of training. */
  readonly #longResidual: Float64Array;
  readonly #short: Float64Array;
  readonly #long: Float64Array;
  readonly #rowOf: Map<string, number>;
  readonly #columnOf = new Map<string, number>();

  constructor(market: Market, rule: MeasuringRule) {
    this.#market = market;
    this.#rule = rule;
    const residuals = residualReturns(dailyReturns(market.closes));
    this.#residual = sumAhead(residuals, rule.shortHorizonDays).values;
    this.#longResidual = sumAhead(residuals, rule.horizonDays).values;
    const span = longestSpan(rule.horizonDays);
    this.#short = forwardReturns(market.closes, rule.shortHorizonDays, span);
    this.#long = forwardReturns(market.closes, rule.horizonDays, span);
    this.#rowOf = new Map(market.days.map((day, i) => [day, i]));
    for (const [i, symbol] of market.symbols.entries()) {
      // A file names symbols alone, so the symbol of two exchanges matches none.
      this.#columnOf.set(symbol, this.#columnOf.has(symbol) ? Number.NaN : i);
    }
  }

  /**
   * The day with its outcomes, or the number of rows of which something is unknown.
   *
   * @param members - symbols of the month, unless everyone is one
   */
  measured(
    { day, symbols, score, probabilities }: PredictedDay,
    members: Iterable<string> = symbols,
  ): MeasuredDay | { unknown: number } {
    const { closes, columns } = this.#market;
    const { volatilityFeature, exposures, tail, horizonDays, shortHorizonDays, everyone } = this.#rule;
    const row = this.#rowOf.get(day) ?? Number.NaN;
    const places = this.#placesOf(row, symbols);
    const take = (table: ArrayLike<number>) => places.map((place) => table[place] ?? Number.NaN);
    const column = (name: string) => take(columns[name] ?? []);
    const [e5, short, long] = [take(this.#residual), take(this.#short), take(this.#long)];
    const volatility = column(volatilityFeature);
    const exposed = exposures.map((name) => column(unranked(name)));
    const start = row * closes.instruments;
    const held = everyone ? undefined : this.#placesOf(row, members);
    const ranks = exposures.map((name, i) => {
      const table = columns[unranked(name)] as Float32Array;
      const all = held
        ? held.map((place) => table[place] ?? Number.NaN)
        : table.subarray(start, start + closes.instruments);
      return placesAmong(all, exposed[i] as number[]);
    });
    const scores = Object.entries(BASELINES).map(
      ([name, [from, sign]]) => [name, column(from).map((value) => sign * value)] as const,
    );
    const needed = [e5, short, long, volatility, ...exposed, ...scores.map(([, values]) => values)];
    const unknown = places.filter((_, i) => needed.some((values) => Number.isNaN(values[i]))).length;
    if (unknown > 0) return { unknown };
    const neutral = (forward: number[], horizon: number) =>
      neutralReturns(forward, volatility, ranks, horizon);
    const n20 = neutral(long, horizonDays);
    return {
      day,
      score,
      probabilities,
      outcomes: { e5, n5: neutral(short, shortHorizonDays), n20, raw20: long },
      labels: tails(n20, tail),
      baselines: Object.fromEntries(scores),
    };
  }

  /** The rows that training would measure, of which every outcome is known; undefined without any. */
  withOutcomes({ day, symbols, score, probabilities }: PredictedDay): PredictedDay | undefined {
    const places = this.#placesOf(this.#rowOf.get(day) ?? Number.NaN, symbols);
    const tables = [
      this.#residual,
      this.#longResidual,
      this.#short,
      this.#long,
      ...columnsOfRule(this.#rule).map((name) => this.#market.columns[name] ?? []),
    ];
    const known = places.flatMap((place, i) =>
      tables.every((table) => !Number.isNaN(table[place] ?? Number.NaN)) ? [i] : [],
    );
    const of = <T>(values: readonly T[]) => known.map((i) => values[i] as T);
    if (known.length === 0) return undefined;
    return { day, symbols: of(symbols), score: of(score), probabilities: of(probabilities) };
  }

  #placesOf(row: number, symbols: Iterable<string>): number[] {
    const { instruments } = this.#market.closes;
    return Array.from(symbols, (symbol) => row * instruments + (this.#columnOf.get(symbol) ?? Number.NaN));
  }
}

/**
 * Return over the next `horizon` bars of the same instrument, which may be more days; NaN if there are fewer, or if they
 * take more than `span` calendar days.
 */
function forwardReturns(
  { days, instruments, values }: DayTable,
  horizon: number,
  span: number,
): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const times = days.map((day) => Date.parse(day));
  for (let column = 0; column < instruments; column++) {
    const bars: number[] = [];
    for (const [end, time] of times.entries()) {
      const close = values[end * instruments + column] as number;
      if (Number.isNaN(close)) continue;
      bars.push(end);
      const start = bars.at(-1 - horizon);
      if (start === undefined || time - (times[start] as number) > span * 86_400_000) continue;
      const place = start * instruments + column;
      result[place] = close / (values[place] as number) - 1;
    }
  }
  return result;
}

/** Ranks among the known of all values, as in the view model_inputs: (rank - 0.5) / n, the lowest of equal values. */
export function placesAmong(all: ArrayLike<number>, values: readonly number[]): number[] {
  const sorted = Float64Array.from(all)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const first = new Map<number, number>();
  for (const [i, value] of sorted.entries()) if (!first.has(value)) first.set(value, i);
  return values.map((value) => Math.fround(((first.get(value) ?? Number.NaN) + 0.5) / sorted.length));
}

export const unranked = (name: string) => name.replace(/_rank$/, '');
