/** A market that both vendors cover, and when its session ends there. */
export interface Market {
  /** What Yahoo puts after the symbol; nothing for the United States. */
  yahoo: string;
  /** What Stooq puts after the symbol; nothing for Poland, its home. */
  stooq: string;
  timeZone: string;
  /** The end of the regular session, closing auction included, as `HH:MM` there. */
  close: string;
}

const UNITED_STATES: Market = { yahoo: '', stooq: '.us', timeZone: 'America/New_York', close: '16:00' };

/** Stooq's markets. The ends of auctions are rounded up: a row a few minutes late is whole, one early is not. */
const MARKETS: readonly Market[] = [
  UNITED_STATES,
  { yahoo: '.L', stooq: '.uk', timeZone: 'Europe/London', close: '16:40' },
  { yahoo: '.DE', stooq: '.de', timeZone: 'Europe/Berlin', close: '17:40' },
  { yahoo: '.T', stooq: '.jp', timeZone: 'Asia/Tokyo', close: '15:30' },
  { yahoo: '.HK', stooq: '.hk', timeZone: 'Asia/Hong_Kong', close: '16:10' },
  { yahoo: '.WA', stooq: '', timeZone: 'Europe/Warsaw', close: '17:05' },
  { yahoo: '.BD', stooq: '.hu', timeZone: 'Europe/Budapest', close: '17:10' },
];

/** American indices by Yahoo's and Stooq's names, which have nothing in common. */
const INDICES: readonly (readonly [yahoo: string, stooq: string])[] = [
  ['^GSPC', '^spx'],
  ['^DJI', '^dji'],
  ['^IXIC', '^ndq'],
];

/** An instrument as Stooq names it, and its market there. */
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
 * @returns nothing where Stooq has no such market
 */
export function toStooq(symbol: string): StooqSymbol | undefined {
  const index = INDICES.find(([yahoo]) => yahoo === symbol);
  if (index) return { code: index[1], market: UNITED_STATES };
  const [, stem, suffix = ''] = /^([A-Z0-9]+(?:-[A-Z])?)(\.[A-Z]+)?$/.exec(symbol) ?? [];
  const market = MARKETS.find(({ yahoo }) => yahoo === suffix);
  if (!stem || !market) return undefined;
  // Hong Kong's numbers have four digits at Yahoo and only those that count at Stooq.
  const code = suffix === '.HK' ? stem.replace(/^0+/, '') : stem;
  return { code: `${code.toLowerCase()}${market.stooq}`, market };
}

/**
 * This project's form of a symbol of Stooq's.
 *
 * @example
 * fromStooq('brk-b.us'); // 'BRK-B'
 *
 * @returns nothing where this project has no form for it
 */
export function fromStooq(code: string): string | undefined {
  const index = INDICES.find(([, stooq]) => stooq === code);
  if (index) return index[0];
  const [, stem, suffix = ''] = /^([a-z0-9]+(?:-[a-z])?)(\.[a-z]+)?$/.exec(code) ?? [];
  const market = MARKETS.find(({ stooq }) => stooq === suffix);
  if (!stem || !market) return undefined;
  const symbol = market.yahoo === '.HK' ? stem.padStart(4, '0') : stem.toUpperCase();
  return `${symbol}${market.yahoo}`;
}
