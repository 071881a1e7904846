import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProviderError } from '../../../../../functions/ingest/providers/errors.ts';
import { openTiingoProvider } from '../../../../../functions/ingest/providers/tiingo/tiingo-provider.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { fixture } from '../fixtures.ts';

const tiingo = useLoopbackServer();
let headers: IncomingHttpHeaders;
beforeEach(() => {
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
});
afterEach(() => vi.unstubAllEnvs());

/** A row of Tiingo's: the close as traded, and adjusted. */
const row = (day: string, close: number, adjClose = close, rest: object = {}) => ({
  date: `${day}T00:00:00.000Z`,
  ...{ close, high: close, low: close, open: close, volume: 1000 },
  ...{ adjClose, adjHigh: adjClose, adjLow: adjClose, adjOpen: adjClose, adjVolume: 1000 },
  ...{ divCash: 0, splitFactor: 1 },
  ...rest,
});

function answer(status: number, body: unknown, extra: Record<string, string> = {}) {
  tiingo.answer = (request, response) => {
    headers = request.headers;
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const fetchBars = async () =>
  (
    await openTiingoProvider({
      keySecret: `file://${fixture('ok/stooq.key')}`,
      origin: tiingo.origin,
      timeoutMs: 5000,
    })
  ).fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2024-03-01', to: '2024-03-06' });
const refused = async () => {
  const error = await fetchBars().catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${JSON.stringify(error)}`);
  return error;
};

test('requests one symbol, with the token in a header', async () => {
  answer(200, []);
  expect((await fetchBars()).bars).toEqual([]);
  const [url] = tiingo.asked;
  expect(url?.pathname).toBe('/tiingo/daily/brk-b/prices');
  expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
    startDate: '2024-03-01',
    endDate: '2024-03-06',
    format: 'json',
  });
  expect(headers.authorization).toMatch(/^Token \S+$/);
});

test('reads the adjusted columns, the actions, and the factors for dividends alone', async () => {
  answer(200, [
    row('2024-03-01', 200, 98),
    row('2024-03-04', 100, 98, { splitFactor: 2 }),
    row('2024-03-05', 98, 98, { divCash: 2 }),
  ]);
  expect(await fetchBars()).toEqual({
    bars: ['2024-03-01', '2024-03-04', '2024-03-05'].map((day) => {
      return { ts: Date.parse(day), o: 98, h: 98, l: 98, c: 98, v: 1000 };
    }),
    actions: [
      { exDay: '2024-03-04', kind: 'split', value: 2 },
      { exDay: '2024-03-05', kind: 'dividend', value: 2 },
    ],
    adjustments: [
      [Date.parse('2024-03-01'), 0.98],
      [Date.parse('2024-03-05'), 1],
    ],
    currency: 'USD',
    timeZone: 'America/New_York',
    tradesEveryDay: false,
    hasVolume: true,
  });
});

test.each([
  ['2024-03-05T22:29:00Z', 1],
  ['2024-03-05T22:30:00Z', 2],
])('leaves out a day until its prices are complete (%s)', async (clock, count) => {
  vi.stubEnv('CLOCK', clock);
  answer(200, [row('2024-03-04', 5), row('2024-03-05', 6)]);
  expect((await fetchBars()).bars).toHaveLength(count);
});

test('keeps the other bars where a price is missing or text', async () => {
  answer(200, [
    row('2024-03-01', 5, 5, { adjOpen: null }),
    row('2024-03-04', 6, 6, { adjClose: 'x' }),
    row('2024-03-05', 7),
  ]);
  expect((await fetchBars()).bars).toMatchObject([{ o: Number.NaN, c: 5 }, { c: Number.NaN }, { c: 7 }]);
});

describe('refusals', () => {
  const ALLOWANCE = 'Error: You have run over your hourly request allocation.';

  test.each<[string, number, unknown]>([
    ['quota_exceeded', 429, { detail: ALLOWANCE }],
    ['quota_exceeded', 200, 'You have run over your 500 symbol look up for this month.'],
    ['quota_exceeded', 200, { detail: ALLOWANCE }],
    ['rate_limited', 429, 'Too Many Requests'],
    ['key_refused', 401, { detail: 'Invalid token.' }],
    ['key_refused', 403, { detail: 'Authentication credentials were not provided.' }],
    ['key_refused', 200, { detail: 'Please supply a token' }],
    ['not_found', 404, { detail: "Error: Ticker 'BRK-B' not found" }],
    ['unavailable', 502, '<html></html>'],
    ['blocked', 200, '<html></html>'],
    ['partial_answer', 200, '[{"date":"2024-'],
    ['partial_answer', 200, ''],
    ['schema_drift', 200, { rows: [] }],
    ['schema_drift', 200, [{ day: '2024-03-01' }]],
    ['schema_drift', 200, [row('2024-03-01', 5, 5, { adjClose: undefined })]],
  ])('are reported as %s: HTTP %i %j', async (reason, status, body) => {
    answer(status, body);
    expect(await refused()).toMatchObject({ reason });
  });
});
