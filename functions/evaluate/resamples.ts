import { type Interval, percentile, randomNumbers } from './interval.ts';

/** Enough to keep the second digit of an interval's ends stable. */
const RESAMPLES = 1000;

/** Fixed, so that the same days give the same intervals. */
const SEED = 20_170_401;

/** A measure of the whole sample, and of each resample; NaN without a value. */
export interface Sampled {
  value: number;
  draws: Float64Array;
}

/** A measure and its 95 % interval; null without one. */
export interface Measure {
  value: number | null;
  interval: Interval | null;
}

/**
 * Resamples of a series of days by moving-block bootstrap (Kuensch, The jackknife and the bootstrap for general
 * stationary observations, Annals of Statistics 17, 1989). Each has as many days as the series: blocks of consecutive
 * days with replacement, the last block cut to fit. All measures of an evaluation share one set, so differences are
 * paired. Daily values are in order of the days.
 */
export class Resamples {
  readonly #days: number;
  /** How often each resample holds each day. */
  readonly #counts: Uint16Array[];

  /** @param block - days in a block: the horizon. It is limited to half the days, so that resamples differ. */
  constructor(days: number, block: number, { resamples = RESAMPLES, seed = SEED } = {}) {
    this.#days = days;
    const size = Math.max(1, Math.min(block, Math.floor(days / 2)));
    const random = randomNumbers(seed);
    this.#counts = Array.from({ length: resamples }, () => {
      const counts = new Uint16Array(days);
      for (let drawn = 0; drawn < days; drawn += size) {
        const from = Math.floor(random() * (days - size + 1));
        const to = from + Math.min(size, days - drawn);
        for (let day = from; day < to; day++) counts[day] = (counts[day] as number) + 1;
      }
      return counts;
    });
  }

  /** Mean of a daily value. A day without one (NaN) is left out. */
  mean(daily: Float64Array): Sampled {
    const known = daily.map((value) => (Number.isNaN(value) ? 0 : 1));
    return this.ratio(
      daily.map((value) => (Number.isNaN(value) ? 0 : value)),
      known,
    );
  }

  /** Mean of a daily value over its sample standard deviation (divisor n - 1), not annualised. */
  steadiness(daily: Float64Array): Sampled {
    const known = daily.map((value) => (Number.isNaN(value) ? 0 : 1));
    const size = total(known);
    const centre = total(daily.map((value) => (Number.isNaN(value) ? 0 : value))) / size;
    // Centred, so that the variance is not the difference of two large numbers.
    const moved = daily.map((value) => (Number.isNaN(value) ? 0 : value - centre));
    const squares = moved.map((value) => value * value);
    return this.#each((sum) => {
      const count = sum(known);
      const mean = sum(moved) / count;
      const variance = (sum(squares) - count * mean * mean) / (count - 1);
      return variance > 1e-24 ? (mean + centre) / Math.sqrt(variance) : Number.NaN;
    });
  }

  /** Ratio of two daily sums. */
  ratio(numerator: Float64Array, denominator: Float64Array): Sampled {
    return this.#each((sum) => sum(numerator) / sum(denominator));
  }

  /** Sum of the absolute values of several daily sums, over another. */
  absoluteRatio(numerators: readonly Float64Array[], denominator: Float64Array): Sampled {
    return this.#each(
      (sum) => numerators.reduce((whole, daily) => whole + Math.abs(sum(daily)), 0) / sum(denominator),
    );
  }

  #each(compute: (sum: (daily: Float64Array) => number) => number): Sampled {
    const draws = this.#counts.map((counts) =>
      compute((daily) => {
        let sum = 0;
        for (let day = 0; day < this.#days; day++) sum += (counts[day] as number) * (daily[day] as number);
        return sum;
      }),
    );
    return { value: compute(total), draws: Float64Array.from(draws) };
  }
}

/** One sampled measure less another of the same resamples. */
export function lessOther(own: Sampled, other: Sampled): Sampled {
  return {
    value: own.value - other.value,
    draws: own.draws.map((draw, i) => draw - (other.draws[i] as number)),
  };
}

/** The value and its interval, from the 2.5th to the 97.5th percentile of the draws that have a value. */
export function described({ value, draws }: Sampled): Measure {
  const known = draws.filter(Number.isFinite).sort();
  return {
    value: Number.isFinite(value) ? value : null,
    interval: known.length > 0 ? [percentile(known, 0.025), percentile(known, 0.975)] : null,
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
