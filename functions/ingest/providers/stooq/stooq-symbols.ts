/** A market, with its symbol suffixes and the end of its session. */
export interface Market {
  /** The suffix of this project's symbols, which is Yahoo's; empty for the United States. */
  own: string;
  /** The suffix of Stooq's symbols; empty for Poland, its home. */
  stooq: string;
  /** The unit of its prices: GBX is a penny. */
  currency: string;
  timeZone: string;
  /** The end of the regular session with its closing auction, in local time, `HH:MM`. */
  close: string;
}

const UNITED_STATES: Market = {
  own: '',
  stooq: '.us',
  currency: 'USD',
  timeZone: 'America/New_York',
  close: '16:00',
};

/** Stooq's markets. Auction ends are rounded up: a row read a few minutes late is complete, one read early is not. */
const MARKETS: readonly Market[] = [
  UNITED_STATES,
  { own: '.L', stooq: '.uk', currency: 'GBX', timeZone: 'Europe/London', close: '16:40' },
  { own: '.DE', stooq: '.de', currency: 'EUR', timeZone: 'Europe/Berlin', close: '17:40' },
  { own: '.T', stooq: '.jp', currency: 'JPY', timeZone: 'Asia/Tokyo', close: '15:30' },
  { own: '.HK', stooq: '.hk', currency: 'HKD', timeZone: 'Asia/Hong_Kong', close: '16:10' },
  { own: '.WA', stooq: '', currency: 'PLN', timeZone: 'Europe/Warsaw', close: '17:05' },
  { own: '.BD', stooq: '.hu', currency: 'HUF', timeZone: 'Europe/Budapest', close: '17:10' },
];

/** American indices, whose names at Stooq follow no rule. */
const INDICES: readonly (readonly [own: string, stooq: string])[] = [
  ['^GSPC', '^spx'],
  ['^DJI', '^dji'],
  ['^IXIC', '^ndq'],
];

/** Stooq's form of a symbol, and the market. */
export interface StooqSymbol {
  code: string;
  market: Market;
}

/**
 * Stooq's form of a symbol.
 *
 * @example
 * toStooq('BRK-B')?.code; // 'brk-b.us'
 * toStooq('0700.HK')?.code; // '700.hk'
 *
 * @returns nothing where Stooq has no such market, or another symbol has this code
 */
export function toStooq(symbol: string): StooqSymbol | undefined {
  const index = INDICES.find(([own]) => own === symbol);
  if (index) return { code: index[1], market: UNITED_STATES };
  const [, stem, suffix = ''] = /^([A-Z0-9]+(?:-[A-Z])?)(\.[A-Z]+)?$/.exec(symbol) ?? [];
  const market = MARKETS.find(({ own }) => own === suffix);
  if (!stem || !market) return undefined;
  // Stooq drops the leading zeros of Hong Kong's four-digit numbers.
  const code = `${(suffix === '.HK' ? stem.replace(/^0+/, '') : stem).toLowerCase()}${market.stooq}`;
  return fromStooq(code) === symbol ? { code, market } : undefined;
}

/**
 * This project's form of one of Stooq's symbols.
 *
 * @example
 * fromStooq('brk-b.us'); // 'BRK-B'
 *
 * @returns nothing where this project has no form of it
 */
export function fromStooq(code: string): string | undefined {
  const index = INDICES.find(([, stooq]) => stooq === code);
  if (index) return index[0];
  const [, stem, suffix = ''] = /^([a-z0-9]+(?:-[a-z])?)(\.[a-z]+)?$/.exec(code) ?? [];
  const market = MARKETS.find(({ stooq }) => stooq === suffix);
  if (!stem || !market) return undefined;
  const symbol = market.own === '.HK' ? stem.padStart(4, '0') : stem.toUpperCase();
  return `${symbol}${market.own}`;
}
