import {
  BATCH_SIZE,
  DAILY_HISTORY_YEARS,
  INTRADAY_HISTORY_DAYS,
  type Interval,
} from '../../shared/constants.ts';
import { addDays, toDay } from '../../shared/days.ts';

/** Instruments that are asked for the same days. */
export interface Request {
  from: string;
  symbols: string[];
}

/**
 * Days before the last stored bar that are asked for again: enough to see that a provider restated its
 * latest closes, and to span a long weekend.
 */
const OVERLAP_DAYS = 7;

/**
 * How far back the first day of a group of instruments may be, in days before the as-of. Without groups, instruments
 * that lag by a day here and a week there would be a batch each, and there is a limit to what passes between states.
 */
const GROUPS = [14, 90, 366, 4 * 366];

/** The first day of a whole history of an interval. */
export function wholeHistoryFrom(interval: Interval, asOf: string): string {
  return interval === 'daily' ? addYears(asOf, -DAILY_HISTORY_YEARS) : addDays(asOf, -INTRADAY_HISTORY_DAYS);
}

/** The first day to ask for where bars are stored up to one: far enough back to compare with some of them. */
export function overlapFrom(lastDay: string): string {
  return addDays(lastDay, -OVERLAP_DAYS);
}

/**
 * Cuts instruments into batches that share their first day. Those that lag alike are asked for the days of the one
 * that lags most; what lags by more than any group, or has nothing yet, gets the whole history. Where all need the
 * same days, those are asked for.
 *
 * @param wanted - in the order in which they are to be worked on
 * @returns the longest histories first
 *
 * @example
 * groupRequests([{ symbol: 'A', from: '2026-02-26' }, { symbol: 'B', from: '2026-02-25' }], 'daily', '2026-03-06');
 * // [{ from: '2026-02-25', symbols: ['A', 'B'] }]
 */
export function groupRequests(
  wanted: { symbol: string; from: string }[],
  interval: Interval,
  asOf: string,
): Request[] {
  const [one] = wanted;
  if (one && wanted.every(({ from }) => from === one.from)) {
    const symbols = wanted.map(({ symbol }) => symbol);
    return slices(symbols).map((slice) => ({ from: one.from, symbols: slice }));
  }
  const whole = wholeHistoryFrom(interval, asOf);
  const bounds = GROUPS.map((days) => addDays(asOf, -days));
  const groups = new Map<number, Request>();
  for (const { symbol, from } of wanted) {
    const place = bounds.findIndex((bound) => from >= bound);
    const first = place < 0 && from > whole ? whole : from;
    // What lags most gets a group of its own, after all bounds.
    const key = place < 0 ? bounds.length : place;
    const group = groups.get(key);
    if (!group) groups.set(key, { from: first, symbols: [symbol] });
    else {
      group.symbols.push(symbol);
      if (first < group.from) group.from = first;
    }
  }
  return [...groups]
    .sort(([a], [b]) => b - a)
    .flatMap(([, { from, symbols }]) => slices(symbols).map((slice) => ({ from, symbols: slice })));
}

function slices(symbols: string[]): string[][] {
  const parts: string[][] = [];
  for (let i = 0; i < symbols.length; i += BATCH_SIZE) parts.push(symbols.slice(i, i + BATCH_SIZE));
  return parts;
}

function addYears(day: string, years: number): string {
  const date = new Date(day);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return toDay(date);
}
