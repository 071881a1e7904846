import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { beforeEach, expect, test } from 'vitest';
import { ProviderError } from '../../../../../functions/ingest/providers/errors.ts';
import { openYahooProvider } from '../../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { useLoopbackServer } from '../../../../support/loopback-server.ts';
import { chart } from './charts.ts';

const yahoo = useLoopbackServer();
/** The current crumb, and answers that replace the good ones. */
let crumb: string;
let instead: Partial<Record<'page' | 'crumb' | 'summary', (response: ServerResponse) => void>>;

const APPLE = {
  assetProfile: { sector: 'Technology', industry: 'Consumer Electronics' },
  price: {
    longName: 'Apple Inc.',
    shortName: 'Apple',
    exchangeName: 'NasdaqGS',
    marketCap: 2.6e12,
    currency: 'USD',
  },
  summaryDetail: { trailingPE: 26.4, marketCap: 2.6e12 },
};
const summary = (modules: unknown) => ({ quoteSummary: { result: [modules], error: null } });
const unauthorized = (description: string) => ({
  finance: { result: null, error: { code: 'Unauthorized', description } },
});

function reply(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

beforeEach(() => {
  crumb = 'crumb.1/abc';
  instead = {};
  yahoo.answer = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', yahoo.origin);
    const hasCookie = request.headers.cookie?.includes('A3=d') ?? false;
    if (pathname.startsWith('/quote/')) {
      if (instead.page) return instead.page(response);
      response.setHeader('set-cookie', 'A3=d; Max-Age=1000; Domain=.yahoo.com; Path=/; Secure');
      return response.setHeader('content-type', 'text/html').end('<!doctype html><html></html>');
    }
    if (pathname === '/v1/test/getcrumb') {
      if (instead.crumb) return instead.crumb(response);
      return hasCookie ? response.end(crumb) : reply(response, 401, unauthorized('Invalid Cookie'));
    }
    if (instead.summary) return instead.summary(response);
    if (!hasCookie) return reply(response, 401, unauthorized('Invalid Cookie'));
    const isGood = searchParams.get('crumb') === crumb;
    return reply(response, isGood ? 200 : 401, isGood ? summary(APPLE) : unauthorized('Invalid Crumb'));
  };
});

const open = () => openYahooProvider({ origin: yahoo.origin, timeoutMs: 1000 });
const paths = () => yahoo.asked.map(({ pathname }) => pathname.split('/').at(-1));

async function refused(symbol = 'AAPL') {
  const error = await open()
    .describe?.(symbol)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${JSON.stringify(error)}`);
  return `${error.reason}: ${error.message}`;
}

test('describes instruments by their summaries, with one cookie and one crumb', async () => {
  const provider = open();
  expect(await provider.describe?.('AAPL')).toEqual({
    symbol: 'AAPL',
    exchange: 'NasdaqGS',
    name: 'Apple Inc.',
    sector: 'Technology',
    currency: 'USD',
    marketCap: 2.6e12,
    trailingPe: 26.4,
  });
  await provider.describe?.('BRK-B');
  expect(paths()).toEqual(['AAPL', 'getcrumb', 'AAPL', 'BRK-B']);
  expect(yahoo.asked.at(-1)?.searchParams.get('modules')).toBe('assetProfile,price,summaryDetail');
});

test('shares the cookie and the crumb among concurrent requests', async () => {
  const provider = open();
  await Promise.all(['AAPL', 'IBM', 'MSFT'].map((symbol) => provider.describe?.(symbol)));
  expect(paths().filter((path) => path === 'getcrumb')).toHaveLength(1);
});

test.each([
  ['a fund without a sector', { ...APPLE, assetProfile: {} }, { sector: undefined }],
  ['one without a profile', { price: APPLE.price }, { sector: undefined, trailingPe: undefined }],
  ['one without a long name', { price: { shortName: 'Apple' } }, { name: 'Apple' }],
  ['nulls and empty texts', { price: { longName: ' ', shortName: null, marketCap: null } }, {}],
  [
    'a loss, for which there is no ratio',
    { ...APPLE, summaryDetail: { trailingPE: 'Infinity' } },
    { trailingPe: undefined },
  ],
  ['fields that nobody knows', { ...APPLE, moonPhase: { sign: 'waxing' } }, { sector: 'Technology' }],
])('describes %s by the known fields', async (_, modules, expected) => {
  instead.summary = (response) => reply(response, 200, summary(modules));
  const listing = await open().describe?.('AAPL');
  expect({ ...expected, ...listing }).toMatchObject(expected);
  // Absent, not undefined: Load must not clear stored fields.
  expect(Object.values(listing ?? {})).not.toContain(undefined);
});

test('renews an expired crumb once', async () => {
  const provider = open();
  await provider.describe?.('AAPL');
  crumb = 'crumb.2/def';
  expect(await provider.describe?.('IBM')).toMatchObject({ symbol: 'IBM', name: 'Apple Inc.' });
  expect(paths()).toEqual(['AAPL', 'getcrumb', 'AAPL', 'IBM', 'AAPL', 'getcrumb', 'IBM']);
});

test('reports a block where Yahoo refuses a renewed crumb', async () => {
  instead.summary = (response) => reply(response, 401, unauthorized('Invalid Crumb'));
  expect(await refused()).toBe('blocked: AAPL: Invalid Crumb (HTTP 401)');
  expect(paths()).toEqual(['AAPL', 'getcrumb', 'AAPL', 'AAPL', 'getcrumb', 'AAPL']);
});

test('requests a chart without a cookie or a crumb', async () => {
  const provider = open();
  // From here on the client has both.
  await provider.describe?.('AAPL');
  let headers: IncomingHttpHeaders = { cookie: 'none yet' };
  yahoo.answer = (request, response) => {
    headers = request.headers;
    reply(response, 200, chart([], { symbol: 'AAPL' }));
  };
  const request = { symbol: 'AAPL', interval: 'daily', from: '2024-03-01', to: '2024-03-05' } as const;
  expect((await provider.fetchBars(request)).bars).toEqual([]);
  expect(headers.cookie).toBeUndefined();
  expect(yahoo.asked.at(-1)?.searchParams.has('crumb')).toBe(false);
});

const text = (status: number, body: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'retry-after': '3' }).end(body);

test.each([
  [
    'Too Many Requests with HTTP 200',
    text(200, 'Too Many Requests'),
    'rate_limited: login: request refused (HTTP 200)',
  ],
  [
    'Too Many Requests with HTTP 429',
    text(429, 'Edge: Too Many Requests'),
    'rate_limited: login: request refused (HTTP 429)',
  ],
  ['a page', text(200, '<html></html>'), 'blocked: login: not a crumb (HTTP 200)'],
  ['a page with HTTP 404', text(404, '<html></html>'), 'blocked: login: not a crumb (HTTP 404)'],
  ['nothing', text(200, ''), 'blocked: login: not a crumb (HTTP 200)'],
  ['an object', text(200, '{"finance":{}}'), 'blocked: login: not a crumb (HTTP 200)'],
  ['a sentence', text(200, 'Please come back later'), 'blocked: login: not a crumb (HTTP 200)'],
  ['a refusal of the cookie', text(401, '{}'), 'blocked: login: no crumb for this cookie (HTTP 401)'],
  ['a fault', text(502, ''), 'unavailable: login: request refused (HTTP 502)'],
])('refuses %s as a crumb', async (_, crumbAnswer, expected) => {
  instead.crumb = crumbAnswer;
  expect(await refused()).toBe(expected);
  expect(paths()).not.toContain('quoteSummary');
  // The refused crumb is not kept: the next request fetches one.
  instead = {};
  expect(await open().describe?.('IBM')).toMatchObject({ symbol: 'IBM' });
});

test('does not keep a crumb that was refused', async () => {
  const provider = open();
  instead.crumb = text(200, 'Too Many Requests');
  await expect(provider.describe?.('AAPL')).rejects.toMatchObject({
    reason: 'rate_limited',
    retryAfterMs: 3000,
  });
  instead = {};
  expect(await provider.describe?.('AAPL')).toMatchObject({ symbol: 'AAPL' });
});

test.each([
  ['429', text(429, '<html></html>'), 'rate_limited: login: a page instead of data (HTTP 429)'],
  ['503', text(503, ''), 'unavailable: login: request refused (HTTP 503)'],
  ['no cookie', text(200, '<html></html>'), /^blocked: AAPL: unexpected answer: No set-cookie header/],
  ['nothing at all', () => {}, 'timeout: login: no complete answer within 1 s'],
])('reports a cookie page that is %s', async (_, page, expected) => {
  instead.page = page;
  expect(await refused()).toMatch(expected);
});

test.each([
  [
    404,
    {
      quoteSummary: {
        result: null,
        error: { code: 'Not Found', description: 'Quote not found for symbol: AAPL' },
      },
    },
    'not_found: AAPL: Quote not found for symbol: AAPL (HTTP 404)',
  ],
  [200, summary({}), 'schema_drift: AAPL: unexpected answer: a summary without a price'],
  [
    200,
    { quoteSummary: { result: [], error: null } },
    'partial_answer: AAPL: the answer has neither a result nor an error',
  ],
  [
    200,
    { finance: { result: [], error: null } },
    'schema_drift: AAPL: unexpected answer: it has no quoteSummary',
  ],
])('classifies a summary with HTTP %i and the body %j', async (status, body, expected) => {
  instead.summary = (response) => reply(response, status, body);
  expect(await refused()).toBe(expected);
});
