import { Cron } from 'croner';
import { exchangeDay } from '../../functions/ingest/providers/exchange-time.ts';
import { DAY_MS } from '../../functions/shared/days.ts';
import { type Market, neverPauses } from './market.ts';
import type { Moment } from './schedule.ts';

/** The bars of a day are complete this long after the close: late prints have arrived, as on AWS. */
const SETTLING_MS = 2.5 * 3_600_000;

/** The same where trading never pauses: nothing is reported late. */
const SETTLING_EVERY_DAY_MS = 30 * 60_000;

/** Longer than two weekends: within it, every market has a day of trading. */
const SEARCHED_MS = 10 * DAY_MS;

/**
 * When the daily runs are due that follow the markets: once for each day on which a market trades, after the last of
 * them has closed.
 *
 * @returns the last one at or before an instant, and the first one after it; undefined without a market
 */
export function dueAfterCloses(
  markets: readonly Market[],
  now: Date,
): { last: Moment; next: Moment } | undefined {
  const byDay = new Map<string, Moment>();
  for (const market of markets) {
    const dayOf = exchangeDay(market.timeZone);
    for (const close of closesAround(market, now)) {
      const at = new Date(close.getTime() + settlingOf(market));
      const day = dayOf(close.getTime());
      const known = byDay.get(day);
      if (!known || at > known.at) byDay.set(day, { at, reason: `${market.name} closed on ${day}` });
    }
  }
  const moments = [...byDay.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
  const last = moments.findLast(({ at }) => at <= now);
  const next = moments.find(({ at }) => at > now);
  return last && next && { last, next };
}

function closesAround({ close, days, timeZone }: Market, now: Date): Date[] {
  const [hour, minute] = close.split(':').map(Number);
  const closes = new Cron(`${minute} ${hour} * * ${days.join()}`, { timezone: timeZone });
  const from = new Date(now.getTime() - SEARCHED_MS);
  return closes.nextRuns((2 * SEARCHED_MS) / DAY_MS, from);
}

function settlingOf(market: Market): number {
  return neverPauses(market) ? SETTLING_EVERY_DAY_MS : SETTLING_MS;
}
