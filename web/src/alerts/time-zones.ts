/** The time zone of the reader's browser, such as `Europe/Brussels`. */
export const browserTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * The time zones that the browser knows, in alphabetical order, with UTC and the chosen one, which an older name or
 * another browser may have set.
 */
export function listTimeZones(chosen: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen])].sort();
}

/** A time zone as people write it: `America/New York`. */
export const nameOfTimeZone = (zone: string): string => zone.replaceAll('_', ' ');

/**
 * The time of day in a zone, in the reader's locale; empty for a zone that the browser does not know.
 *
 * @param at - milliseconds since 1970
 */
export function timeIn(zone: string, at: number): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeStyle: 'short', timeZone: zone }).format(at);
  } catch {
    return '';
  }
}
