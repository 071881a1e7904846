/**
 * Statistics of the `size` values that end at index `end`, NaN where there are fewer. Each is computed from
 * its own window alone, never carried from the last one, so that a value does not depend on where the series
 * began.
 */

type Values = ArrayLike<number>;

/** Arithmetic mean. Taken from the first value on, so that values that are all equal have exactly it as their mean. */
export function mean(values: Values, end: number, size: number): number {
  if (end < size - 1) return Number.NaN;
  const first = values[end - size + 1] ?? Number.NaN;
  let sum = 0;
  for (let i = end - size + 2; i <= end; i++) sum += (values[i] ?? Number.NaN) - first;
  return first + sum / size;
}

/** Sample standard deviation (divisor size - 1), in two passes. */
export function deviation(values: Values, end: number, size: number): number {
  const centre = mean(values, end, size);
  if (Number.isNaN(centre)) return Number.NaN;
  let sum = 0;
  for (let i = end - size + 1; i <= end; i++) sum += ((values[i] ?? Number.NaN) - centre) ** 2;
  return Math.sqrt(sum / (size - 1));
}

/** The largest value; NaN if one of them is. */
export function largest(values: Values, end: number, size: number): number {
  if (end < size - 1) return Number.NaN;
  let result = Number.NEGATIVE_INFINITY;
  for (let i = end - size + 1; i <= end; i++) result = Math.max(result, values[i] ?? Number.NaN);
  return result;
}

/** The largest value of every window of a series, in one pass; NaN if one of the window is. */
export function highest(values: Values, size: number): Float64Array {
  return extreme(values, size, (a, b) => a >= b || Number.isNaN(a));
}

/** The smallest value of every window of a series, in one pass; NaN if one of the window is. */
export function lowest(values: Values, size: number): Float64Array {
  return extreme(values, size, (a, b) => a <= b || Number.isNaN(a));
}

/** Keeps the indices that can still become a window's extreme, best first: each enters and leaves once. */
function extreme(values: Values, size: number, beats: (a: number, b: number) => boolean): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const candidates: number[] = [];
  let head = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    while (candidates.length > head && beats(value, values[candidates.at(-1) ?? 0] ?? Number.NaN))
      candidates.pop();
    candidates.push(i);
    if ((candidates[head] ?? 0) <= i - size) head++;
    if (i >= size - 1) result[i] = values[candidates[head] ?? 0] ?? Number.NaN;
  }
  return result;
}
