import {
  BATCH_SIZE,
  DAILY_HISTORY_YEARS,
  INTRADAY_HISTORY_DAYS,
  type Interval,
} from '../../shared/constants.ts';
import { addDays, toDay } from '../../shared/days.ts';

/** Instruments that are fetched from one first day. */
export interface PlannedBatch {
  from: string;
  symbols: string[];
  /** Whether its instruments get no recommendations, so that nobody needs their descriptions. */
  isReference?: true;
}

/** Days before the last stored bar that are fetched again, to detect restated closes. A week spans any long weekend. */
const OVERLAP_DAYS = 7;

/**
 * Bounds of the groups, in days before the as-of, by the first day that instruments need. Without groups, instruments
 * that lag by different numbers of days would need a batch each, and Step Functions limits the size of a payload.
 */
const GROUPS = [14, 90, 366, 4 * 366];

/** The first day of a whole history of an interval. */
export function wholeHistoryFrom(interval: Interval, asOf: string): string {
  return interval === 'daily' ? addYears(asOf, -DAILY_HISTORY_YEARS) : addDays(asOf, -INTRADAY_HISTORY_DAYS);
}

/** The first day to fetch where bars are stored up to a day: early enough to compare with some of them. */
export function overlapFrom(lastDay: string): string {
  return addDays(lastDay, -OVERLAP_DAYS);
}

/**
 * Groups instruments into batches that share their first day. Instruments with a similar lag share the first day of the
 * one that lags most. An instrument that lags more than every group gets the whole history. If all need the same first
 * day, they keep it.
 *
 * @param fetches - in the order in which they are to be processed
 * @returns the longest histories first
 *
 * @example
 * groupIntoBatches([{ symbol: 'A', from: '2026-02-26' }, { symbol: 'B', from: '2026-02-25' }], 'daily', '2026-03-06');
 * // [{ from: '2026-02-25', symbols: ['A', 'B'] }]
 */
export function groupIntoBatches(
  fetches: { symbol: string; from: string }[],
  interval: Interval,
  asOf: string,
): PlannedBatch[] {
  const [one] = fetches;
  if (one && fetches.every(({ from }) => from === one.from)) {
    return slices({ from: one.from, symbols: fetches.map(({ symbol }) => symbol) });
  }
  const whole = wholeHistoryFrom(interval, asOf);
  const bounds = GROUPS.map((days) => addDays(asOf, -days));
  const groups = new Map<number, PlannedBatch>();
  for (const { symbol, from } of fetches) {
    const bound = bounds.findIndex((day) => from >= day);
    const isOldest = bound < 0;
    const first = isOldest && from > whole ? whole : from;
    const key = isOldest ? bounds.length : bound;
    const group = groups.get(key);
    if (!group) groups.set(key, { from: first, symbols: [symbol] });
    else {
      group.symbols.push(symbol);
      if (first < group.from) group.from = first;
    }
  }
  return [...groups].sort(([a], [b]) => b - a).flatMap(([, group]) => slices(group));
}

function slices({ from, symbols }: PlannedBatch): PlannedBatch[] {
  const parts: PlannedBatch[] = [];
  for (let i = 0; i < symbols.length; i += BATCH_SIZE) {
    parts.push({ from, symbols: symbols.slice(i, i + BATCH_SIZE) });
  }
  return parts;
}

function addYears(day: string, years: number): string {
  const date = new Date(day);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return toDay(date);
}
