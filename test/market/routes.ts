import type { Interval } from '../../functions/shared/constants.ts';
import type { RequestTarget } from './fault-plan.ts';
import type { Market } from './market.ts';

/** A request, by its URL. */
export interface Route extends RequestTarget {
  /** The symbol as requested; `symbol` is Yahoo's form, where the market knows it. */
  requested?: string | undefined;
}

const INTERVALS: Readonly<Record<string, Interval>> = { '1d': 'daily', '15m': '15m' };
const CHART = '/v8/finance/chart/';
const SUMMARY = '/v10/finance/quoteSummary/';

/** Massive's paths: all shares of a day, and the days of a share. */
export const MASSIVE_DAY = '/v2/aggs/grouped/locale/us/market/stocks/';
export const MASSIVE_RANGE = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/1\/day\/([\d-]+)\/([\d-]+)$/;

/** One origin replaces all of Yahoo's hosts, so paths distinguish the endpoints. */
export function routeOf({ pathname, searchParams }: URL, market: Market): Route | undefined {
  if (pathname.startsWith(CHART)) {
    const requested = decoded(pathname.slice(CHART.length));
    const interval = INTERVALS[searchParams.get('interval') ?? '1d'];
    return { endpoint: 'chart', requested, symbol: requested.toUpperCase(), interval };
  }
  if (pathname.startsWith(SUMMARY)) {
    const requested = decoded(pathname.slice(SUMMARY.length));
    return { endpoint: 'quote_summary', requested, symbol: requested.toUpperCase() };
  }
  if (pathname === '/q/d/l/') {
    const requested = searchParams.get('s') ?? '';
    const symbol = market.findByStooqSymbol(requested)?.symbol ?? requested.toUpperCase();
    return { endpoint: 'stooq', requested, symbol, interval: 'daily' };
  }
  if (pathname === '/v2/stocks/bars') {
    const symbols = (searchParams.get('symbols') ?? '').split(',').map((code) => code.replace('.', '-'));
    const one = symbols.length === 1 ? { symbol: symbols[0] } : { symbols };
    return { endpoint: 'alpaca', requested: symbols[0]?.replace('-', '.'), ...one, interval: 'daily' };
  }
  const [, ticker] = /^\/tiingo\/daily\/([^/]+)\/prices$/.exec(pathname) ?? [];
  if (ticker) {
    return { endpoint: 'tiingo', requested: ticker, symbol: ticker.toUpperCase(), interval: 'daily' };
  }
  const massive = massivePath(pathname);
  if (massive) return { endpoint: 'massive', interval: 'daily', ...massive };
  if (pathname === '/v1/test/getcrumb') return { endpoint: 'crumb' };
  const isCookie = ['/', '/consent', '/v2/collectConsent', '/copyConsent'].includes(pathname);
  return isCookie || pathname.startsWith('/quote/') ? { endpoint: 'cookie' } : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Invalid percent-encoding, and so not a symbol.
    return text;
  }
}

/** Whether a path is one of Massive's, with the symbol of a request for a single share. */
function massivePath(pathname: string): { symbol?: string } | undefined {
  const [, code] = MASSIVE_RANGE.exec(pathname) ?? [];
  if (code) return { symbol: code.replace('.', '-') };
  const isKnown = pathname.startsWith(MASSIVE_DAY) || /^\/stocks\/v1\/(splits|dividends)$/.test(pathname);
  return isKnown ? {} : undefined;
}
