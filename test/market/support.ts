import { expect, onTestFinished } from 'vitest';
import YahooFinance from 'yahoo-finance2';
import { ExtendedCookieJar } from 'yahoo-finance2/lib/cookieJar';
import type { Bar } from '../../functions/ingest/providers/provider.ts';
import { type Market, unitsOf } from './market.ts';
import { type MarketServer, type MarketServerOptions, startMarket } from './server.ts';
import { type SyntheticOptions, syntheticMarket } from './synthetic.ts';

/** Starts a market for one test. */
export async function start(options: MarketServerOptions): Promise<MarketServer> {
  const server = await startMarket(options);
  onTestFinished(() => server.close());
  return server;
}

/** Starts a small market of instruments that do not exist. */
export function startSynthetic(
  options: Partial<SyntheticOptions> = {},
  server: Partial<MarketServerOptions> = {},
): Promise<MarketServer> {
  return start({ market: syntheticMarket({ instruments: 4, days: 60, seed: 7, ...options }), ...server });
}

/** The project's Yahoo library, with its requests sent to a server. */
export function yahooClient({ origin }: MarketServer) {
  return new YahooFinance({
    // By default, clients share their cookies.
    cookieJar: new ExtendedCookieJar(),
    versionCheck: false,
    suppressNotices: ['yahooSurvey'],
    logger: { info() {}, warn() {}, error() {}, debug() {}, dir() {} },
    validation: { logErrors: false },
    fetch: (input, init) => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      return fetch(origin + pathname + search, init);
    },
  });
}

/** Fetches a quote summary with a cookie and a crumb, as a browser would. */
export async function fetchSummary(
  { origin }: MarketServer,
  symbol: string,
  modules: string,
): Promise<unknown> {
  const page = await fetch(`${origin}/quote/${symbol}`);
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const crumb = await (await fetch(`${origin}/v1/test/getcrumb`, { headers: { cookie } })).text();
  const query = new URLSearchParams({ modules, crumb, formatted: 'false' });
  const path = `/v10/finance/quoteSummary/${symbol}?${query}`;
  return (await fetch(origin + path, { headers: { cookie } })).json();
}

/** A chart request; days start at midnight UTC. */
export interface ChartQuery {
  symbol: string;
  interval?: '1d' | '15m';
  from?: string;
  to?: string;
}

export function chartPath({ symbol, interval = '1d', from = '2000-01-01', to = '2100-01-01' }: ChartQuery) {
  const query = new URLSearchParams({
    period1: String(Date.parse(from) / 1000),
    period2: String(Date.parse(to) / 1000),
    interval,
    events: 'div|split',
    includePrePost: 'false',
  });
  return `/v8/finance/chart/${encodeURIComponent(symbol)}?${query}`;
}

/** The parts of a chart that tests check. */
export interface Chart {
  meta: {
    regularMarketTime: number;
    gmtoffset: number;
    timezone: string;
    exchangeTimezoneName: string;
    currentTradingPeriod: { regular: { start: number; end: number } };
    tradingPeriods?: { start: number; end: number; gmtoffset: number }[][];
  } & Record<string, unknown>;
  timestamp: number[];
  events?: {
    dividends?: Record<string, { amount: number; date: number }>;
    splits?: Record<string, { date: number; numerator: number; denominator: number; splitRatio: string }>;
  };
  indicators: {
    quote: [Record<'open' | 'high' | 'low' | 'close' | 'volume', number[]>];
    adjclose?: [{ adjclose: number[] }];
  };
}

export async function fetchChart({ origin }: MarketServer, query: ChartQuery): Promise<Chart> {
  const response = await fetch(origin + chartPath(query));
  expect(response.status).toBe(200);
  const { chart } = (await response.json()) as { chart: { result: [Chart]; error: null } };
  expect(chart.error).toBeNull();
  return chart.result[0];
}

/** The closed bars that a simple client reads from a daily chart. */
export function dailyBars(chart: Chart, instant: number): Bar[] {
  const { start, end } = chart.meta.currentTradingPeriod.regular;
  const midnight = (seconds: number) => {
    const local = new Date((seconds + chart.meta.gmtoffset) * 1000).toISOString().slice(0, 10);
    return Date.parse(local);
  };
  return rowsOf(chart).flatMap(({ ts, factor, ...row }) => {
    const isCurrent = midnight(ts) === midnight(start);
    return isCurrent && instant < end * 1000 ? [] : [adjusted({ ...row, ts: midnight(ts) }, factor)];
  });
}

/** The bars that a simple client reads from a 15-minute chart, with the dividend factors of a daily one. */
export function quarterBars(chart: Chart, daily: Chart, instant: number): Bar[] {
  const factors = new Map(
    rowsOf(daily).map(({ ts, factor }) => [new Date(ts * 1000).toDateString(), factor]),
  );
  const periods = chart.meta.tradingPeriods?.flat() ?? [];
  return rowsOf(chart).flatMap(({ ts, factor: _, ...row }) => {
    const isWithin = periods.some(({ start, end }) => ts >= start && ts < end);
    const isClosed = ts % 900 === 0 && (ts + 900) * 1000 <= instant;
    const factor = factors.get(new Date(ts * 1000).toDateString()) ?? 1;
    return isWithin && isClosed ? [adjusted({ ...row, ts: ts * 1000 }, factor)] : [];
  });
}

function rowsOf({ timestamp, indicators }: Chart) {
  const [{ open, high, low, close, volume }] = indicators.quote;
  return timestamp.map((ts, i) => {
    const [o = 0, h = 0, l = 0, c = 0, v = 0] = [open[i], high[i], low[i], close[i], volume[i]];
    return { ts, o, h, l, c, v, factor: (indicators.adjclose?.[0].adjclose[i] ?? c) / c };
  });
}

function adjusted({ ts, o, h, l, c, v }: Bar, factor: number): Bar {
  return { ts, o: o * factor, h: h * factor, l: l * factor, c: c * factor, v: v / factor };
}

/** The true bars in the unit that the exchange quotes: pence in London. */
export function quotedTruth(market: Market, ...of: Parameters<Market['truth']>): Bar[] {
  const [symbol] = of;
  const unit = unitsOf(market.view(symbol).instrument);
  return market.truth(...of).map(({ ts, o, h, l, c, v }) => {
    return { ts, o: o * unit, h: h * unit, l: l * unit, c: c * unit, v };
  });
}

/** Expects bars to equal the true ones, up to the rounding of the answer. */
export function expectBars(bars: readonly Bar[], truth: readonly Bar[], tolerance = 1e-6): void {
  expect(bars.map(({ ts }) => ts)).toEqual(truth.map(({ ts }) => ts));
  const off = (a: number, b: number) => Math.abs(a - b) / Math.abs(b);
  for (const [i, right] of truth.entries()) {
    const bar = bars[i] ?? right;
    const worst = Math.max(...(['o', 'h', 'l', 'c'] as const).map((key) => off(bar[key], right[key])));
    expect(worst, new Date(right.ts).toISOString()).toBeLessThan(tolerance);
    // Volumes are whole shares.
    expect(Math.abs(bar.v - right.v)).toBeLessThan(1 + right.v * tolerance);
  }
}
