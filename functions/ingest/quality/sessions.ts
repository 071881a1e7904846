import { DAY_MS, weekdaysBetween } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import type { RawBar } from '../raw.ts';

/** A day is a session if this share of the trading instruments, and at least this many of them, have a bar. */
export const LEAST_SHARE = 0.5;
export const LEAST_MEMBERS = 2;

/** An instrument no longer trades if its last bar is older than the newest bar of its market by more than this. */
const ENDED_AFTER_MS = 14 * DAY_MS;

/** Most consecutive weekdays that an exchange is closed. New York's longest closure in a century lasted four. */
const LONGEST_CLOSURE = 5;

/** The trading days of an exchange. Days are midnights UTC in milliseconds since the epoch. */
export interface Sessions {
  /** The number of sessions between two days, both exclusive. */
  between(after: number, before: number): number;
  /** The newest session; undefined where the sessions are not known. */
  newest: number | undefined;
}

/**
 * Derives the sessions of an exchange from the bars of its instruments: the days on which half of the trading
 * instruments, and at least two, have a bar. Holidays are then not gaps on any exchange, without a calendar to
 * maintain.
 *
 * Fewer than two instruments cannot show sessions. Weekdays replace them then, less the longest closure; the newest
 * session is unknown.
 *
 * @param groups - samples of the exchange's instruments, each as the ascending days of its bars; a day is a session if
 * any of the groups shows it
 */
export function sessionsOf(groups: readonly (readonly number[])[][]): Sessions {
  const days = new Set<number>();
  for (const group of groups) for (const day of tradingDays(group)) days.add(day);
  if (days.size === 0) return WEEKDAYS;
  const sorted = Float64Array.from(days).sort();
  return {
    between: (after, before) => Math.max(0, countBefore(sorted, before) - countBefore(sorted, after + 1)),
    newest: sorted.at(-1),
  };
}

/** The latest days of an instrument that show whether it trades every day: at least one week. */
export const DAYS_SHOWN = 14;

/** 1970-01-01 was a Thursday, and 1970-01-03 the first Saturday. */
const SATURDAY = 2;

/**
 * Whether an instrument trades on weekends, as cryptocurrencies do: whether any of its latest days is a Saturday. An
 * exchange that opens on one Saturday does so for all its instruments, which therefore stay together.
 *
 * @param days - ascending, midnights UTC
 */
export function tradesEveryDay(days: readonly number[]): boolean {
  return days.slice(-DAYS_SHOWN).some((day) => (day / DAY_MS) % 7 === SATURDAY);
}

/** The days of bars, in the form that {@link sessionsOf} takes. */
export function daysOf(bars: readonly RawBar[]): number[] {
  return bars.map(([ts]) => ts);
}

function tradingDays(group: readonly (readonly number[])[]): number[] {
  const members = group.filter(({ length }) => length > 0);
  if (members.length < LEAST_MEMBERS) return [];
  const counts = new Map<number, number>();
  for (const days of members) for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  const firstDays = members.map((days) => defined(days[0], 'first day of an instrument'));
  const lastDays = members.map((days) => defined(days.at(-1), 'last day of an instrument'));
  const newest = Math.max(...lastDays);
  const starts = firstDays.sort((a, b) => a - b);
  const ends = lastDays.filter((end) => end < newest - ENDED_AFTER_MS).sort((a, b) => a - b);
  const sessions: number[] = [];
  let started = 0;
  let ended = 0;
  for (const [day, count] of [...counts].sort(([a], [b]) => a - b)) {
    while (isUpTo(starts[started], day)) started++;
    while (isUpTo(ends[ended], day - 1)) ended++;
    if (count >= LEAST_MEMBERS && count >= LEAST_SHARE * (started - ended)) sessions.push(day);
  }
  return sessions;
}

/** Whether there is a next value and it is at most a limit. */
function isUpTo(next: number | undefined, limit: number): boolean {
  return next !== undefined && next <= limit;
}

/** The number of sorted days before a day. */
function countBefore(days: Float64Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // `middle` is always within the array.
    if ((days[middle] as number) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

const WEEKDAYS: Sessions = {
  between: (after, before) => Math.max(0, weekdaysBetween(after, before) - LONGEST_CLOSURE),
  newest: undefined,
};
