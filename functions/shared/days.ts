/** Milliseconds of a minute, of an hour, and of a day in UTC. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export function toDay(instant: Date | number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/**
 * The day a number of days after another, or before it if the number is negative.
 *
 * @param day - `YYYY-MM-DD`
 */
export function addDays(day: string, days: number): string {
  return toDay(Date.parse(day) + days * DAY_MS);
}

/** The number of weekdays between two days, both exclusive. Days are midnights UTC in milliseconds since the epoch. */
export function weekdaysBetween(after: number, before: number): number {
  let weekdays = 0;
  for (let day = after + DAY_MS; day < before; day += DAY_MS) {
    if (![0, 6].includes(new Date(day).getUTCDay())) weekdays++;
  }
  return weekdays;
}
