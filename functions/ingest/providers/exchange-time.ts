/**
 * Formats instants as the wall clock of an exchange shows them, `YYYY-MM-DD HH:MM`: text that sorts as time
 * does, and whose first ten letters are the day there. Daylight saving is the platform's business.
 *
 * @example
 * exchangeTime('America/New_York')(Date.UTC(2024, 6, 1, 20)); // '2024-07-01 16:00'
 *
 * @param timeZone - an IANA name
 * @throws RangeError if there is no such time zone
 */
export function exchangeTime(timeZone: string): (instant: number) => string {
  // Swedish dates are written YYYY-MM-DD, its hours from 00 to 23.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (instant) => format.format(instant);
}

/**
 * Formats instants as the day that they are on at an exchange, `YYYY-MM-DD`.
 *
 * @throws RangeError if there is no such time zone
 */
export function exchangeDay(timeZone: string): (instant: number) => string {
  const format = exchangeTime(timeZone);
  return (instant) => format(instant).slice(0, 10);
}
