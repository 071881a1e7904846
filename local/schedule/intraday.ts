import { exchangeTime } from '../../functions/ingest/providers/exchange-time.ts';
import { DAY_MS, MINUTE_MS } from '../../functions/shared/days.ts';
import type { Market } from './market.ts';
import type { Moment } from './schedule.ts';

const QUARTER_MS = 15 * MINUTE_MS;

/** Two minutes after a quarter of an hour, its bar is complete. */
const COMPLETE_MS = 2 * MINUTE_MS;

/** From the first bars to the last ones, which some exchanges report late: as on AWS, where it is 10:02 to 16:47. */
const AFTER_OPEN_MS = 30 * MINUTE_MS;
const AFTER_CLOSE_MS = 60 * MINUTE_MS;

/** Longer than a weekend: within it, every market has a session. */
const SEARCHED_MS = 7 * DAY_MS;

/**
 * When 15-minute bars are due while a market trades: two minutes after each quarter of an hour.
 *
 * @returns the current quarter's instant, if a market trades at it, and the next one; neither is there without a market
 */
export function intradayAround(
  markets: readonly Market[],
  now: Date,
): { last: Moment | undefined; next: Moment | undefined } {
  const sessions = markets.map((market) => ({ market, isTrading: sessionTest(market) }));
  const momentAt = (time: number): Moment | undefined => {
    const open = sessions.find(({ isTrading }) => isTrading(time));
    return open && { at: new Date(time), reason: `${open.market.name} trades` };
  };
  const current = Math.floor((now.getTime() - COMPLETE_MS) / QUARTER_MS) * QUARTER_MS + COMPLETE_MS;
  let next: Moment | undefined;
  for (let time = current + QUARTER_MS; !next && time < current + SEARCHED_MS; time += QUARTER_MS)
    next = momentAt(time);
  return { last: momentAt(current), next };
}

/** Tests whether new bars of a market's session are expected at an instant. */
function sessionTest({ timeZone, days, open, close }: Market): (instant: number) => boolean {
  const timeOf = exchangeTime(timeZone);
  return (instant) => {
    const [day = '', time = ''] = timeOf(instant - AFTER_OPEN_MS).split(' ');
    const [, later = ''] = timeOf(instant - AFTER_CLOSE_MS).split(' ');
    return days.includes(new Date(day).getUTCDay()) && time >= open && later < close;
  };
}
