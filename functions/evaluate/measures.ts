import { LABELS, type Label } from '../shared/constants.ts';
import { averageRanks, mean, pearson } from './correlation.ts';
import { described, lessOther, type Measure, Resamples, type Sampled } from './resamples.ts';

/** The outcomes against which a score is measured; see {@link Outcomes}. The gate decides by the first. */
export const OUTCOMES = ['e5', 'n5', 'n20', 'raw20'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Shares of a day's best whose return is measured. */
const TOP_SHARES = [0.02, 0.05, 0.1] as const;

/** Cost of buying and selling once, in basis points of the amount: half the spread and some slippage, twice. */
export const COST_BPS = 20;

/** Fewest rows of a measured day, because a ranking of fewer is meaningless. */
const LEAST_A_DAY = 5;

/** Equal-width bins of confidence, from 0 to 1. */
const ECE_BINS = 15;

/** Lower bound of a probability, and of its distance to 1, before its logarithm is taken. */
const PROBABILITY_FLOOR = 1e-12;

/** Chance of up without any knowledge: BUY and SELL have equal shares. */
const RANDOM = 0.5;

const [SELL, HOLD, BUY] = [0, 1, 2] as const;

/** The outcomes of a day's rows, one value per row. */
export interface Outcomes extends Record<Outcome, readonly number[]> {
  /** Return beyond factors over 5 days. */
  e5: readonly number[];
  /** Return over 5 and 20 bars, neutral to the exposures of the labels, in units of volatility. */
  n5: readonly number[];
  n20: readonly number[];
  /** Return over 20 bars, as a fraction. */
  raw20: readonly number[];
}

/** The predictions and outcomes of a day, one value per row. */
export interface MeasuredDay {
  /** `YYYY-MM-DD`. */
  day: string;
  score: readonly number[];
  /** Of SELL, HOLD and BUY. */
  probabilities: readonly (readonly [number, number, number])[];
  outcomes: Outcomes;
  /** Indices into LABELS. */
  labels: readonly number[];
  /** Scores of baselines, by name; every day has the same ones. */
  baselines: Readonly<Record<string, readonly number[]>>;
}

/** A baseline's measure, and the model's measure less the baseline's. */
export interface ComparedMeasure extends Measure {
  difference: Measure;
}

/** Precision, recall and F1 as means over the labels, and rates by label; null for a label without any call. */
export interface LabelMeasures {
  precision: number;
  recall: number;
  f1_score: number;
  hit_rate: Record<Label, number | null>;
  base_rate: Record<Label, number>;
  /** Above 1 is better than chance. */
  hit_rate_over_base_rate: Record<Label, number | null>;
}

/**
 * Measures of a release, named and computed as in the `metrics` of its manifest. Daily correlations and excesses are
 * averaged over days.
 *
 * - `<outcome>_rank_ic`: Spearman's correlation of score and outcome within a day. `<outcome>_rank_icir`: its mean over
 *   its sample standard deviation.
 * - `top_2_excess`, 5 and 10: return over 20 bars of the day's best percents less that of all rows.
 *   `…_after_costs`: less {@link COST_BPS}.
 * - `direction_auc`: share of the pairs of a BUY and a SELL of one day whose BUY has the higher score (Mann and Whitney
 *   1947), half of ties. `direction_brier_skill`: 1 less the squared error of the chance of up, given a large move, over
 *   that of one half.
 * - `log_loss`, and its gain over the shares of the labels in two parts that add up to the whole: `log_loss_gain_move`
 *   (a large move or none) and `log_loss_gain_direction` (up or down).
 * - `ece`: as in `ProbabilityMeasures`. `accuracy`: share of rows whose likeliest label came true.
 */
export interface ReleaseMeasures extends LabelMeasures {
  [name: string]: unknown;
  baselines: Record<string, Record<string, ComparedMeasure>>;
  log_loss_of_shares: number;
  cost_bps: number;
  rows: number;
  days: number;
  rows_per_day: number;
}

/** Daily values of a score. */
class DailyScore {
  readonly rankIc: Record<Outcome, number[]> = { e5: [], n5: [], n20: [], raw20: [] };
  readonly top = TOP_SHARES.map(() => [] as number[]);
  readonly pairs: number[] = [];
  readonly concordant: number[] = [];

  addDay(
    score: readonly number[],
    outcomes: Record<Outcome, number[]>,
    { outcomes: raw, labels }: MeasuredDay,
  ): void {
    const measured = score.length >= LEAST_A_DAY;
    const ranks = averageRanks(score);
    for (const name of OUTCOMES)
      this.rankIc[name].push(measured ? pearson(ranks, outcomes[name]) : Number.NaN);
    // Of equal scores, the earlier row is better.
    const best = score.map((_, i) => i).sort((i, j) => at(score, j) - at(score, i));
    const average = mean(raw.raw20);
    for (const [i, share] of TOP_SHARES.entries()) {
      const chosen = best.slice(0, Math.max(1, Math.ceil(share * score.length)));
      const excess = mean(chosen.map((row) => at(raw.raw20, row))) - average;
      this.top[i]?.push(measured ? excess : Number.NaN);
    }
    const large = labels.flatMap((label, i) => (label === HOLD ? [] : [i]));
    const places = averageRanks(large.map((i) => at(score, i)));
    const rose = large.map((i) => at(labels, i) === BUY);
    const ups = rose.filter(Boolean).length;
    const sum = places.reduce((whole, rank, i) => whole + (rose[i] ? rank : 0), 0);
    this.pairs.push(ups * (large.length - ups));
    this.concordant.push(sum - (ups * (ups + 1)) / 2);
  }

  measures(resamples: Resamples): Record<string, Sampled> {
    const measures: Record<string, Sampled> = {};
    for (const name of OUTCOMES) {
      measures[`${name}_rank_ic`] = resamples.mean(Float64Array.from(this.rankIc[name]));
      measures[`${name}_rank_icir`] = resamples.steadiness(Float64Array.from(this.rankIc[name]));
    }
    for (const [i, share] of TOP_SHARES.entries()) {
      const name = `top_${Math.round(share * 100)}_excess`;
      const daily = Float64Array.from(this.top[i] ?? []);
      measures[name] = resamples.mean(daily);
      measures[`${name}_after_costs`] = resamples.mean(daily.map((value) => value - COST_BPS / 10_000));
    }
    measures.direction_auc = resamples.ratio(
      Float64Array.from(this.concordant),
      Float64Array.from(this.pairs),
    );
    return measures;
  }
}

/** Daily sums of the measures of probabilities. */
class DailyProbabilities {
  readonly rows: number[] = [];
  readonly hits: number[] = [];
  readonly loss: number[] = [];
  readonly large: number[] = [];
  readonly gaps = Array.from({ length: ECE_BINS }, () => [] as number[]);
  /** Log-probabilities of a large move or none, and of the direction over one half, as they came true. */
  readonly move: number[] = [];
  readonly direction: number[] = [];
  readonly brier: number[] = [];
  /** Rows by label and likeliest label. */
  readonly table = LABELS.map(() => LABELS.map(() => 0));

  addDay({ probabilities, labels }: MeasuredDay): void {
    let [hits, loss, large, move, direction, brier] = [0, 0, 0, 0, 0, 0];
    const gaps = new Float64Array(ECE_BINS);
    for (const [i, chances] of probabilities.entries()) {
      const label = at(labels, i) as 0 | 1 | 2;
      const confidence = Math.max(...chances);
      const called = chances.indexOf(confidence);
      const hit = called === label ? 1 : 0;
      const bin = Math.min(Math.floor(confidence * ECE_BINS), ECE_BINS - 1);
      gaps[bin] = at(gaps, bin) + hit - confidence;
      hits += hit;
      loss -= Math.log(Math.max(chances[label], PROBABILITY_FLOOR));
      const chance = bounded(1 - chances[HOLD]);
      const row = this.table[label] as number[];
      row[called] = at(row, called) + 1;
      if (label === HOLD) {
        move += Math.log(1 - chance);
        continue;
      }
      const either = chances[SELL] + chances[BUY];
      const up = either > 0 ? chances[BUY] / either : RANDOM;
      large++;
      move += Math.log(chance);
      direction += Math.log(bounded(label === BUY ? up : 1 - up) / RANDOM);
      brier += (up - (label === BUY ? 1 : 0)) ** 2;
    }
    this.rows.push(labels.length);
    this.hits.push(hits);
    this.loss.push(loss);
    this.large.push(large);
    this.move.push(move);
    this.direction.push(direction);
    this.brier.push(brier);
    for (const [bin, gap] of gaps.entries()) this.gaps[bin]?.push(gap);
  }

  measures(resamples: Resamples): Record<string, Sampled> {
    const [rows, large] = [Float64Array.from(this.rows), Float64Array.from(this.large)];
    const share = sum(large) / sum(rows);
    const expected = large.map((count, day) => {
      const others = at(rows, day) - count;
      return (count > 0 ? count * Math.log(share) : 0) + (others > 0 ? others * Math.log(1 - share) : 0);
    });
    const gain = Float64Array.from(this.move, (value, day) => value - at(expected, day));
    const error = resamples.ratio(
      Float64Array.from(this.brier),
      large.map((count) => count * (1 - RANDOM) ** 2),
    );
    return {
      direction_brier_skill: { value: 1 - error.value, draws: error.draws.map((draw) => 1 - draw) },
      log_loss: resamples.ratio(Float64Array.from(this.loss), rows),
      log_loss_gain_move: resamples.ratio(gain, rows),
      log_loss_gain_direction: resamples.ratio(Float64Array.from(this.direction), rows),
      ece: resamples.absoluteRatio(
        this.gaps.map((daily) => Float64Array.from(daily)),
        rows,
      ),
      accuracy: resamples.ratio(Float64Array.from(this.hits), rows),
    };
  }

  labels(): LabelMeasures {
    const truths = this.table.map(sum);
    const calls = LABELS.map((_, called) => sum(this.table.map((row) => at(row, called))));
    const hits = this.table.map((row, label) => at(row, label));
    const rows = sum(truths);
    const average = (share: (label: number) => number) => mean(LABELS.map((_, label) => share(label)));
    return {
      precision: average((i) => at(hits, i) / Math.max(at(calls, i), 1)),
      recall: average((i) => at(hits, i) / Math.max(at(truths, i), 1)),
      f1_score: average((i) => (2 * at(hits, i)) / Math.max(at(calls, i) + at(truths, i), 1)),
      hit_rate: byLabel((i) => (at(calls, i) > 0 ? at(hits, i) / at(calls, i) : null)),
      base_rate: byLabel((i) => at(truths, i) / rows),
      hit_rate_over_base_rate: byLabel((i) =>
        at(calls, i) > 0 && at(truths, i) > 0 ? (at(hits, i) / at(calls, i)) * (rows / at(truths, i)) : null,
      ),
    };
  }
}

/** Measures predictions day by day, and keeps only a few numbers of each day. */
export class Measurement {
  readonly #model = new DailyScore();
  readonly #baselines = new Map<string, DailyScore>();
  readonly #probabilities = new DailyProbabilities();

  /** Adds all rows of a day, in order of time. */
  addDay(day: MeasuredDay): void {
    const outcomes = Object.fromEntries(OUTCOMES.map((name) => [name, averageRanks(day.outcomes[name])]));
    this.#model.addDay(day.score, outcomes as Record<Outcome, number[]>, day);
    for (const [name, score] of Object.entries(day.baselines)) {
      const daily = this.#baselines.get(name) ?? new DailyScore();
      this.#baselines.set(name, daily);
      daily.addDay(score, outcomes as Record<Outcome, number[]>, day);
    }
    this.#probabilities.addDay(day);
  }

  /**
   * The measures of all added days, of which there must be one.
   *
   * @param block - days in a block of the bootstrap: the horizon
   */
  result(block: number): ReleaseMeasures {
    const { rows } = this.#probabilities;
    const resamples = new Resamples(rows.length, block);
    const model = this.#model.measures(resamples);
    const labels = this.#probabilities.labels();
    const baselines = [...this.#baselines].map(([name, daily]) => [
      name,
      mapped(daily.measures(resamples), (measure, key) => ({
        ...described(measure),
        difference: described(lessOther(model[key] as Sampled, measure)),
      })),
    ]);
    const shares = Object.values(labels.base_rate);
    return {
      ...mapped({ ...model, ...this.#probabilities.measures(resamples) }, described),
      baselines: Object.fromEntries(baselines),
      ...labels,
      log_loss_of_shares: -sum(shares.map((share) => (share > 0 ? share * Math.log(share) : 0))),
      cost_bps: COST_BPS,
      rows: sum(rows),
      days: rows.length,
      rows_per_day: mean(rows),
    };
  }
}

/**
 * The rank IC of one score less another's, with its interval.
 *
 * @param days - two scores and an outcome of the same rows, in order of time
 * @param block - days in a block of the bootstrap: the horizon
 */
export function pairedDifference(
  days: readonly { own: readonly number[]; other: readonly number[]; outcome: readonly number[] }[],
  block: number,
): Measure {
  const resamples = new Resamples(days.length, block);
  const ic = (which: 'own' | 'other') =>
    resamples.mean(
      Float64Array.from(days, (day) =>
        day.outcome.length >= LEAST_A_DAY
          ? pearson(averageRanks(day[which]), averageRanks(day.outcome))
          : Number.NaN,
      ),
    );
  return described(lessOther(ic('own'), ic('other')));
}

/** A value within the bounds of its array. */
const at = (values: ArrayLike<number>, i: number) => values[i] as number;

const bounded = (chance: number) => Math.min(Math.max(chance, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);

function sum(values: Iterable<number>): number {
  let whole = 0;
  for (const value of values) whole += value;
  return whole;
}

function mapped<T, U>(values: Record<string, T>, map: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}

function byLabel<T>(of: (index: number) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label, i) => [label, of(i)])) as Record<Label, T>;
}
