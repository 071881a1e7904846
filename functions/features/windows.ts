/**
 * Statistics of the `size` values that end at index `end`, an index of the series; NaN if there are fewer values. Each
 * statistic uses its own window alone and no running sum, so that it does not depend on the start of the series.
 */

/** Typed arrays alone: a loop that also meets plain arrays takes several times as long. */
type Values = Float64Array;

/** A value whose index is known to exist. */
export const at = (values: Values, i: number) => values[i] as number;

/** Arithmetic mean. Sums differences from the first value, so that equal values have exactly their value as mean. */
export function mean(values: Values, end: number, size: number): number {
  if (end < size - 1) return Number.NaN;
  const first = at(values, end - size + 1);
  let sum = 0;
  for (let i = end - size + 2; i <= end; i++) sum += at(values, i) - first;
  return first + sum / size;
}

/** Sample standard deviation (divisor size - 1), in two passes. */
export function deviation(values: Values, end: number, size: number): number {
  const centre = mean(values, end, size);
  if (Number.isNaN(centre)) return Number.NaN;
  let sum = 0;
  for (let i = end - size + 1; i <= end; i++) sum += (at(values, i) - centre) ** 2;
  return Math.sqrt(sum / (size - 1));
}

/** The largest value; NaN if any value is NaN. */
export function largest(values: Values, end: number, size: number): number {
  if (end < size - 1) return Number.NaN;
  let result = Number.NEGATIVE_INFINITY;
  for (let i = end - size + 1; i <= end; i++) result = Math.max(result, at(values, i));
  return result;
}

/** The largest value of every window of a series, in one pass; NaN if any value of the window is NaN. */
export function highest(values: Values, size: number): Float64Array {
  return extreme(values, size, (a, b) => a >= b || Number.isNaN(a));
}

/** The smallest value of every window of a series, in one pass; NaN if any value of the window is NaN. */
export function lowest(values: Values, size: number): Float64Array {
  return extreme(values, size, (a, b) => a <= b || Number.isNaN(a));
}

/** Keeps the indices that can still become a window's extreme, best first. Each enters and leaves once. */
function extreme(values: Values, size: number, beats: (a: number, b: number) => boolean): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const candidates = new Int32Array(values.length);
  const candidate = (i: number) => candidates[i] as number;
  let [first, end] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = at(values, i);
    while (end > first && beats(value, at(values, candidate(end - 1)))) end--;
    candidates[end++] = i;
    if (candidate(first) <= i - size) first++;
    if (i >= size - 1) result[i] = at(values, candidate(first));
  }
  return result;
}
