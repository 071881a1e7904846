import YahooFinance from 'yahoo-finance2';
import type { ChartMeta, ChartResultObject } from 'yahoo-finance2/modules/chart';
import { now } from '../../../shared/clock.ts';
import { ENV, type Interval } from '../../../shared/constants.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { adjust } from '../adjust.ts';
import { type Bar, type BarRequest, type Provider, ProviderError } from '../provider.ts';
import { yahooFetch } from './yahoo-fetch.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const INTRADAY_MS = 15 * 60 * 1000;
const YAHOO_INTERVALS = { daily: '1d', '15m': '15m' } as const satisfies Record<Interval, string>;
const SILENT = { info() {}, warn() {}, error() {}, debug() {}, dir() {} };

/**
 * Opens Yahoo Finance's chart API. Daily bars are adjusted for splits and dividends; 15-minute bars for
 * splits only, since Yahoo has no adjusted close for them.
 *
 * @example
 * const provider = openYahooProvider({});
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @param options - `origin`: another origin for the API, such as a test server's
 * @throws ConfigurationError if the origin is not an http(s) URL
 */
export function openYahooProvider({ origin }: { origin?: string | undefined }): Provider {
  if (origin && !(URL.canParse(origin) && /^https?:\/\//.test(origin))) {
    throw new ConfigurationError(`${ENV.yahooOrigin} is not an http(s) URL: ${origin}`);
  }
  const client = new YahooFinance({
    fetch: yahooFetch(origin),
    versionCheck: false,
    logger: SILENT,
    validation: { logErrors: false, logOptionsErrors: false },
  });
  return {
    name: 'yahoo',
    fetchBars: async (request) => {
      const instant = now().getTime();
      try {
        const chart = await client.chart(request.symbol, {
          // A day early, since a session east of UTC+9 opens on the day before in UTC; toBars drops what is over.
          period1: new Date(Date.parse(request.from) - DAY_MS),
          period2: new Date(Date.parse(request.to) + DAY_MS),
          interval: YAHOO_INTERVALS[request.interval],
          events: 'div|split',
          includePrePost: false,
          // The library's own arrays are built from this, but print to the console where lengths differ.
          return: 'object',
        });
        return toBars(chart, request, instant);
      } catch (error) {
        // Yahoo's answer for a span without a session, such as a holiday.
        if (error instanceof Error && error.message.startsWith("Data doesn't exist for startDate")) return [];
        throw refusal(request.symbol, error);
      }
    },
  };
}

function toBars(chart: ChartResultObject, { interval, from, to }: BarRequest, instant: number): Bar[] {
  const dayOf = dayFormat(chart.meta.exchangeTimezoneName);
  const starts = chart.timestamp ?? [];
  const [quote] = chart.indicators.quote;
  const adjusted = interval === 'daily' ? chart.indicators.adjclose?.[0]?.adjclose : quote?.close;
  if (starts.length > 0 && !adjusted) {
    // Taken as they are, prices would look like a restated history without dividends.
    throw new ProviderError('schema_drift', 'unexpected answer: daily bars without adjusted close');
  }
  const columns = [quote?.open, quote?.high, quote?.low, quote?.close, quote?.volume, adjusted];
  if (columns.some((column) => column && column.length !== starts.length)) {
    throw new ProviderError('schema_drift', 'unexpected answer: columns of unequal length');
  }
  const bars: Bar[] = [];
  for (const [i, seconds] of starts.entries()) {
    const start = seconds * 1000;
    const day = dayOf(start);
    if (day < from || day > to) continue;
    const end = interval === 'daily' ? sessionEnd(chart.meta, start, dayOf) : start + INTRADAY_MS;
    if (end > instant) continue;
    const ts = interval === 'daily' ? Date.parse(day) : start;
    const [o, h, l, c] = [quote?.open[i], quote?.high[i], quote?.low[i], quote?.close[i]];
    const adjClose = adjusted?.[i];
    // Yahoo has rows without prices, for halts and for sessions that it has not settled.
    if (o == null || h == null || l == null || !c || adjClose == null) continue;
    const bar = adjust({ ts, o, h, l, c, v: quote?.volume[i] ?? 0 }, adjClose);
    // Yahoo may give the last session twice, the second time as its last quote.
    if (bars.at(-1)?.ts === ts) bars.pop();
    bars.push(bar);
  }
  return bars;
}

/** When the session of a daily bar ends: known of the current one, for others as long after their start. */
function sessionEnd(meta: ChartMeta, start: number, dayOf: (ts: number) => string): number {
  const { regular } = meta.currentTradingPeriod;
  const [currentStart, currentEnd] = [regular.start.getTime(), regular.end.getTime()];
  return dayOf(start) === dayOf(currentStart) ? currentEnd : start + (currentEnd - currentStart);
}

/** Formats instants as the day that they are on in a time zone. */
function dayFormat(timeZone: string): (ts: number) => string {
  // Swedish dates are written YYYY-MM-DD.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (ts) => format.format(ts);
}

function refusal(symbol: string, error: unknown): ProviderError {
  if (error instanceof ProviderError) {
    return new ProviderError(error.reason, `${symbol}: ${error.message}`, { cause: error.cause });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/no data found|not found|delisted/i.test(message)) {
    return new ProviderError('not_found', `${symbol}: ${message}`, { cause: error });
  }
  // The request is sound and the answer a success: what the library cannot read, Yahoo has changed.
  const [line = ''] = message.split('\n');
  return new ProviderError('schema_drift', `${symbol}: unexpected answer: ${line.slice(0, 200)}`, {
    cause: error,
  });
}
