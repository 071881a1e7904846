import { HOUR_MS } from '../../../shared/days.ts';
import { PartialAnswerError } from '../errors.ts';
import { exchangeTime } from '../exchange-time.ts';
import { type ChartMeta, sessionsOf } from './yahoo-chart-answer.ts';

const QUARTER_MS = 15 * 60 * 1000;

/** Clocks that differ by more than this are not both right. */
export const CLOCK_TOLERANCE_MS = HOUR_MS;

/** Local times at which no session opens: Yahoo stamps some days with such a time on the evening before. */
const EVENING_BEFORE = new Set(['22:00', '23:00']);

/** The trading day of an instant, `YYYY-MM-DD`. */
export type DayOf = (instant: number) => string;

/**
 * Makes the calendar of an exchange.
 *
 * @returns `dayOf`, the local day of an instant, and `sessionDay`, the day of a session by the stamp of its daily row.
 * They differ where Yahoo stamps a day with 22:00 or 23:00 of the evening before, as it does around changes of the
 * clocks.
 * @throws RangeError if there is no such time zone
 */
export function exchangeCalendar(timeZone: string): { dayOf: DayOf; sessionDay: DayOf } {
  const timeOf = exchangeTime(timeZone);
  const dayOf = (instant: number) => timeOf(instant).slice(0, 10);
  return {
    dayOf,
    sessionDay: (start) => {
      const time = timeOf(start);
      return EVENING_BEFORE.has(time.slice(11)) ? dayOf(start + 3 * HOUR_MS) : time.slice(0, 10);
    },
  };
}

/** The values that decide whether a row is final. */
interface Context {
  symbol: string;
  meta: ChartMeta;
  dayOf: DayOf;
  /** The earlier of the two clocks: a bar that ends after it is not closed. */
  closedBy: number;
}

/**
 * Whether a daily row is final: its session is over, and the row was made after the end.
 *
 * Yahoo stamps rows with the open of their session, and the current day's row with the last trade. A stamp within a
 * session that is over means that the answer is from before the end, or that the share trades seldom. In neither case
 * does the clock prove that the row is final.
 *
 * @param day - the trading day of the row
 * @throws PartialAnswerError if the current session begins after a row of its own day, so that its end is wrong too
 */
export function dailyState(start: number, day: string, context: Context): 'open' | 'closed' | 'doubtful' {
  const { symbol, meta, dayOf, closedBy } = context;
  const { start: opening, end } = meta.currentTradingPeriod.regular;
  const isEveningBefore = dayOf(start) !== day;
  if (day !== dayOf(opening)) {
    // Only the length of other sessions is known.
    const length = isEveningBefore ? 24 * HOUR_MS : end - opening;
    return start + length <= closedBy ? 'closed' : 'open';
  }
  if (!isEveningBefore && opening - start > CLOCK_TOLERANCE_MS) {
    throw new PartialAnswerError(`${symbol}: the session of ${day} begins after its own bar`);
  }
  if (end > closedBy) return 'open';
  return start > opening && start < end ? 'doubtful' : 'closed';
}

/**
 * Makes a test for closed 15-minute bars among the rows of a chart. Yahoo adds the last quote, stamped with its own
 * time, and a last print at the end of a session; neither is a bar. The quote also shows how far the rows reach: some
 * exchanges delay them by a quarter of an hour.
 *
 * @param last - the stamp of the last row
 */
export function quarterTest(
  meta: ChartMeta,
  dayOf: DayOf,
  last: number | undefined,
  closedBy: number,
): (start: number, day: string) => boolean {
  const quotedAt = last !== undefined && last % QUARTER_MS !== 0 ? last : Number.POSITIVE_INFINITY;
  const knownTo = Math.min(closedBy, quotedAt);
  const sessions = new Map(sessionsOf(meta).map((period) => [dayOf(period.start), period]));
  return (start, day) => {
    const session = sessions.get(day);
    if (session && (start < session.start || start >= session.end)) return false;
    return start % QUARTER_MS === 0 && start + QUARTER_MS <= knownTo;
  };
}
