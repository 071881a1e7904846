import { Cron } from 'croner';
import { exchangeDay } from '../../functions/ingest/providers/exchange-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../functions/shared/days.ts';
import { type Market, neverPauses } from './market.ts';
import type { Moment } from './schedule.ts';

/** The bars of a day are complete this long after the close: late prints have arrived, as on AWS. */
const SETTLING_MS = 2.5 * HOUR_MS;

/** The same where trading never pauses: nothing is reported late. */
const SETTLING_EVERY_DAY_MS = 30 * MINUTE_MS;

/** Longer than a weekend, so that every market has a day of trading, and than a late call may count as live. */
const DAYS_SEARCHED = 6;

/** A day of trading, `YYYY-MM-DD`, with the instant at which its run is due. */
export interface DueDay extends Moment {
  day: string;
}

/**
 * When the daily runs are due that follow the markets: once for each day on which a market trades, after the last of
 * them has closed.
 *
 * @returns those of the last six days at or before an instant, ascending, with the latest one, and the first one after
 * the instant; undefined without a market
 */
export function dueAfterCloses(
  markets: readonly Market[],
  now: Date,
): { past: DueDay[]; last: DueDay; next: DueDay } | undefined {
  const byDay = new Map<string, DueDay>();
  for (const market of markets) {
    const dayOf = exchangeDay(market.timeZone);
    for (const close of closesAround(market, now)) {
      const at = new Date(close.getTime() + settlingOf(market));
      const day = dayOf(close.getTime());
      const known = byDay.get(day);
      if (!known || at > known.at) byDay.set(day, { day, at, reason: `${market.name} closed on ${day}` });
    }
  }
  const days = [...byDay.values()].sort((a, b) => a.at.getTime() - b.at.getTime());
  const past = days.filter(({ at }) => at <= now);
  const last = past.at(-1);
  const next = days[past.length];
  return last && next && { past, last, next };
}

function closesAround({ close, days, timeZone }: Market, now: Date): Date[] {
  const [hour, minute] = close.split(':').map(Number);
  const closes = new Cron(`${minute} ${hour} * * ${days.join()}`, { timezone: timeZone });
  const from = new Date(now.getTime() - DAYS_SEARCHED * DAY_MS);
  // Weekends make the range longer, never shorter.
  return closes.nextRuns(2 * DAYS_SEARCHED, from);
}

function settlingOf(market: Market): number {
  return neverPauses(market) ? SETTLING_EVERY_DAY_MS : SETTLING_MS;
}
