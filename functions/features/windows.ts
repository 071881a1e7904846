/**
 * Statistics of every window of `size` values of a series, each at the index of its last value; NaN where there are
 * fewer values. Each statistic uses its own window alone and no running sum, so that it does not depend on the start of
 * the series. Four windows are summed side by side, because one addition must wait for the one before it.
 */

/** Typed arrays alone: a loop that also meets plain arrays takes several times as long. */
type Values = Float64Array;

/** A value whose index is known to exist. */
export const at = (values: Values, i: number) => values[i] as number;

/** a / b, or the value for a flat market if b is 0. */
export function ratio(a: number, b: number, flat: number): number {
  return b === 0 ? flat : a / b;
}

/**
 * Arithmetic means. Sums differences from the first value, so that equal values have exactly their value as mean.
 *
 * @param from - the first index to compute; NaN before it
 */
export function means(values: Values, size: number, from = 0): Float64Array {
  const n = values.length;
  const begin = Math.min(n, Math.max(from, size - 1));
  const result = new Float64Array(n).fill(Number.NaN, 0, begin);
  let end = begin;
  for (; end + 3 < n; end += 4) {
    const start = end - size + 1;
    const firstA = at(values, start);
    const firstB = at(values, start + 1);
    const firstC = at(values, start + 2);
    const firstD = at(values, start + 3);
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    // Each value is read once, and moves from window to window.
    let b = firstB;
    let c = firstC;
    let d = firstD;
    for (let i = start + 1; i <= end; i++) {
      const a = b;
      b = c;
      c = d;
      d = at(values, i + 3);
      sumA += a - firstA;
      sumB += b - firstB;
      sumC += c - firstC;
      sumD += d - firstD;
    }
    result[end] = firstA + sumA / size;
    result[end + 1] = firstB + sumB / size;
    result[end + 2] = firstC + sumC / size;
    result[end + 3] = firstD + sumD / size;
  }
  for (; end < n; end++) {
    const start = end - size + 1;
    let sum = 0;
    for (let i = start + 1; i <= end; i++) sum += at(values, i) - at(values, start);
    result[end] = at(values, start) + sum / size;
  }
  return result;
}

/** Sample standard deviations (divisor size - 1), from the {@link means} of the same windows. */
export function deviations(values: Values, centres: Values, size: number, from = 0): Float64Array {
  const n = values.length;
  const begin = Math.min(n, Math.max(from, size - 1));
  const result = new Float64Array(n).fill(Number.NaN, 0, begin);
  let end = begin;
  for (; end + 3 < n; end += 4) {
    const start = end - size + 1;
    const centreA = at(centres, end);
    const centreB = at(centres, end + 1);
    const centreC = at(centres, end + 2);
    const centreD = at(centres, end + 3);
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    let b = at(values, start);
    let c = at(values, start + 1);
    let d = at(values, start + 2);
    for (let i = start; i <= end; i++) {
      const a = b;
      b = c;
      c = d;
      d = at(values, i + 3);
      sumA += (a - centreA) * (a - centreA);
      sumB += (b - centreB) * (b - centreB);
      sumC += (c - centreC) * (c - centreC);
      sumD += (d - centreD) * (d - centreD);
    }
    result[end] = Math.sqrt(sumA / (size - 1));
    result[end + 1] = Math.sqrt(sumB / (size - 1));
    result[end + 2] = Math.sqrt(sumC / (size - 1));
    result[end + 3] = Math.sqrt(sumD / (size - 1));
  }
  for (; end < n; end++) {
    let sum = 0;
    for (let i = end - size + 1; i <= end; i++) {
      const distance = at(values, i) - at(centres, end);
      sum += distance * distance;
    }
    result[end] = Math.sqrt(sum / (size - 1));
  }
  return result;
}

/**
 * Means of whole numbers. Their sums are exact in any order, so a running sum gives the same means as
 * {@link means} in one pass.
 */
export function meansOfIntegers(values: Values, size: number): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  let [sum, absent] = [0, 0];
  for (let end = 0; end < values.length; end++) {
    const [enters, leaves] = [at(values, end), end >= size ? at(values, end - size) : 0];
    if (Number.isNaN(enters)) absent++;
    else sum += enters;
    if (Number.isNaN(leaves)) absent--;
    else sum -= leaves;
    if (end < size - 1 || absent > 0) continue;
    const first = at(values, end - size + 1);
    result[end] = first + (sum - size * first) / size;
  }
  return result;
}

/** The largest value of every window, in one pass; NaN if any value of the window is NaN. */
export function highest(values: Values, size: number): Float64Array {
  return extremes(values, size, 1);
}

/** The smallest value of every window, in one pass; NaN if any value of the window is NaN. */
export function lowest(values: Values, size: number): Float64Array {
  return extremes(values, size, -1);
}

/**
 * Keeps the indices that can still become a window's extreme, best first. Each enters and leaves once.
 *
 * @param sign - 1 for the largest value, -1 for the smallest
 */
function extremes(values: Values, size: number, sign: 1 | -1): Float64Array {
  const result = new Float64Array(values.length).fill(Number.NaN);
  const candidates = new Int32Array(values.length);
  let first = 0;
  let end = 0;
  for (let i = 0; i < values.length; i++) {
    const value = sign * at(values, i);
    // NaN takes the place of every candidate, and no number takes its place.
    while (end > first && (value >= sign * at(values, candidates[end - 1] as number) || Number.isNaN(value)))
      end--;
    candidates[end++] = i;
    if ((candidates[first] as number) <= i - size) first++;
    if (i >= size - 1) result[i] = at(values, candidates[first] as number);
  }
  return result;
}
