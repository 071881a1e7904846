import { at, ratio } from './windows.ts';

/**
 * Wilder's and exponential averages, which depend on every value since the start of the series, and the indicators made
 * of them. Each starts with the plain mean of its first `period` values and is NaN before it.
 */

/** Starts with the mean of the `period` values from `from` on, then moves by a share of each distance. */
function smoothed(values: Float64Array, from: number, period: number, share: number): Float64Array {
  const n = values.length;
  const result = new Float64Array(n).fill(Number.NaN);
  const first = from + period - 1;
  if (first >= n) return result;
  let sum = 0;
  for (let i = from; i <= first; i++) sum += at(values, i);
  let average = sum / period;
  result[first] = average;
  for (let i = first + 1; i < n; i++) {
    average = (at(values, i) - average) * share + average;
    result[i] = average;
  }
  return result;
}

/** Wilder's average of the values from index `from` on (Wilder 1978). */
export function wilderAverage(values: Float64Array, from: number, period: number): Float64Array {
  return smoothed(values, from, period, 1 / period);
}

/** The exponential average of the values from index `from` on. */
export function exponentialAverage(values: Float64Array, from: number, period: number): Float64Array {
  return smoothed(values, from, period, 2 / (period + 1));
}

/** Average true range. The first bar has no true range, because it has no close before it. */
export function averageTrueRange(
  h: Float64Array,
  l: Float64Array,
  c: Float64Array,
  period: number,
): Float64Array {
  const ranges = new Float64Array(c.length);
  for (let i = 1; i < c.length; i++) {
    const before = at(c, i - 1);
    ranges[i] = Math.max(at(h, i) - at(l, i), Math.abs(at(h, i) - before), Math.abs(at(l, i) - before));
  }
  return wilderAverage(ranges, 1, period);
}

/** Relative strength index, 0 to 100, rounded to hundredths; 100 if no close fell. */
export function relativeStrengthIndex(c: Float64Array, period: number): Float64Array {
  const n = c.length;
  const result = new Float64Array(n).fill(Number.NaN);
  let [gains, losses] = [0, 0];
  for (let i = 1; i < n; i++) {
    const change = at(c, i) - at(c, i - 1);
    const gain = change > 0 ? change : 0;
    const loss = change < 0 ? -change : 0;
    if (i < period) {
      gains += gain;
      losses += loss;
      continue;
    }
    if (i === period) {
      gains = (gains + gain) / period;
      losses = (losses + loss) / period;
    } else {
      gains = (gains * (period - 1) + gain) / period;
      losses = (losses * (period - 1) + loss) / period;
    }
    if (losses === 0) result[i] = 100;
    else result[i] = gains === 0 ? 0 : toHundredths(100 - 100 / (1 + gains / losses));
  }
  return result;
}

/** Rounds to hundredths as toFixed does, which decides ties by the exact binary value. */
function toHundredths(value: number): number {
  const scaled = value * 100;
  const whole = Math.round(scaled);
  // toFixed is slow. It is needed only where the product's own rounding could decide a tie.
  return Math.abs(scaled - whole) < 0.499999 ? whole / 100 : Number(value.toFixed(2));
}

/** Moving average convergence/divergence less its signal (Appel 1979). */
export function macdHistogram(
  c: Float64Array,
  { fast, slow, signal }: { fast: number; slow: number; signal: number },
): Float64Array {
  const fastAverage = exponentialAverage(c, 0, fast);
  const difference = exponentialAverage(c, 0, slow);
  for (let i = slow - 1; i < c.length; i++) difference[i] = at(fastAverage, i) - at(difference, i);
  const average = exponentialAverage(difference, slow - 1, signal);
  for (let i = 0; i < c.length; i++) average[i] = at(difference, i) - at(average, i);
  return average;
}

/**
 * Wilder's average directional index, 0 to 100; 0 if no price moved. The true range by which it divides both movements
 * cancels out.
 */
export function averageDirectionalIndex(h: Float64Array, l: Float64Array, period: number): Float64Array {
  const n = h.length;
  const rises = new Float64Array(n);
  const falls = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    const up = at(h, i) - at(h, i - 1);
    const down = at(l, i - 1) - at(l, i);
    if (up > down && up > 0) rises[i] = up;
    else if (down > up && down > 0) falls[i] = down;
  }
  const plus = wilderAverage(rises, 1, period);
  const minus = wilderAverage(falls, 1, period);
  for (let i = period; i < n; i++) {
    const [rise, fall] = [at(plus, i), at(minus, i)];
    plus[i] = 100 * ratio(Math.abs(rise - fall), rise + fall, 0);
  }
  return wilderAverage(plus, period, period);
}
