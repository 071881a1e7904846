import type { ChartMeta } from 'yahoo-finance2/modules/chart';
import { PartialAnswerError } from '../errors.ts';

const QUARTER_MS = 15 * 60 * 1000;

/** Clocks that differ by more than this are not both right. */
export const CLOCK_TOLERANCE_MS = 60 * 60 * 1000;

/** The values that decide whether a row is final. */
interface Context {
  symbol: string;
  meta: ChartMeta;
  dayOf: (instant: number) => string;
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
 * @throws PartialAnswerError if the current session begins after a row of its own day, so that its end is wrong too
 */
export function dailyState(start: number, context: Context): 'open' | 'closed' | 'doubtful' {
  const { symbol, meta, dayOf, closedBy } = context;
  const { regular } = meta.currentTradingPeriod;
  const [opening, end] = [regular.start.getTime(), regular.end.getTime()];
  if (dayOf(start) !== dayOf(opening)) {
    // Only the length of other sessions is known.
    return start + (end - opening) <= closedBy ? 'closed' : 'open';
  }
  if (opening - start > CLOCK_TOLERANCE_MS) {
    throw new PartialAnswerError(`${symbol}: the session of ${dayOf(start)} begins after its own bar`);
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

/** The regular sessions in a chart, including the current one. */
function periodsOf({ currentTradingPeriod, tradingPeriods }: ChartMeta): { start: number; end: number }[] {
  const listed = Array.isArray(tradingPeriods) ? tradingPeriods : (tradingPeriods?.regular ?? []);
  return [currentTradingPeriod.regular, ...listed.flat()].map(({ start, end }) => ({
    start: instantOf(start),
    end: instantOf(end),
  }));
}

/** In a plain list of sessions, the library keeps Yahoo's seconds, contrary to its own types. */
function instantOf(stamp: Date | number): number {
  return typeof stamp === 'number' ? stamp * 1000 : stamp.getTime();
}
