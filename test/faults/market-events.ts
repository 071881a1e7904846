import type { Market } from '../market/market.ts';
import type { Random } from '../market/random.ts';

const HOUR_MS = 3_600_000;

/** Advances the market by up to three days, and sometimes adds a dividend, a split or a restated close. */
export function advanceMarket(market: Market, source: Random): void {
  const hasActions = (symbol: string) => market.find(symbol)?.exchange.everyDay !== true;
  market.advance(source.pick([8, 15, 24, 24, 24, 48, 72]) * HOUR_MS);
  const symbol = source.pick(market.symbols().filter(hasActions) as [string, ...string[]]);
  const today = new Date(market.now()).toISOString().slice(0, 10);
  const bar = market.find(symbol)?.bars.findLast(({ day }) => day < today);
  if (!bar) return;
  const chance = source.next();
  if (chance < 0.15) market.addAction(symbol, { exDay: bar.day, kind: 'dividend', value: bar.c * 0.01 });
  else if (chance < 0.2) market.split(symbol, bar.day, source.pick([2, 3, 4, 0.1]));
  else if (chance < 0.25) market.restate(symbol, bar.day, source.pick([0.99, 1.01, 1.003]));
}
