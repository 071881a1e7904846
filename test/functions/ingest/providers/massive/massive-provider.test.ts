import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProviderError } from '../../../../../functions/ingest/providers/errors.ts';
import { openMassiveProvider } from '../../../../../functions/ingest/providers/massive/massive-provider.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { massiveAt, startMassive } from './massive-support.ts';

const massive = useLoopbackServer();
let headers: IncomingHttpHeaders;
beforeEach(() => {
  vi.stubEnv('CLOCK', '2024-03-06T22:00:00Z');
});
afterEach(() => vi.unstubAllEnvs());

/** A row of a share's days, stamped with midnight in New York. */
const row = (day: string, c: number, rest: object = {}) => ({
  ...{ t: Date.parse(`${day}T05:00:00Z`), o: c, h: c + 1, l: c - 1, c, v: 1000, vw: c, n: 9 },
  ...rest,
});
type Answer = [status: number, body: unknown, headers?: Record<string, string>];
const ok = (results: unknown, rest: object = {}): Answer => [200, { status: 'OK', results, ...rest }];

/** Answers by the kind of request; without an answer for a kind, with no rows. */
function answer(script: { bars?: Answer[]; splits?: Answer[]; dividends?: Answer[] }) {
  massive.answer = (request, response) => {
    headers = request.headers;
    const { url = '' } = request;
    const kind = url.includes('/splits')
      ? script.splits
      : url.includes('/dividends')
        ? script.dividends
        : script.bars;
    const [status, body, extra = {}] = (kind && kind.length > 1 ? kind.shift() : kind?.[0]) ?? ok(undefined);
    response.writeHead(status, { 'content-type': 'application/json', ...extra });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const DAYS = { interval: 'daily', from: '2024-03-01', to: '2024-03-06' } as const;
const fetchOne = async (batch?: string[]) => {
  const provider = await openMassiveProvider(massiveAt(massive.origin));
  return provider.fetchBars({ symbol: 'BRK-B', ...DAYS, ...(batch && { batch }) });
};
const refused = async (batch?: string[]) => {
  const error = await fetchOne(batch).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${JSON.stringify(error)}`);
  return error;
};

test('requests the days of a share in its own form, with the key in a header', async () => {
  answer({ bars: [ok([row('2024-03-01', 5)])] });
  expect(await fetchOne()).toEqual({
    bars: [{ ts: Date.UTC(2024, 2, 1), o: 5, h: 6, l: 4, c: 5, v: 1000 }],
    actions: [],
    currency: 'USD',
    timeZone: 'America/New_York',
    tradesEveryDay: false,
    hasVolume: true,
  });
  expect(massive.asked.map(({ pathname }) => pathname)).toEqual([
    '/v2/aggs/ticker/BRK.B/range/1/day/2024-03-01/2024-03-06',
    '/stocks/v1/splits',
    '/stocks/v1/dividends',
  ]);
  expect(massive.asked.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
    { adjusted: 'true', sort: 'asc', limit: '50000' },
    {
      'ticker.any_of': 'BRK.B',
      'execution_date.gte': '2024-03-01',
      'execution_date.lte': '2024-03-06',
      sort: 'execution_date.asc',
      limit: '5000',
    },
    {
      'ticker.any_of': 'BRK.B',
      'ex_dividend_date.gte': '2024-03-01',
      'ex_dividend_date.lte': '2024-03-06',
      sort: 'ex_dividend_date.asc',
      limit: '5000',
    },
  ]);
  expect(headers.authorization).toBe('Bearer not-a-real-key');
});

test('follows the pages on its own origin, wherever their address points', async () => {
  const next = 'https://elsewhere.example/v2/aggs/ticker/BRK.B/range/1/day/1/2?cursor=abc';
  answer({
    bars: [
      [200, { status: 'DELAYED', results: [row('2024-03-01', 5)], next_url: next }],
      ok([row('2024-03-04', 6)]),
    ],
  });
  expect((await fetchOne()).bars).toMatchObject([{ c: 5 }, { c: 6 }]);
  expect(massive.asked[1]?.search).toBe('?cursor=abc');
});

test('applies a dividend a share of today, and an action that is listed twice only once', async () => {
  const dividend = { ticker: 'BRK.B', ex_dividend_date: '2024-03-04', cash_amount: 4, currency: 'USD' };
  const split = { ticker: 'BRK.B', execution_date: '2024-03-05', split_from: 1, split_to: 4 };
  // Prices are adjusted for the split: 100 before is 25.
  answer({
    bars: [ok([row('2024-03-01', 25), row('2024-03-04', 24), row('2024-03-05', 24)])],
    splits: [ok([split, split])],
    dividends: [ok([dividend, { ...dividend, currency: 'CAD', cash_amount: 9 }, dividend])],
  });
  const { bars, actions } = await fetchOne();
  expect(bars.map(({ c }) => c)).toEqual([24, 24, 24]);
  expect(actions).toEqual([
    { exDay: '2024-03-04', kind: 'dividend', value: 4 },
    { exDay: '2024-03-05', kind: 'split', value: 4 },
  ]);
});

test('leaves an action after the last bar to a later run', async () => {
  answer({
    bars: [ok([row('2024-03-04', 25)])],
    dividends: [ok([{ ticker: 'BRK.B', ex_dividend_date: '2024-03-06', cash_amount: 5 }])],
  });
  expect(await fetchOne()).toMatchObject({ bars: [{ c: 25 }], actions: [] });
});

test('keeps the other bars where a price is missing or text', async () => {
  answer({ bars: [ok([row('2024-03-01', 5, { o: null }), row('2024-03-04', 6, { h: 'x' })])] });
  expect((await fetchOne()).bars).toMatchObject([{ o: Number.NaN, c: 5 }, { h: Number.NaN }]);
});

test('keeps both rows of a share that a day has twice, and skips damaged tickers', async () => {
  const grouped = (T: string, c: number) => ({ ...row('2024-03-01', c), T });
  answer({
    bars: [ok([grouped('BRK.B', 5), grouped('BRK.B', 6), grouped('\u0000HTLB^', 9), grouped('A', 7)])],
  });
  const batch = ['A', 'BRK-B', 'C', 'D', 'E'];
  const { bars } = await fetchOne(batch);
  expect(bars.filter(({ ts }) => ts === Date.UTC(2024, 2, 1)).map(({ c }) => c)).toEqual([5, 6]);
});

test('requests a refused day again for the next share', async () => {
  const grouped = { ...row('2024-03-01', 5), T: 'BRK.B' };
  answer({ bars: [[500, ''], ok([grouped])] });
  const provider = await openMassiveProvider(massiveAt(massive.origin));
  const request = { symbol: 'BRK-B', ...DAYS, batch: ['A', 'BRK-B', 'C', 'D', 'E'] };
  await expect(provider.fetchBars(request)).rejects.toMatchObject({ reason: 'unavailable' });
  expect((await provider.fetchBars(request)).bars).toHaveLength(4);
});

test('sends no request for a weekend', async () => {
  const provider = await openMassiveProvider(massiveAt(massive.origin));
  const days = { from: '2024-03-02', to: '2024-03-03' };
  expect(await provider.fetchBars({ symbol: 'A', interval: 'daily', ...days })).toMatchObject({ bars: [] });
  expect(massive.asked).toEqual([]);
});

test.each<[string, Answer]>([
  ['rate_limited', [429, { status: 'ERROR', error: "You've exceeded the maximum requests per minute" }]],
  ['rate_limited', [429, '']],
  ['key_refused', [401, { status: 'ERROR', error: 'Unknown API Key' }]],
  ['not_covered', [403, { status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }]],
  [
    'not_covered',
    [403, { status: 'NOT_AUTHORIZED', message: "Your plan doesn't include this data timeframe" }],
  ],
  ['not_covered', [200, { status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' }]],
  ['not_found', [404, { status: 'NOT_FOUND', message: 'Ticker not found.' }]],
  ['not_found', [200, { status: 'OK', queryCount: 0, resultsCount: 0 }]],
  ['unavailable', [500, 'Internal Server Error']],
  ['unavailable', [504, { status: 'ERROR', error: 'upstream timeout' }]],
  ['blocked', [200, '<html></html>']],
  ['partial_answer', [200, '{"status":"OK","results":[{"t":170']],
  ['partial_answer', [200, '']],
  ['schema_drift', [400, { status: 'ERROR', error: "Could not parse the time parameter: 'from'." }]],
  ['schema_drift', [200, { status: 'OK', results: [{ o: 1 }] }]],
  ['schema_drift', [200, { status: 'OK', results: [row('2024-03-01', 5)], next_url: 'https://a.example/b' }]],
])('reports %s: %j', async (reason, page) => {
  answer({ bars: [page] });
  expect(await refused()).toMatchObject({ reason });
});

test('reports a day without a sound ticker as drift', async () => {
  answer({ bars: [ok([{ ...row('2024-03-01', 5), T: '\u0000HTLB^' }])] });
  expect(await refused(['A', 'BRK-B', 'C', 'D', 'E'])).toMatchObject({ reason: 'schema_drift' });
});

test('never shows the key', async () => {
  answer({ bars: [[400, { status: 'ERROR', error: 'not-a-real-key is not a key of this plan' }]] });
  expect((await refused()).message).not.toContain('not-a-real-key');
});

test('reports the failures of the transport', async () => {
  const { server, symbol } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  for (const [kind, reason] of [
    ['rate_limit', 'rate_limited'],
    ['server_error', 'unavailable'],
    ['proof_of_work', 'blocked'],
    ['reset', 'unavailable'],
  ] as const) {
    server.faults.add({ fault: { kind }, endpoint: 'massive' });
    const request = { symbol, interval: 'daily', from: '2026-03-24', to: '2026-03-31' } as const;
    await expect(provider.fetchBars(request)).rejects.toMatchObject({ reason });
  }
});
