import type { RawBar } from '../raw.ts';

/** The returns around a bar that its ordinary move is measured on, at most and at least. */
const MOST_RETURNS = 60;
const LEAST_RETURNS = 10;

/** From the median of absolute values to the standard deviation of a normal distribution. */
const MEDIAN_TO_SIGMA = 1.4826;

/** The log of the move from one close to the next. */
export function stepAt(bars: readonly RawBar[], i: number): number {
  const [before, after] = [bars[i - 1], bars[i]];
  return before && after ? Math.log(after[4] / before[4]) : 0;
}

/**
 * The size of an ordinary daily move around a bar, as a standard deviation of log returns. A median, so that no single
 * step counts. It is 0 where there are too few bars to measure it.
 */
export function ordinaryMove(bars: readonly RawBar[], i: number): number {
  const moves: number[] = [];
  const end = Math.min(bars.length, i + MOST_RETURNS / 2);
  for (let j = Math.max(1, i - MOST_RETURNS / 2); j < end; j++)
    if (j !== i) moves.push(Math.abs(stepAt(bars, j)));
  return moves.length < LEAST_RETURNS ? 0 : MEDIAN_TO_SIGMA * median(moves);
}

/** The median of some values; NaN if there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
