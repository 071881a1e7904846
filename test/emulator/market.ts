import type { Market } from '../market/market.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import { NASDAQ, NYSE } from '../market/trading-hours.ts';

/** Enough for two batches, so that the map distributes work. */
const INSTRUMENTS = 60;

/** Enough for features with a window of a year, and for the labels after it. */
const TRADING_DAYS = 400;

/** A synthetic market whose last day is yesterday. */
export function emulatorMarket(now = new Date()): Market {
  const yesterday = new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);
  return syntheticMarket({
    instruments: INSTRUMENTS,
    days: TRADING_DAYS,
    endDay: yesterday,
    exchanges: [NASDAQ, NYSE],
    clock: now,
  });
}
