import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { type Exchange, FOREX } from './trading-hours.ts';

/** One day's trading, with the day's unadjusted prices and shares. */
export interface TradedBar {
  /** `YYYY-MM-DD` at the exchange. */
  readonly day: string;
  readonly o: number;
  readonly h: number;
  readonly l: number;
  readonly c: number;
  readonly v: number;
}

/** An instrument: its unadjusted bars, its actions and its description. */
export interface Instrument {
  /** In Yahoo's form: BRK-B, VOD.L. */
  readonly symbol: string;
  readonly exchange: Exchange;
  readonly name: string;
  readonly sector?: string;
  readonly industry?: string;
  readonly marketCap?: number;
  readonly trailingPe?: number;
  /** Ascending by day. Bars after the market's clock are in the future. */
  readonly bars: readonly TradedBar[];
  /** In any order, dividends as paid. They take effect when the first session on or after their day opens. */
  readonly actions: readonly CorporateAction[];
}

/** Yahoo's name for the kind of an instrument. */
export function kindOf({ exchange }: Pick<Instrument, 'exchange'>): 'CRYPTOCURRENCY' | 'CURRENCY' | 'EQUITY' {
  if (exchange === FOREX) return 'CURRENCY';
  return exchange.everyDay ? 'CRYPTOCURRENCY' : 'EQUITY';
}

/**
 * Stooq's form of a symbol: lower case, with the suffix of its market.
 *
 * @example
 * stooqSymbol({ symbol: 'BRK-B', exchange: NYSE }); // 'brk-b.us'
 */
export function stooqSymbol({ symbol, exchange }: Pick<Instrument, 'symbol' | 'exchange'>): string {
  return symbol.toLowerCase().replace(/\.[a-z]+$/, '') + exchange.stooqSuffix;
}
