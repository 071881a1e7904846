import { defined } from '../defined.ts';

/** The day a number of calendar days earlier, as `YYYY-MM-DD`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The moving average; undefined for values with fewer than `length` values up to and including them.
 *
 * @example
 * movingAverage([1, 2, 3, 4], 2) // [undefined, 1.5, 2.5, 3.5]
 */
export function movingAverage(values: readonly number[], length: number): (number | undefined)[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value;
    if (index >= length) sum -= defined(values[index - length], 'value that leaves the window');
    return index >= length - 1 ? sum / length : undefined;
  });
}
