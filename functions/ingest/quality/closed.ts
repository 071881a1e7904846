import type { Interval } from '../../shared/constants.ts';
import { DAY_MS, HOUR_MS, toDay } from '../../shared/days.ts';
import { exchangeTime } from '../providers/exchange-time.ts';
import type { RawBar } from '../raw.ts';
import { barTime, type Note } from './findings.ts';
import { DAYS_SHOWN, daysOf, tradesEveryDay } from './sessions.ts';

const QUARTER_MS = 15 * 60_000;

const inNewYork = exchangeTime('America/New_York');

/** The latest end of a session in New York, local time. */
const NEW_YORK_CLOSE = '16:00';

/**
 * The earliest end of any exchange's session, in hours UTC: Sydney and Tokyo close at five and six. It is the only
 * bound for a symbol with an exchange suffix.
 */
const EARLIEST_CLOSE_HOURS = 5;

/** What decides whether a bar is closed. */
interface Timing {
  symbol: string;
  interval: Interval;
  /** When the source was asked, in milliseconds since the epoch. */
  fetchedAt: number;
  /** Whether its days are whole days in UTC; the weekdays of the bars show it where the source does not say. */
  tradesEveryDay?: boolean | undefined;
}

/**
 * Leaves out bars whose session was still open at the time of the fetch. Providers know their exchanges' hours and do
 * this themselves; this is a safety net for one that does not. It drops American bars before New York closes, bars of
 * days that have hardly begun, days that are not over where trading never ends, and quarters of an hour that are not
 * over.
 */
export function closedBars(
  bars: readonly RawBar[],
  series: Timing,
): { bars: readonly RawBar[]; note?: Note } {
  const isDaily = series.interval === 'daily';
  const everyDay = isDaily && (series.tradesEveryDay ?? tradesEveryDay(daysOf(bars.slice(-DAYS_SHOWN))));
  const end = bars.findLastIndex(([ts]) => isClosed(ts, { ...series, tradesEveryDay: everyDay })) + 1;
  const first = bars[end];
  if (!first) return { bars };
  const at = new Date(series.fetchedAt).toISOString();
  return {
    bars: bars.slice(0, end),
    note: { reason: 'unclosed', message: `bar ${barTime(first[0])}: its session was still open at ${at}` },
  };
}

function isClosed(ts: number, { symbol, interval, fetchedAt, tradesEveryDay: everyDay }: Timing): boolean {
  if (interval === '15m') return ts + QUARTER_MS <= fetchedAt;
  if (fetchedAt - ts > 48 * HOUR_MS) return true;
  if (everyDay) return ts + DAY_MS <= fetchedAt;
  // Symbols follow Yahoo's convention: an American one has no exchange suffix.
  if (symbol.includes('.')) return fetchedAt - ts >= EARLIEST_CLOSE_HOURS * HOUR_MS;
  return inNewYork(fetchedAt) >= `${toDay(ts)} ${NEW_YORK_CLOSE}`;
}
