import { z } from 'zod';
import { now } from '../../../shared/clock.ts';
import type { Interval } from '../../../shared/constants.ts';
import { DAY_MS } from '../../../shared/days.ts';
import { BlockedError, PartialAnswerError, ProviderError, SchemaDriftError } from '../errors.ts';
import type { BarRequest, FetchedBars, Listing, Provider } from '../provider.ts';
import { readChart } from './yahoo-chart.ts';
import { type YahooClient, YahooLogin } from './yahoo-crumb.ts';
import { yahooFetch } from './yahoo-fetch.ts';
import { NoTradingError } from './yahoo-refusal.ts';
import { toYahoo } from './yahoo-symbols.ts';
import { CLOCK_TOLERANCE_MS } from './yahoo-trading-hours.ts';

const YAHOO_INTERVALS = { daily: '1d', '15m': '15m' } as const satisfies Record<Interval, string>;

/** The parts of a summary that a listing needs. */
const MODULES = ['assetProfile', 'price', 'summaryDetail'] as const;

/** For a missing value, Yahoo omits the field or sends null, an empty text, or the word "Infinity". */
const Words = z.string().trim().min(1).optional().catch(undefined);
const Amount = z.number().positive().optional().catch(undefined);

/** The fields of a summary that this project reads. The library's own schema also refuses others. */
const Summary = z.object({
  assetProfile: z.object({ sector: Words }).optional().catch(undefined),
  price: z.object({ longName: Words, shortName: Words, exchangeName: Words, marketCap: Amount }),
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
export function openYahooProvider({ origin, timeoutMs }: YahooOptions): Provider {
  const login = new YahooLogin();
  /** Sends a request through the library, with cookie and crumb, and classifies refusals. */
  const query: Query = async (symbol, send) => {
    const request = yahooFetch({ symbol, origin, timeoutMs });
    try {
      const answer = await login.run((client) => send(client, { fetch: request.fetch }));
      return { answer, answeredAt: request.answeredAt() };
    } catch (error) {
      throw error instanceof ProviderError ? error : refusalOfLibrary(symbol, error);
    }
  };
  return {
    name: 'yahoo',
    fetchBars: (request) => fetchBars(request, query),
    describe: (symbol) => describe(symbol, query),
  };
}

type Query = <T>(
  symbol: string,
  send: (client: YahooClient, options: { fetch: typeof fetch }) => Promise<T>,
) => Promise<{ answer: T; answeredAt: number | undefined }>;

async function fetchBars(request: BarRequest, query: Query): Promise<FetchedBars> {
  const instant = now().getTime();
  const parameters = {
    // A day early: a session east of UTC+9 opens on the day before in UTC. Surplus rows are dropped.
    period1: new Date(Date.parse(request.from) - DAY_MS),
    period2: new Date(Date.parse(request.to) + DAY_MS),
    interval: YAHOO_INTERVALS[request.interval],
    events: 'div|split',
    includePrePost: false,
    // The library's array form prints to the console where columns differ in length.
    return: 'object',
  } as const;
  const fetchOnce = async () => {
    const { answer, answeredAt = instant } = await query(request.symbol, (client, options) =>
      client.chart(toYahoo(request.symbol), parameters, options),
    );
    if (instant - answeredAt > CLOCK_TOLERANCE_MS) {
      const hours = ((instant - answeredAt) / 3_600_000).toFixed(1);
      throw new PartialAnswerError(`${request.symbol}: the answer is ${hours} h old by this clock`);
    }
    // A session is over once both clocks say so: this clock may be fast.
    return readChart(answer, request, Math.min(instant, answeredAt));
  };
  try {
    let chart = await fetchOnce();
    if (chart.isDoubtful) chart = await fetchOnce();
    return { bars: chart.bars, actions: chart.actions };
  } catch (error) {
    if (error instanceof NoTradingError) return { bars: [], actions: [] };
    throw error;
  }
}

async function describe(symbol: string, query: Query): Promise<Listing> {
  const { answer } = await query<unknown>(symbol, (client, options) =>
    client.quoteSummary(toYahoo(symbol), { modules: [...MODULES] }, { ...options, validateResult: false }),
  );
  const summary = Summary.safeParse(answer);
  if (!summary.success) throw new SchemaDriftError(`${symbol}: unexpected answer: a summary without a price`);
  const { assetProfile, price, summaryDetail } = summary.data;
  const name = price.longName ?? price.shortName;
  return {
    symbol,
    ...(price.exchangeName && { exchange: price.exchangeName }),
    ...(name && { name }),
    ...(assetProfile?.sector && { sector: assetProfile.sector }),
    ...(price.marketCap && { marketCap: price.marketCap }),
    ...(summaryDetail?.trailingPE && { trailingPe: summaryDetail.trailingPE }),
  };
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
