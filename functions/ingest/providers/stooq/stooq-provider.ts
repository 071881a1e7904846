import { now } from '../../../shared/clock.ts';
import { toDay } from '../../../shared/days.ts';
import { defined } from '../../../shared/invariant.ts';
import { KeyRefusedError, ProviderError, SchemaDriftError } from '../errors.ts';
import { exchangeTime } from '../exchange-time.ts';
import { answeredAt, ask } from '../http.ts';
import type { Bar, BarRequest, FetchedBars, Provider } from '../provider.ts';
import { readStooqAnswer } from './stooq-answer.ts';
import { readStooqKey } from './stooq-key.ts';
import { type Market, toStooq } from './stooq-symbols.ts';

const ORIGIN = 'https://stooq.com';

/** How to reach Stooq. */
export interface StooqOptions {
  /** Secret that holds the key: a Secrets Manager id or ARN, or a `file:` URL. */
  keySecret: string;
  /** Another origin, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole answer may take. */
  timeoutMs: number;
}

/**
 * Opens Stooq's daily history, adjusted for splits and dividends at the source, which does not tell of them.
 * Each call asks once; pacing and retries are the caller's, see `resilient`.
 *
 * @example
 * const provider = await openStooqProvider({ keySecret: 'file:///etc/stooq.key', timeoutMs: 20_000 });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @throws ConfigurationError if the key cannot be read
 */
export async function openStooqProvider({ keySecret, origin, timeoutMs }: StooqOptions): Promise<Provider> {
  let key = await readStooqKey(keySecret);
  const fetchWith = async (apikey: string, request: BarRequest) => {
    try {
      return await fetchBars(request, apikey, { origin: origin ?? ORIGIN, timeoutMs });
    } catch (error) {
      // Messages quote headers and fields, and a server can write the key of the request into those.
      if (!(error instanceof ProviderError && error.message.includes(apikey))) throw error;
      throw new SchemaDriftError(`${request.symbol}: unexpected answer: it repeats the key`);
    }
  };
  return {
    name: 'stooq',
    fetchBars: async (request) => {
      const used = key;
      try {
        return await fetchWith(used, request);
      } catch (error) {
        if (!(error instanceof KeyRefusedError)) throw error;
        // A process outlives a key: the secret may hold another one by now.
        key = await readStooqKey(keySecret);
        if (key === used) throw error;
        return fetchWith(key, request);
      }
    },
  };
}

async function fetchBars(
  { symbol, from, to }: BarRequest,
  apikey: string,
  { origin, timeoutMs }: { origin: string; timeoutMs: number },
): Promise<FetchedBars> {
  const listed = defined(toStooq(symbol), `Stooq's form of ${symbol}`);
  const url = new URL('/q/d/l/', origin);
  const days = { d1: from.replaceAll('-', ''), d2: to.replaceAll('-', '') };
  url.search = new URLSearchParams({ s: listed.code, ...days, i: 'd', apikey }).toString();
  const instant = now().getTime();
  const answer = await ask(url, { subject: symbol, vendor: 'Stooq', timeoutMs });
  // A session is over when both clocks say so: ours may be fast, and an answer may be old, out of a cache.
  const closedBy = Math.min(instant, answeredAt(answer.headers) ?? instant);
  const isClosed = closedTest(listed.market, closedBy);
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const bars = readStooqAnswer(symbol, answer).filter(({ ts }) => ts >= first && ts <= last && isClosed(ts));
  return { bars, actions: [] };
}

/** Tells whether the session of a day was over at an instant. */
function closedTest({ timeZone, close }: Market, instant: number): (ts: Bar['ts']) => boolean {
  const time = exchangeTime(timeZone)(instant);
  return (ts) => `${toDay(ts)} ${close}` <= time;
}
