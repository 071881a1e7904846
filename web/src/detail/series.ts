/** The day that is so many days before another, `YYYY-MM-DD`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The mean of the last closes, for each bar that has so many behind it.
 *
 * @example
 * movingAverage([1, 2, 3, 4], 2) // [undefined, 1.5, 2.5, 3.5]
 */
export function movingAverage(values: readonly number[], length: number): (number | undefined)[] {
  let sum = 0;
  return values.map((value, at) => {
    sum += value - (at >= length ? (values[at - length] ?? 0) : 0);
    return at >= length - 1 ? sum / length : undefined;
  });
}
