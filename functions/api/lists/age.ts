import { MAX_DATA_AGE_DAYS } from '../../shared/constants.ts';

const DAY = 24 * 60 * 60 * 1000;

let lastDay = { start: Number.NaN, text: '' };

/** The UTC day of an instant, `YYYY-MM-DD`. */
export function dayOf(instant: Date): string {
  const start = startOfDay(instant);
  // Most entries of a list share one day, and formatting it takes longer than the rest of an entry.
  if (lastDay.start !== start) lastDay = { start, text: instant.toISOString().slice(0, 10) };
  return lastDay.text;
}

/** Calendar days (UTC) from an instant to a later one. From yesterday evening to this morning is 1. */
export function ageInDays(instant: Date, at: Date): number {
  return (startOfDay(at) - startOfDay(instant)) / DAY;
}

/** The start of the UTC day that is a number of days before an instant. */
export function daysBefore(at: Date, days: number): Date {
  return new Date(startOfDay(at) - days * DAY);
}

/** The oldest day whose recommendations are still shown. */
export function oldestFresh(now: Date): Date {
  return daysBefore(now, MAX_DATA_AGE_DAYS);
}

/** The same day one year earlier; 28 February for 29 February. */
export function yearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  return `${year}${day.slice(4) === '-02-29' ? '-02-28' : day.slice(4)}`;
}

function startOfDay(instant: Date): number {
  return Math.floor(instant.getTime() / DAY) * DAY;
}
