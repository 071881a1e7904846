import { FAULTS, type Fault } from './faults.ts';
import type { Market } from './market.ts';
import type { Random } from './random.ts';

/** The oldest bar that is restated, counted back from the last one. */
const RESTATED_WITHIN = 250;

/**
 * Applies a persistent fault to the market. It ignores faults of one answer, and symbols that are no longer listed.
 *
 * @param source - decides the parameters that the fault leaves open
 */
export function changeMarket(market: Market, symbol: string, fault: Fault, source: Random): void {
  if (!FAULTS[fault.kind].persistent || !market.find(symbol)) return;
  const { bars } = market.view(symbol);
  switch (fault.kind) {
    case 'split': {
      const exDay = fault.exDay ?? bars.at(-1)?.day;
      if (exDay) market.split(symbol, exDay, fault.ratio ?? 2);
      break;
    }
    case 'restated_close': {
      // Not the last bar: its session may be open, and its first version restates nothing.
      const back = 2 + source.int(Math.min(RESTATED_WITHIN, bars.length - 1));
      const day = fault.day ?? bars.at(-back)?.day;
      if (day) market.restate(symbol, day, fault.factor ?? 1.01);
      break;
    }
    case 'renamed':
      market.rename(symbol, fault.to ?? freeSymbol(market, symbol));
      break;
    case 'delisted':
      market.delist(symbol);
  }
}

/** A free symbol of the same exchange: AAPL becomes AAPLX, VOD.L becomes VODX.L. */
function freeSymbol(market: Market, symbol: string): string {
  const [stem = '', ...ending] = symbol.split(/(?=\.)/);
  let renamed = stem;
  do renamed += 'X';
  while (market.find(renamed + ending.join('')));
  return renamed + ending.join('');
}
