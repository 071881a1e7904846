import type { ChartMeta } from 'yahoo-finance2/modules/chart';
import { PartialAnswerError } from '../errors.ts';

const QUARTER_MS = 15 * 60 * 1000;

/** How far clocks may be apart before one of them is wrong. */
export const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;

/** What is needed to judge a row. */
interface Context {
  symbol: string;
  meta: ChartMeta;
  dayOf: (instant: number) => string;
  /** The earlier of the clocks: what ends after it is not closed. */
  closedBy: number;
}

/**
 * Whether the session of a daily row is over, and the row is of its end.
 *
 * Yahoo stamps rows with the open of their session, and the current day's with the last trade: one that lies
 * amid a session that is over is of an answer from before its end, or of a share that is seldom traded. In
 * neither case does the clock alone tell that it is final.
 *
 * @throws PartialAnswerError if the current session begins after this row of its day: then its end is wrong too
 */
export function dailyState(start: number, context: Context): 'open' | 'closed' | 'doubtful' {
  const { symbol, meta, dayOf, closedBy } = context;
  const { regular } = meta.currentTradingPeriod;
  const [opening, end] = [regular.start.getTime(), regular.end.getTime()];
  if (dayOf(start) !== dayOf(opening)) {
    // Of other sessions only the length is known.
    return start + (end - opening) <= closedBy ? 'closed' : 'open';
  }
  if (opening - start > CLOCK_TOLERANCE_MS) {
    throw new PartialAnswerError(`${symbol}: the session of ${dayOf(start)} begins after its own bar`);
  }
  if (end > closedBy) return 'open';
  return start > opening && start < end ? 'doubtful' : 'closed';
}

/**
 * Tells the closed 15-minute bars among the rows of a chart. Beside them Yahoo has the last quote, stamped with
 * its own time, and a last print at the very end of a session: neither is a bar. The quote also tells up to
 * when the rows are known, which at some exchanges is a quarter of an hour ago.
 *
 * @param last - the stamp of the last row
 */
export function quarterTest(
  meta: ChartMeta,
  dayOf: (instant: number) => string,
  last: number | undefined,
  closedBy: number,
): (start: number, day: string) => boolean {
  const quotedAt = last !== undefined && last % QUARTER_MS !== 0 ? last : Number.POSITIVE_INFINITY;
  const knownTo = Math.min(closedBy, quotedAt);
  const sessions = new Map(periodsOf(meta).map((period) => [dayOf(period.start), period]));
  return (start, day) => {
    const session = sessions.get(day);
    if (session && (start < session.start || start >= session.end)) return false;
    return start % QUARTER_MS === 0 && start + QUARTER_MS <= knownTo;
  };
}

/** The regular sessions that a chart tells of, the current one among them. */
function periodsOf({ currentTradingPeriod, tradingPeriods }: ChartMeta): { start: number; end: number }[] {
  const told = Array.isArray(tradingPeriods) ? tradingPeriods : (tradingPeriods?.regular ?? []);
  return [currentTradingPeriod.regular, ...told.flat()].map(({ start, end }) => ({
    start: instantOf(start),
    end: instantOf(end),
  }));
}

/** In a plain list of sessions, the library leaves instants as Yahoo's seconds, against its own types. */
function instantOf(stamp: Date | number): number {
  return typeof stamp === 'number' ? stamp * 1000 : stamp.getTime();
}
