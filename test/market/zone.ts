/**
 * The instant of a local day and time in a time zone.
 *
 * @example
 * zonedInstant('2026-03-09', '09:30', 'America/New_York'); // 13:30 UTC; three days earlier it is 14:30
 */
export function zonedInstant(day: string, time: string, timeZone: string): number {
  const naive = Date.parse(`${day}T${time}:00Z`);
  // The second guess is right even where a clock change separates the first one from the result.
  const guess = naive - offsetMinutes(naive, timeZone) * 60_000;
  return naive - offsetMinutes(guess, timeZone) * 60_000;
}

/** Minutes east of UTC. */
export function offsetMinutes(instant: number, timeZone: string): number {
  return Math.round((Date.parse(`${localTime(instant, timeZone)}Z`) - instant) / 60_000);
}

const standardOffsets = new Map<string, number>();

/** Minutes east of UTC in winter: the smaller offset of the year, on either hemisphere. */
export function standardOffset(day: string, timeZone: string): number {
  const year = day.slice(0, 4);
  const key = `${timeZone} ${year}`;
  const offsets = () =>
    ['01', '07'].map((month) => offsetMinutes(Date.parse(`${year}-${month}-01`), timeZone));
  const offset = standardOffsets.get(key) ?? Math.min(...offsets());
  standardOffsets.set(key, offset);
  return offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A local date and time, in ISO 8601 without the zone. */
export function localTime(instant: number, timeZone: string): string {
  // The Swedish locale writes ISO 8601 with a space instead of the T.
  const options = { timeZone, dateStyle: 'short', timeStyle: 'medium' } as const;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', options);
  formats.set(timeZone, format);
  return format.format(instant).replace(' ', 'T');
}
