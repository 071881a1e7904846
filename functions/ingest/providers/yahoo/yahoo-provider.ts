import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import type { Interval } from '../../../shared/constants.ts';
import { readCurrency } from '../../../shared/currencies.ts';
import { DAY_MS, HOUR_MS } from '../../../shared/days.ts';
import { answeredAt } from '../../../shared/http-headers.ts';
import { BlockedError, PartialAnswerError, ProviderError, SchemaDriftError } from '../errors.ts';
import { send } from '../http.ts';
import { inMajorUnit } from '../minor-units.ts';
import type { BarRequest, FetchedBars, Listing, Provider } from '../provider.ts';
import { type ReadChart, readChart } from './yahoo-chart.ts';
import { readChartAnswer } from './yahoo-chart-answer.ts';
import { type YahooClient, YahooLogin } from './yahoo-crumb.ts';
import { yahooFetch } from './yahoo-fetch.ts';
import { NoTradingError, readYahooAnswer } from './yahoo-refusal.ts';
import { toYahoo } from './yahoo-symbols.ts';
import { CLOCK_TOLERANCE_MS } from './yahoo-trading-hours.ts';

/** The host of Yahoo's charts. */
const CHART_ORIGIN = 'https://query2.finance.yahoo.com';

const YAHOO_INTERVALS = { daily: '1d', '15m': '15m' } as const satisfies Record<Interval, string>;

/** The parts of a summary that a listing needs. */
const MODULES = ['assetProfile', 'price', 'summaryDetail'] as const;

/** For a missing value, Yahoo omits the field or sends null, an empty text, or the word "Infinity". */
const Words = z.string().trim().min(1).optional().catch(undefined);
const Amount = z.number().positive().optional().catch(undefined);

/** The fields of a summary that this project reads. The library's own schema also refuses others. */
const Summary = z.object({
  assetProfile: z.object({ sector: Words }).optional().catch(undefined),
  price: z.object({
    longName: Words,
    shortName: Words,
    exchangeName: Words,
    currency: Words,
    marketCap: Amount,
  }),
  summaryDetail: z.object({ trailingPE: Amount }).optional().catch(undefined),
});

/** How to reach Yahoo. */
export interface YahooOptions {
  /** Another origin for the API, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole answer may take. */
  timeoutMs: number;
}

/**
 * Opens Yahoo Finance: bars from its chart API, adjusted for splits and dividends, and listings from its quote
 * summaries. Each call sends one request: pace and retries are up to the caller (see `resilient`).
 *
 * @example
 * const provider = openYahooProvider({ timeoutMs: 20_000 });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 */
export function openYahooProvider(options: YahooOptions): Provider {
  const login = new YahooLogin();
  return {
    name: 'yahoo',
    fetchBars: (request) => fetchBars(request, options),
    describe: (symbol) => describe(symbol, login, options),
  };
}

async function fetchBars(request: BarRequest, options: YahooOptions): Promise<FetchedBars> {
  try {
    let chart = await fetchChart(request, options);
    if (chart.isDoubtful) chart = await fetchChart(request, options);
    const { isDoubtful: _, ...answer } = chart;
    return inMajorUnit(answer);
  } catch (error) {
    if (error instanceof NoTradingError) return { bars: [], actions: [] };
    throw error;
  }
}

/** Fetches a chart. Yahoo requires neither a cookie nor a crumb for it. */
async function fetchChart(request: BarRequest, { origin, timeoutMs }: YahooOptions): Promise<ReadChart> {
  const { symbol, interval, from, to } = request;
  const url = new URL(`/v8/finance/chart/${encodeURIComponent(toYahoo(symbol))}`, origin ?? CHART_ORIGIN);
  // A day early: a session east of UTC+9 opens on the day before in UTC. Surplus rows are dropped.
  const period1 = (Date.parse(from) - DAY_MS) / 1000;
  const period2 = (Date.parse(to) + DAY_MS) / 1000;
  url.search = new URLSearchParams({
    period1: String(period1),
    period2: String(period2),
    interval: YAHOO_INTERVALS[interval],
    events: 'div|split',
    includePrePost: 'false',
  }).toString();
  const instant = now().getTime();
  const answer = await send(url, { subject: symbol, vendor: 'Yahoo', timeoutMs });
  const json = readYahooAnswer(symbol, 'chart', answer);
  const answered = answeredAt(answer.headers) ?? instant;
  if (instant - answered > CLOCK_TOLERANCE_MS) {
    const hours = ((instant - answered) / HOUR_MS).toFixed(1);
    throw new PartialAnswerError(`${symbol}: the answer is ${hours} h old by this clock`);
  }
  // A session is over once both clocks say so: this clock may be fast.
  return readChart(readChartAnswer(symbol, json), request, Math.min(instant, answered));
}

async function describe(
  symbol: string,
  login: YahooLogin,
  { origin, timeoutMs }: YahooOptions,
): Promise<Listing> {
  const summary = Summary.safeParse(await fetchSummary());
  if (!summary.success) throw new SchemaDriftError(`${symbol}: unexpected answer: a summary without a price`);
  const { assetProfile, price, summaryDetail } = summary.data;
  const name = price.longName ?? price.shortName;
  // Yahoo states the capitalisation in the currency itself, also where it states prices in a minor unit.
  const currency = price.currency && readCurrency(price.currency)?.currency;
  return {
    symbol,
    ...(price.exchangeName && { exchange: price.exchangeName }),
    ...(name && { name }),
    ...(assetProfile?.sector && { sector: assetProfile.sector }),
    ...(currency && { currency }),
    ...(price.marketCap && { marketCap: price.marketCap }),
    ...(summaryDetail?.trailingPE && { trailingPe: summaryDetail.trailingPE }),
  };

  /** Sends the request through the library, with cookie and crumb, and classifies refusals. */
  async function fetchSummary(): Promise<unknown> {
    const fetch = yahooFetch({ symbol, origin, timeoutMs });
    try {
      return await login.run((client: YahooClient) =>
        client.quoteSummary(toYahoo(symbol), { modules: [...MODULES] }, { fetch, validateResult: false }),
      );
    } catch (error) {
      throw error instanceof ProviderError ? error : refusalOfLibrary(symbol, error);
    }
  }
}

/** The refusal behind an error of the library itself, rather than of its fetch. */
function refusalOfLibrary(symbol: string, error: unknown): ProviderError {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const message = `${symbol}: unexpected answer: ${line.slice(0, 200)}`;
  // Yahoo set no cookie; the library's message asks users to report that.
  if (/set-cookie|consent|crumb/i.test(line)) return new BlockedError(message, { cause: error });
  // The request succeeded, so Yahoo has changed a form that the library cannot read.
  return new SchemaDriftError(message, { cause: error });
}
