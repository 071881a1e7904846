import type { Interval } from '../../shared/constants.ts';
import { toDay } from '../../shared/days.ts';
import { exchangeTime } from '../providers/exchange-time.ts';
import type { RawBar } from '../raw.ts';
import { barTime, type Note } from './findings.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;

const inNewYork = exchangeTime('America/New_York');

/** When a session in New York ends at the latest, on its wall clock. */
const NEW_YORK_CLOSE = '16:00';

/**
 * After so many hours in UTC a day's session may be over somewhere: Sydney and Tokyo close at five and six. It is
 * the most that can be said of a symbol with an exchange's ending.
 */
const EARLIEST_CLOSE_HOURS = 5;

/**
 * Leaves out bars whose session was not over when the source was asked. Providers know their exchanges and do the
 * same; this is for the one that does not, and sees what cannot be: an American bar before New York has closed, a
 * bar of any day that has hardly begun, a quarter of an hour that is not over.
 *
 * @param fetchedAt - when the source was asked, in milliseconds since the epoch
 */
export function closedBars(
  bars: readonly RawBar[],
  asked: { symbol: string; interval: Interval; fetchedAt: number },
): { bars: readonly RawBar[]; note?: Note } {
  let end = bars.length;
  while (end > 0 && !isClosed(bars[end - 1]?.[0] ?? 0, asked)) end--;
  const first = bars[end];
  if (!first) return { bars };
  const at = new Date(asked.fetchedAt).toISOString();
  return {
    bars: bars.slice(0, end),
    note: { reason: 'unclosed', message: `bar ${barTime(first[0])}: was not closed at ${at}` },
  };
}

function isClosed(
  ts: number,
  { symbol, interval, fetchedAt }: { symbol: string; interval: Interval; fetchedAt: number },
): boolean {
  if (interval === '15m') return ts + QUARTER_MS <= fetchedAt;
  if (fetchedAt - ts > 48 * HOUR_MS) return true;
  // Yahoo's way, which is this project's: an American symbol has no ending.
  if (symbol.includes('.')) return fetchedAt - ts >= EARLIEST_CLOSE_HOURS * HOUR_MS;
  return inNewYork(fetchedAt) >= `${toDay(ts)} ${NEW_YORK_CLOSE}`;
}
