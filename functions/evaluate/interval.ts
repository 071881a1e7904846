import { defined } from '../shared/invariant.ts';

/** A 95 % interval: its lower and upper end. */
export type Interval = [low: number, high: number];

/** Enough to keep the second digit of an interval's ends stable. */
const RESAMPLES = 1000;

/** Fixed, so that the same days give the same interval. */
const SEED = 20_170_401;

/**
 * The 95 % interval of a mean of daily values, by moving-block bootstrap. Each of 1,000 draws has as many days as the
 * series: blocks of consecutive days with replacement, the last block cut to fit. The interval is from the 2.5th to the
 * 97.5th percentile of the draws' means. Blocks are needed because outcomes of neighbouring days share most of their
 * horizon.
 *
 * @param daily - one value per day in order of time; undefined for a day without a value, which keeps its position
 * @param block - days in a block: the horizon
 * @returns undefined if the days with a value span fewer than two blocks
 */
export function meanInterval(
  daily: readonly (number | undefined)[],
  block: number,
  { resamples = RESAMPLES, seed = SEED } = {},
): Interval | undefined {
  const first = daily.findIndex((value) => value !== undefined);
  const last = daily.findLastIndex((value) => value !== undefined);
  if (first < 0 || last - first + 1 < 2 * block) return undefined;
  const means = resampledMeans(daily, block, resamples, randomNumbers(seed));
  means.sort();
  return [percentile(means, 0.025), percentile(means, 0.975)];
}

function resampledMeans(
  daily: readonly (number | undefined)[],
  block: number,
  resamples: number,
  random: () => number,
): Float64Array {
  // With running totals, the sum of any block takes two look-ups.
  const sums = runningTotals(daily.map((value = 0) => value));
  const counts = runningTotals(daily.map((value) => (value === undefined ? 0 : 1)));
  const between = (totals: Float64Array, from: number, to: number) =>
    (totals[to] as number) - (totals[from] as number);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; ) {
    let [sum, count] = [0, 0];
    for (let drawn = 0; drawn < daily.length; drawn += block) {
      const from = Math.floor(random() * (daily.length - block + 1));
      const to = from + Math.min(block, daily.length - drawn);
      sum += between(sums, from, to);
      count += between(counts, from, to);
    }
    // A draw without a value has no mean and is repeated.
    if (count > 0) means[i++] = sum / count;
  }
  return means;
}

/** The totals before the first value, after the first, and so on. */
function runningTotals(values: readonly number[]): Float64Array {
  const totals = new Float64Array(values.length + 1);
  let total = 0;
  for (const [i, value] of values.entries()) {
    total += value;
    totals[i + 1] = total;
  }
  return totals;
}

/** A percentile of sorted values, interpolated between the two nearest. */
export function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = defined(sorted[Math.floor(place)], 'percentile');
  const above = defined(sorted[Math.ceil(place)], 'percentile');
  return below + (above - below) * (place - Math.floor(place));
}

/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
