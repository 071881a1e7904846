import { type Market, NASDAQ, NYSE, syntheticMarket } from '../market/index.ts';

/** Enough for two batches, so that there is something to distribute. */
const INSTRUMENTS = 60;

/** Enough for every feature of a year's window, and the labels beyond. */
const TRADING_DAYS = 400;

/** A market of instruments that do not exist, whose last day is yesterday. */
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
