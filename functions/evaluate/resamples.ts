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
  readonly #resamples: number;
  /** First day of each block, and the day after its last one; all blocks of a resample follow each other. */
  readonly #from: Uint32Array;
  readonly #to: Uint32Array;

  /** @param block - days in a block: the horizon. It is limited to half the days, so that resamples differ. */
  constructor(days: number, block: number, { resamples = RESAMPLES, seed = SEED } = {}) {
    this.#days = days;
    this.#resamples = resamples;
    const size = Math.max(1, Math.min(block, Math.floor(days / 2)));
    const blocks = Math.ceil(days / size);
    const random = randomNumbers(seed);
    this.#from = Uint32Array.from({ length: resamples * blocks }, () =>
      Math.floor(random() * (days - size + 1)),
    );
    this.#to = this.#from.map((from, i) => from + Math.min(size, days - (i % blocks) * size));
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
    return combined(
      (count, sum, square) => {
        const mean = sum / count;
        const variance = (square - count * mean * mean) / (count - 1);
        return variance > 1e-24 ? (mean + centre) / Math.sqrt(variance) : Number.NaN;
      },
      this.sum(known),
      this.sum(moved),
      this.sum(squares),
    );
  }

  /** Ratio of two daily sums. */
  ratio(numerator: Float64Array, denominator: Float64Array): Sampled {
    return quotient(this.sum(numerator), this.sum(denominator));
  }

  /** Sum of the absolute values of several daily sums, over another. */
  absoluteRatio(numerators: readonly Float64Array[], denominator: Float64Array): Sampled {
    const sizes = numerators.map((daily) => combined(Math.abs, this.sum(daily)));
    const whole = sizes.reduce((sum, size) => combined((a, b) => a + b, sum, size));
    return quotient(whole, this.sum(denominator));
  }

  /** Sum of a daily value. */
  sum(daily: Float64Array): Sampled {
    const sums = runningSums(daily);
    return {
      value: total(daily),
      draws: new Float64Array(this.#resamples).map((_, draw) => this.#sum(sums, draw)),
    };
  }

  /**
   * Median of the values 1, 2, ….
   *
   * @param histogram - how often each of them occurred, by day
   */
  median(histogram: readonly Float64Array[]): Sampled {
    let upTo = new Float64Array(this.#days);
    const sums = histogram.map((daily) => {
      upTo = upTo.map((count, day) => count + (daily[day] as number));
      return runningSums(upTo);
    });
    return {
      value: middle(sums.length, (i) => (sums[i] as Float64Array)[this.#days] as number),
      draws: new Float64Array(this.#resamples).map((_, draw) =>
        middle(sums.length, (i) => this.#sum(sums[i] as Float64Array, draw)),
      ),
    };
  }

  /** The sum of a resample, from differences of running sums: a block costs as much as a day. */
  #sum(running: Float64Array, draw: number): number {
    const [from, to, blocks] = [this.#from, this.#to, this.#from.length / this.#resamples];
    let sum = 0;
    for (let i = draw * blocks; i < (draw + 1) * blocks; i++)
      sum += (running[to[i] as number] as number) - (running[from[i] as number] as number);
    return sum;
  }
}

/** The sums of all days before each day, and that of all days. */
function runningSums(daily: Float64Array): Float64Array {
  const sums = new Float64Array(daily.length + 1);
  for (let day = 0; day < daily.length; day++) sums[day + 1] = (sums[day] as number) + (daily[day] as number);
  return sums;
}

/**
 * Median of the values from 1 to `values`; NaN without any.
 *
 * @param upTo - how many are at most index + 1
 */
function middle(values: number, upTo: (index: number) => number): number {
  const half = values > 0 ? upTo(values - 1) / 2 : 0;
  if (half === 0) return Number.NaN;
  let [low, high] = [0, values - 1];
  while (low < high) {
    const between = Math.floor((low + high) / 2);
    if (upTo(between) >= half) high = between;
    else low = between + 1;
  }
  // Of an even number, the median lies between the two in the middle.
  let next = low;
  while (upTo(next) <= half) next++;
  return (low + next) / 2 + 1;
}

/** A function of up to three measures of the same resamples. */
export function combined(
  compute: (a: number, b: number, c: number) => number,
  a: Sampled,
  b: Sampled = a,
  c: Sampled = a,
): Sampled {
  return {
    value: compute(a.value, b.value, c.value),
    draws: a.draws.map((draw, i) => compute(draw, b.draws[i] as number, c.draws[i] as number)),
  };
}

/** One sampled measure over another of the same resamples. */
export function quotient(numerator: Sampled, denominator: Sampled): Sampled {
  return combined((whole, size) => whole / size, numerator, denominator);
}

/** One sampled measure less another of the same resamples. */
export function lessOther(own: Sampled, other: Sampled): Sampled {
  return combined((value, subtracted) => value - subtracted, own, other);
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
