import { DAY_MS } from '../../shared/days.ts';
import type { RawBar } from '../raw.ts';

/** A day is a session when this share of the instruments that trade has a bar, and at least two have. */
const LEAST_SHARE = 0.5;
export const LEAST_MEMBERS = 2;

/** An instrument whose last bar is older than the newest of all by more than this does not trade any more. */
const ENDED_AFTER_MS = 14 * DAY_MS;

/** Weekdays in a row that an exchange may be closed; the longest in New York in a hundred years was four. */
const LONGEST_CLOSURE = 5;

/** The trading days of an exchange, as far as they are known. */
export interface Sessions {
  /** How many sessions lie between two days, neither of them counted. */
  between(after: number, before: number): number;
  /** The newest session; undefined where the days are not known. */
  newest: number | undefined;
}

/**
 * Derives the sessions of an exchange from its instruments' own bars: a day on which half of those that trade, and
 * at least two, have a bar. Holidays and closures then are no gaps, whatever the exchange, and there is no calendar
 * to keep up.
 *
 * With fewer than two instruments there is nothing to derive it from. Weekdays stand in for sessions, and as many
 * in a row as any closure lasts are not counted; which session is the newest, nobody knows.
 *
 * @param groups - samples of the exchange's instruments, each instrument as its bars' days, ascending: a day that
 * any of the groups holds for a session is one
 */
export function sessionsOf(groups: readonly (readonly number[])[][]): Sessions {
  const days = new Set<number>();
  for (const group of groups) for (const day of tradingDays(group)) days.add(day);
  if (days.size === 0) return WEEKDAYS;
  const sorted = Float64Array.from(days).sort();
  return {
    between: (after, before) => Math.max(0, placeOf(sorted, before) - placeOf(sorted, after + 1)),
    newest: sorted.at(-1),
  };
}

/** The days of bars, as {@link sessionsOf} takes them. */
export function daysOf(bars: readonly RawBar[]): number[] {
  return bars.map(([ts]) => ts);
}

function tradingDays(group: readonly (readonly number[])[]): number[] {
  const members = group.filter(({ length }) => length > 0);
  if (members.length < LEAST_MEMBERS) return [];
  const counts = new Map<number, number>();
  for (const days of members) for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  const newest = Math.max(...members.map((days) => days.at(-1) ?? 0));
  const starts = members.map((days) => days[0] ?? 0).sort((a, b) => a - b);
  const ends = members
    .map((days) => days.at(-1) ?? 0)
    .filter((end) => end < newest - ENDED_AFTER_MS)
    .sort((a, b) => a - b);
  const sessions: number[] = [];
  let started = 0;
  let ended = 0;
  for (const day of [...counts.keys()].sort((a, b) => a - b)) {
    while ((starts[started] ?? Number.POSITIVE_INFINITY) <= day) started++;
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) < day) ended++;
    const count = counts.get(day) ?? 0;
    if (count >= LEAST_MEMBERS && count >= LEAST_SHARE * (started - ended)) sessions.push(day);
  }
  return sessions;
}

/** How many of some sorted days are before one. */
function placeOf(days: Float64Array, day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

const WEEKDAYS: Sessions = {
  between: (after, before) => {
    let weekdays = 0;
    for (let day = after + DAY_MS; day < before; day += DAY_MS) {
      const weekday = new Date(day).getUTCDay();
      if (weekday !== 0 && weekday !== 6) weekdays++;
    }
    return Math.max(0, weekdays - LONGEST_CLOSURE);
  },
  newest: undefined,
};
