import { now } from '../../../shared/clock.ts';
import { toDay } from '../../../shared/days.ts';
import { answeredAt } from '../../../shared/http-headers.ts';
import { defined } from '../../../shared/invariant.ts';
import { exchangeTime } from '../exchange-time.ts';
import { send } from '../http.ts';
import { inMajorUnit } from '../minor-units.ts';
import type { Bar, BarRequest, FetchedBars, Provider } from '../provider.ts';
import { VendorKey } from '../vendor-key.ts';
import { readStooqAnswer } from './stooq-answer.ts';
import { type Market, toStooq } from './stooq-symbols.ts';

const ORIGIN = 'https://stooq.com';

/** How to reach Stooq. */
export interface StooqOptions {
  /** The secret that holds the key: a Secrets Manager id or ARN, or a `file:` URL. */
  keySecret: string;
  /** Another origin, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole answer may take. */
  timeoutMs: number;
}

/**
 * Opens Stooq's daily history. Stooq adjusts it for splits and dividends without reporting them. Each call sends one
 * request: pace and retries are up to the caller (see `resilient`).
 *
 * @example
 * const provider = await openStooqProvider({ keySecret: 'file:///etc/stooq.key', timeoutMs: 20_000 });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @throws ConfigurationError if the key cannot be read
 */
export async function openStooqProvider({ keySecret, origin, timeoutMs }: StooqOptions): Promise<Provider> {
  const key = await VendorKey.open({ secretId: keySecret, vendor: 'Stooq', parts: ['apikey'] });
  const reach = { origin: origin ?? ORIGIN, timeoutMs };
  return {
    name: 'stooq',
    fetchBars: (request) => key.run(request.symbol, ({ apikey }) => fetchBars(request, apikey, reach)),
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
  const answer = await send(url, { subject: symbol, vendor: 'Stooq', timeoutMs });
  // A session is over once both clocks say so: this clock may be fast, and a cached answer may be old.
  const closedBy = Math.min(instant, answeredAt(answer.headers) ?? instant);
  const isClosed = closedTest(listed.market, closedBy);
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const bars = readStooqAnswer(symbol, answer).filter(({ ts }) => ts >= first && ts <= last && isClosed(ts));
  const { currency, timeZone } = listed.market;
  return inMajorUnit({ bars, actions: [], currency, timeZone });
}

/** Tests whether a day's session was over at an instant. */
function closedTest({ timeZone, close }: Market, instant: number): (ts: Bar['ts']) => boolean {
  const time = exchangeTime(timeZone)(instant);
  return (ts) => `${toDay(ts)} ${close}` <= time;
}
