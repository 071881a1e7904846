import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAlpacaProvider } from '../../../../../functions/ingest/providers/alpaca/alpaca-provider.ts';
import { ProviderError } from '../../../../../functions/ingest/providers/errors.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { fixture } from '../fixtures.ts';

const alpaca = useLoopbackServer();
let headers: IncomingHttpHeaders;
beforeEach(() => {
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
});
afterEach(() => vi.unstubAllEnvs());

/** A row of Alpaca's, stamped with midnight in New York. */
const row = (day: string, c: number, rest: object = {}) => ({
  ...{ t: `${day}T05:00:00Z`, o: c, h: c + 1, l: c - 1, c, v: 1000, n: 9, vw: c },
  ...rest,
});
type Page = [status: number, body: unknown, headers?: Record<string, string>];

/** Answers each request with the next page, and repeats the last one. */
function pages(...script: Page[]) {
  alpaca.answer = (request, response) => {
    headers = request.headers;
    const [status, body, extra = {}] = (script.length > 1 ? script.shift() : script[0]) ?? [500, ''];
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const open = () =>
  openAlpacaProvider({
    keySecret: `file://${fixture('ok/alpaca.key')}`,
    origin: alpaca.origin,
    timeoutMs: 5000,
    pageIntervalMs: 1,
  });
const DAYS = { interval: 'daily', from: '2024-03-01', to: '2024-03-06' } as const;
const fetchMany = async (...symbols: string[]) => (await open()).fetchMany?.({ symbols, ...DAYS });
const fetchOne = async () => (await open()).fetchBars({ symbol: 'BRK-B', ...DAYS });
const refused = async () => {
  const error = await fetchOne().catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${JSON.stringify(error)}`);
  return error;
};

test('requests many symbols at once, adjusted, in its own form, and not of the last quarter of an hour', async () => {
  pages([200, { bars: { AAPL: [row('2024-03-01', 5)], 'BRK.B': [] }, next_page_token: null }]);
  await fetchMany('AAPL', 'BRK-B');
  expect(alpaca.asked).toHaveLength(1);
  expect(alpaca.asked[0]?.pathname).toBe('/v2/stocks/bars');
  expect(Object.fromEntries(alpaca.asked[0]?.searchParams ?? [])).toEqual({
    symbols: 'AAPL,BRK.B',
    timeframe: '1Day',
    start: '2024-03-01',
    end: '2024-03-06T11:44:00.000Z',
    adjustment: 'all',
    feed: 'sip',
    sort: 'asc',
    limit: '10000',
  });
  expect(headers).toMatchObject({ 'apca-api-key-id': 'AK0000', 'apca-api-secret-key': 'alpaca-s3cret' });
});

test('reads bars by the day in New York, over several pages', async () => {
  pages(
    [200, { bars: { AAPL: [row('2024-03-01', 5)] }, next_page_token: 'bmV4dA==' }],
    [200, { bars: { AAPL: [row('2024-03-04', 6)], 'BRK.B': [row('2024-03-04', 7)] }, next_page_token: null }],
  );
  const answers = await fetchMany('AAPL', 'BRK-B', 'NONE');
  expect(answers?.get('AAPL')).toEqual({
    bars: [
      { ts: Date.UTC(2024, 2, 1), o: 5, h: 6, l: 4, c: 5, v: 1000 },
      { ts: Date.UTC(2024, 2, 4), o: 6, h: 7, l: 5, c: 6, v: 1000 },
    ],
    actions: [],
    currency: 'USD',
    timeZone: 'America/New_York',
    tradesEveryDay: false,
    hasVolume: true,
  });
  expect(answers?.get('BRK-B')).toMatchObject({ bars: [{ c: 7 }] });
  expect(answers?.has('NONE')).toBe(false);
  expect(alpaca.asked.map((url) => url.searchParams.get('page_token'))).toEqual([null, 'bmV4dA==']);
});

test('reads the stamps of summer time', async () => {
  vi.stubEnv('CLOCK', '2024-03-13T12:00:00Z');
  pages([
    200,
    { bars: { 'BRK.B': [row('2024-03-12', 5, { t: '2024-03-12T04:00:00Z' })] }, next_page_token: null },
  ]);
  const { bars } = await (await open()).fetchBars({ symbol: 'BRK-B', ...DAYS, to: '2024-03-12' });
  expect(bars).toMatchObject([{ ts: Date.UTC(2024, 2, 12) }]);
});

test.each([
  ['2024-03-05T21:19:00Z', 1],
  ['2024-03-05T21:20:00Z', 2],
])('leaves out a day until it is complete (%s)', async (clock, count) => {
  vi.stubEnv('CLOCK', clock);
  pages([200, { bars: { 'BRK.B': [row('2024-03-04', 5), row('2024-03-05', 6)] }, next_page_token: null }]);
  expect((await fetchOne()).bars).toHaveLength(count);
});

test('keeps the other bars where a price is missing or text', async () => {
  const rows = [row('2024-03-01', 5, { o: null }), row('2024-03-04', 6, { h: 'x' }), row('2024-03-05', 7)];
  pages([200, { bars: { 'BRK.B': rows }, next_page_token: null, currency: 'USD' }]);
  expect((await fetchOne()).bars).toMatchObject([{ o: Number.NaN, c: 5 }, { h: Number.NaN }, { c: 7 }]);
});

test('requests the others again where Alpaca does not accept one symbol', async () => {
  pages(
    [400, { message: 'invalid symbol: BRK.B' }],
    [200, { bars: { AAPL: [row('2024-03-01', 5)] }, next_page_token: null }],
  );
  const answers = await fetchMany('AAPL', 'BRK-B');
  expect(answers?.get('BRK-B')).toMatchObject({ reason: 'not_found' });
  expect(answers?.get('AAPL')).toMatchObject({ bars: [{ c: 5 }] });
});

test('reports a symbol without bars as not found', async () => {
  pages([200, { bars: null, next_page_token: null }]);
  expect(await refused()).toMatchObject({ reason: 'not_found' });
});

describe('refusals', () => {
  test.each<[string, Page]>([
    ['rate_limited', [429, { message: 'too many requests.' }]],
    ['key_refused', [403, { message: 'forbidden.' }]],
    ['key_refused', [401, { message: 'unauthorized' }]],
    ['not_covered', [403, { message: 'subscription does not permit querying recent SIP data' }]],
    ['unavailable', [500, { code: 50010000, message: 'internal server error occurred' }]],
    ['unavailable', [504, '<html></html>']],
    ['blocked', [200, '<html></html>']],
    ['blocked', [307, '', { location: 'https://example.com' }]],
    ['partial_answer', [200, '{"bars":{"BRK.B":[{"t":"2024-']],
    ['partial_answer', [200, '']],
    ['schema_drift', [400, { message: 'invalid limit' }]],
    ['schema_drift', [200, 'none']],
    ['schema_drift', [200, { data: {} }]],
    ['schema_drift', [200, { bars: { MSFT: [row('2024-03-01', 5)] }, next_page_token: null }]],
    ['schema_drift', [200, { bars: {}, next_page_token: 'again' }]],
  ])('are reported as %s: %j', async (reason, page) => {
    pages(page);
    expect(await refused()).toMatchObject({ reason });
  });

  test('hold further requests until the limit is reset', async () => {
    pages([429, { message: 'too many requests.' }, { 'x-ratelimit-reset': String(Date.now() / 1000 + 30) }]);
    expect((await refused()).retryAfterMs).toBeGreaterThan(20_000);
  });

  test('never show the key', async () => {
    pages([200, { bars: { 'alpaca-s3cret': [] }, next_page_token: null }]);
    expect(await refused()).toMatchObject({ message: 'BRK-B: unexpected answer: it repeats the key' });
  });
});
