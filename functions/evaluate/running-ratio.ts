import type { Interval } from './interval.ts';

/** The 97.5th percentile of the normal distribution. */
const NORMAL_97_5 = 1.959964;

/** A ratio of sums up to a day, and its 95% interval; null before two blocks of days with a denominator. */
export interface RunningRatio {
  /** NaN while the denominator is 0. */
  value: number;
  interval: Interval | null;
}

/**
 * The ratio of two daily sums over all days up to each day, with an interval that comes close to that of `Resamples`
 * without resampling each day: the moving-block bootstrap in closed form. With the sums S of the numerator and N of the
 * denominator in each block of consecutive days so far, the resampled ratio has the centre R = sum(S) / sum(N). If b
 * blocks fit into the days, its variance is mean((S - R N)^2) / (b mean(N)^2), by the delta method.
 *
 * @param block - days in a block: the horizon
 */
export function runningRatio(
  numerator: Float64Array,
  denominator: Float64Array,
  block: number,
): RunningRatio[] {
  let [s, n, known] = [0, 0, 0];
  let [blockS, blockN] = [0, 0];
  // Sums over all blocks so far, and how many there are.
  let [sumS, sumN, sumSS, sumSN, sumNN, blocks] = [0, 0, 0, 0, 0, 0];
  return Array.from(numerator, (value, day) => {
    const size = denominator[day] as number;
    s += value;
    n += size;
    if (size > 0) known++;
    const left = day - block;
    blockS += value - (left >= 0 ? (numerator[left] as number) : 0);
    blockN += size - (left >= 0 ? (denominator[left] as number) : 0);
    if (day + 1 >= block) {
      sumS += blockS;
      sumN += blockN;
      sumSS += blockS * blockS;
      sumSN += blockS * blockN;
      sumNN += blockN * blockN;
      blocks++;
    }
    const ratio = s / n;
    if (known < 2 * block) return { value: ratio, interval: null };
    const centre = sumS / sumN;
    const square = (sumSS - 2 * centre * sumSN + centre * centre * sumNN) / blocks;
    const variance = Math.max(0, square) / ((day + 1) / block);
    const margin = (NORMAL_97_5 * Math.sqrt(variance)) / (sumN / blocks);
    return { value: ratio, interval: [centre - margin, centre + margin] };
  });
}
