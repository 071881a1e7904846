import type { Interval } from '../../shared/constants.ts';
import { HOUR_MS, toDay } from '../../shared/days.ts';
import { exchangeTime } from '../providers/exchange-time.ts';
import type { RawBar } from '../raw.ts';
import { barTime, type Note } from './findings.ts';

const QUARTER_MS = 15 * 60_000;

const inNewYork = exchangeTime('America/New_York');

/** The latest end of a session in New York, local time. */
const NEW_YORK_CLOSE = '16:00';

/**
 * The earliest end of any exchange's session, in hours UTC: Sydney and Tokyo close at five and six. It is the only
 * bound for a symbol with an exchange suffix.
 */
const EARLIEST_CLOSE_HOURS = 5;

/**
 * Leaves out bars whose session was still open at the time of the fetch. Providers know their exchanges' hours and do
 * this themselves; this is a safety net for one that does not. It drops American bars before New York closes, bars of
 * days that have hardly begun, and quarters of an hour that are not over.
 *
 * @param series.fetchedAt - when the source was asked, in milliseconds since the epoch
 */
export function closedBars(
  bars: readonly RawBar[],
  series: { symbol: string; interval: Interval; fetchedAt: number },
): { bars: readonly RawBar[]; note?: Note } {
  const end = bars.findLastIndex(([ts]) => isClosed(ts, series)) + 1;
  const first = bars[end];
  if (!first) return { bars };
  const at = new Date(series.fetchedAt).toISOString();
  return {
    bars: bars.slice(0, end),
    note: { reason: 'unclosed', message: `bar ${barTime(first[0])}: its session was still open at ${at}` },
  };
}

function isClosed(
  ts: number,
  { symbol, interval, fetchedAt }: { symbol: string; interval: Interval; fetchedAt: number },
): boolean {
  if (interval === '15m') return ts + QUARTER_MS <= fetchedAt;
  if (fetchedAt - ts > 48 * HOUR_MS) return true;
  // Symbols follow Yahoo's convention: an American one has no exchange suffix.
  if (symbol.includes('.')) return fetchedAt - ts >= EARLIEST_CLOSE_HOURS * HOUR_MS;
  return inNewYork(fetchedAt) >= `${toDay(ts)} ${NEW_YORK_CLOSE}`;
}
