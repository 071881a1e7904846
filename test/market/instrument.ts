import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import type { Exchange } from './sessions.ts';

/** One day's trading with the prices and the number of shares of that day. */
export interface TradedBar {
  /** `YYYY-MM-DD` at the exchange. */
  readonly day: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

/** What is traded: its bars as they were, what happened to its shares, and what it is. */
export interface Instrument {
  /** As Yahoo writes it: BRK-B, VOD.L. */
  readonly symbol: string;
  readonly exchange: Exchange;
  readonly name: string;
  readonly sector?: string;
  readonly industry?: string;
  readonly marketCap?: number;
  readonly trailingPe?: number;
  /** Ascending by day. Those after the market's clock are not traded yet. */
  readonly bars: readonly TradedBar[];
  /** Dividends as paid; any order. They take effect as the first session on or after their day opens. */
  readonly actions: readonly CorporateAction[];
}

/**
 * The symbol by which Stooq knows an instrument: lower case, with the ending of its market.
 *
 * @example
 * stooqSymbol({ symbol: 'BRK-B', exchange: NYSE }); // 'brk-b.us'
 */
export function stooqSymbol({ symbol, exchange }: Pick<Instrument, 'symbol' | 'exchange'>): string {
  return symbol.toLowerCase().replace(/\.[a-z]+$/, '') + exchange.stooqSuffix;
}
