import { toDay } from '../../shared/days.ts';
import { exchangeTime } from './exchange-time.ts';
import type { SourceFacts } from './provider.ts';

/** Facts of every American share. */
export const AMERICAN = {
  currency: 'USD',
  timeZone: 'America/New_York',
  tradesEveryDay: false,
  hasVolume: true,
} as const satisfies SourceFacts;

const timeIn = exchangeTime(AMERICAN.timeZone);

/** The trading day of an instant in New York, `YYYY-MM-DD`. */
export function newYorkDay(instant: number): string {
  return timeIn(instant).slice(0, 10);
}

/**
 * Tests whether a day's session was over at an instant.
 *
 * @param readyAt - when the vendor has the complete day, local time, `HH:MM`
 */
export function newYorkClosed(readyAt: string, instant: number): (ts: number) => boolean {
  const time = timeIn(instant);
  return (ts) => `${toDay(ts)} ${readyAt}` <= time;
}

/** American symbols, with a class of shares after a dash: AAPL, BRK-B. */
const AMERICAN_SYMBOL = /^[A-Z][A-Z\d]{0,5}(-[A-Z]{1,2})?$/;

/** The symbol, if it is one of an American share. */
export function americanSymbol(symbol: string): string | undefined {
  return AMERICAN_SYMBOL.test(symbol) ? symbol : undefined;
}
