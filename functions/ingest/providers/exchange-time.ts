/**
 * Formats instants as the wall clock of an exchange, `YYYY-MM-DD HH:MM`. The text sorts chronologically, and its first
 * ten characters are the local day. Intl handles daylight saving time.
 *
 * @example
 * exchangeTime('America/New_York')(Date.UTC(2024, 6, 1, 20)); // '2024-07-01 16:00'
 *
 * @param timeZone - an IANA name
 * @throws RangeError if there is no such time zone
 */
export function exchangeTime(timeZone: string): (instant: number) => string {
  // The Swedish locale writes YYYY-MM-DD and hours from 00 to 23.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return (instant) => format.format(instant);
}

/**
 * Formats instants as the local day of an exchange, `YYYY-MM-DD`.
 *
 * @throws RangeError if there is no such time zone
 */
export function exchangeDay(timeZone: string): (instant: number) => string {
  const format = exchangeTime(timeZone);
  return (instant) => format(instant).slice(0, 10);
}
