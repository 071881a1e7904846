/** A 95 % interval: its lower and its upper end. */
export type Interval = [low: number, high: number];

/** Enough for the ends of an interval to be steady in their second digit. */
const RESAMPLES = 1000;

/** Fixed, so that the same days give the same interval. */
const SEED = 20_170_401;

/**
 * The 95 % interval of a mean of daily values, by moving-block bootstrap: as many days as there are, drawn as
 * blocks of consecutive days with replacement, the last block cut to fit; the mean of each of 1,000 such draws;
 * from their 2.5th percentile to their 97.5th. Blocks keep together what belongs together: outcomes of
 * neighbouring days share most of their horizon.
 *
 * @param daily - one value a day in order of time; undefined where the day has none, which keeps its place
 * @param block - days in a block: the horizon
 * @returns undefined where the days with a value span fewer than two blocks, so that there is nothing to compare
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
  // Running totals make the sum of any block two look-ups.
  const sums = new Float64Array(daily.length + 1);
  const counts = new Float64Array(daily.length + 1);
  daily.forEach((value, i) => {
    sums[i + 1] = (sums[i] ?? 0) + (value ?? 0);
    counts[i + 1] = (counts[i] ?? 0) + (value === undefined ? 0 : 1);
  });
  const between = (totals: Float64Array, from: number, to: number) => (totals[to] ?? 0) - (totals[from] ?? 0);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; ) {
    let [sum, count] = [0, 0];
    for (let drawn = 0; drawn < daily.length; drawn += block) {
      const from = Math.floor(random() * (daily.length - block + 1));
      const to = from + Math.min(block, daily.length - drawn);
      sum += between(sums, from, to);
      count += between(counts, from, to);
    }
    // A draw that holds no value has no mean and is drawn again.
    if (count > 0) means[i++] = sum / count;
  }
  return means;
}

/** A share's place among sorted values, interpolated between the two nearest. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
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
