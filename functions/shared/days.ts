/** Milliseconds of a day in UTC. */
export const DAY_MS = 86_400_000;

/** The day of an instant in UTC, `YYYY-MM-DD`. */
export function toDay(instant: Date | number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/**
 * The day so many days after another, before it if they are negative.
 *
 * @param day - `YYYY-MM-DD`
 */
export function addDays(day: string, days: number): string {
  return toDay(Date.parse(day) + days * DAY_MS);
}
