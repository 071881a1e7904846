import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import {
  BlockedError,
  DelistedError,
  NotCoveredError,
  NotFoundError,
  PartialAnswerError,
  ProviderError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../../../../../functions/ingest/providers/errors.ts';
import { yahooFetch } from '../../../../../functions/ingest/providers/yahoo/yahoo-fetch.ts';
import { openYahooProvider } from '../../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { startLoopbackServer, useLoopbackServer } from '../../../../support/loopback-server.ts';
import { chart, chartError } from './charts.ts';

const yahoo = useLoopbackServer();
const printed: unknown[] = [];
beforeAll(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation((...line: unknown[]) => printed.push(line));
  }
});
afterAll(() => vi.restoreAllMocks());
afterEach(() => {
  expect(printed).toEqual([]);
});

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  yahoo.answer = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const fetchBars = (origin = yahoo.origin, timeoutMs = 5000) =>
  openYahooProvider({ origin, timeoutMs }).fetchBars({
    symbol: 'TEST',
    interval: 'daily',
    from: '2024-03-01',
    to: '2024-03-05',
  });

async function refusal(origin?: string, timeoutMs?: number): Promise<ProviderError> {
  const error = await fetchBars(origin, timeoutMs).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`);
  return error;
}

async function refused(origin?: string, timeoutMs?: number) {
  const { reason, message } = await refusal(origin, timeoutMs);
  return `${reason}: ${message}`;
}

const PAGE = '<!DOCTYPE html>\n<html><body>Before you continue</body></html>';
const BUSY_PAGE = '\n<html><title>Too Many Requests</title></html>';
const DELISTED = chartError('Not Found', 'No data found, symbol may be delisted');
const UNKNOWN = chartError('Not Found', 'No data found for this symbol');
const finance = (code: string, description: string) => ({
  finance: { result: null, error: { code, description } },
});
const GOOD = chart([[1709303400, 1, 2, 1, 2, 3, 2]]);

test.each<[number, unknown, unknown, string]>([
  // Rate limits, open and disguised.
  [429, 'Too Many Requests\r\n', RateLimitedError, 'rate_limited: TEST: request refused (HTTP 429)'],
  [429, PAGE, RateLimitedError, 'rate_limited: TEST: a page instead of data (HTTP 429)'],
  [429, DELISTED, RateLimitedError, 'rate_limited: TEST: No data found, symbol may be delisted (HTTP 429)'],
  [429, GOOD, RateLimitedError, 'rate_limited: TEST: request refused (HTTP 429)'],
  [429, '', RateLimitedError, 'rate_limited: TEST: request refused (HTTP 429)'],
  [200, 'Edge: Too Many Requests', RateLimitedError, 'rate_limited: TEST: request refused (HTTP 200)'],
  [200, BUSY_PAGE, RateLimitedError, 'rate_limited: TEST: a page instead of data (HTTP 200)'],
  [404, 'Edge: Too Many Requests', RateLimitedError, 'rate_limited: TEST: request refused (HTTP 404)'],
  [
    403,
    finance('Too Many Requests', 'Slow down'),
    RateLimitedError,
    'rate_limited: TEST: Slow down (HTTP 403)',
  ],
  [200, finance('', 'Rate limit exceeded'), RateLimitedError, 'rate_limited: TEST: Rate limit exceeded'],
  [999, 'Request denied', RateLimitedError, 'rate_limited: TEST: request refused (HTTP 999)'],
  // Symbols that Yahoo does not have.
  [404, DELISTED, DelistedError, 'delisted: TEST: No data found, symbol may be delisted (HTTP 404)'],
  [200, DELISTED, DelistedError, 'delisted: TEST: No data found, symbol may be delisted'],
  [404, UNKNOWN, NotFoundError, 'not_found: TEST: No data found for this symbol (HTTP 404)'],
  [404, '', NotFoundError, 'not_found: TEST: request refused (HTTP 404)'],
  // Pages and other denials.
  [200, PAGE, BlockedError, 'blocked: TEST: a page instead of data (HTTP 200)'],
  [404, PAGE, BlockedError, 'blocked: TEST: a page instead of data (HTTP 404)'],
  [403, PAGE, BlockedError, 'blocked: TEST: a page instead of data (HTTP 403)'],
  [403, '', BlockedError, 'blocked: TEST: request refused (HTTP 403)'],
  [401, chartError('Unauthorized', 'Invalid Crumb'), BlockedError, 'blocked: TEST: Invalid Crumb (HTTP 401)'],
  [200, finance('Unauthorized', 'Invalid Cookie'), BlockedError, 'blocked: TEST: Invalid Cookie'],
  [401, '', BlockedError, 'blocked: TEST: request refused (HTTP 401)'],
  // Failures of the vendor.
  [500, chartError('Internal', 'It broke'), UnavailableError, 'unavailable: TEST: It broke (HTTP 500)'],
  [502, '', UnavailableError, 'unavailable: TEST: request refused (HTTP 502)'],
  [503, PAGE, UnavailableError, 'unavailable: TEST: a page instead of data (HTTP 503)'],
  // Answers of another form, and partial ones.
  [400, chartError('Bad Request', 'What?'), SchemaDriftError, 'schema_drift: TEST: What? (HTTP 400)'],
  [418, 'I am a teapot', SchemaDriftError, 'schema_drift: TEST: request refused (HTTP 418)'],
  [200, 'not JSON\nat all', SchemaDriftError, 'schema_drift: TEST: unexpected answer: not JSON'],
  [200, '[]', SchemaDriftError, 'schema_drift: TEST: unexpected answer: it has no chart'],
  [
    200,
    { finance: { result: [], error: null } },
    SchemaDriftError,
    'schema_drift: TEST: unexpected answer: it has no chart',
  ],
  [200, { chart: 5 }, SchemaDriftError, 'schema_drift: TEST: unexpected answer: it has no chart'],
  [
    200,
    { chart: { result: null, error: null } },
    PartialAnswerError,
    'partial_answer: TEST: the answer has neither a result nor an error',
  ],
  [
    200,
    { chart: { result: [], error: null } },
    PartialAnswerError,
    'partial_answer: TEST: the answer has neither a result nor an error',
  ],
  [200, '', PartialAnswerError, 'partial_answer: TEST: the answer is cut off'],
  [
    200,
    JSON.stringify(GOOD).slice(0, 700),
    PartialAnswerError,
    'partial_answer: TEST: the answer is cut off',
  ],
  [200, JSON.stringify(GOOD).slice(0, -1), PartialAnswerError, 'partial_answer: TEST: the answer is cut off'],
  [
    422,
    chartError(
      'Unprocessable Entity',
      '15m data not available for startTime=1. The requested range must be within the last 60 days.',
    ),
    NotCoveredError,
    'not_covered: TEST: 15m data not available for startTime=1. The requested range must be within the last 60 days. (HTTP 422)',
  ],
])('classifies HTTP %i with the body %j', async (status, body, type, expected) => {
  answer(status, body);
  expect(await refused()).toBe(expected);
  expect(await refusal()).toBeInstanceOf(type);
});

test('gives no bars for days without a session, although Yahoo reports a bad request', async () => {
  answer(
    400,
    chartError('Bad Request', "Data doesn't exist for startDate = 1704067200, endDate = 1704153600"),
  );
  expect(await fetchBars()).toEqual({ bars: [], actions: [] });
});

const missing = (name: string) => chart([[1709303400, 1, 2, 1, 2, 3, 2]], { [name]: undefined });
const without = (column: 'high' | 'volume') => {
  const answered = chart([[1709303400, 1, 2, 1, 2, 3, 2]]);
  const [quote] = answered.chart.result[0]?.indicators.quote ?? [];
  if (quote) Reflect.deleteProperty(quote, column);
  return answered;
};

test.each([
  ['a session', missing('currentTradingPeriod')],
  ['a time zone', missing('exchangeTimezoneName')],
  ['a symbol', missing('symbol')],
  ['the highs', without('high')],
  ['the volumes', without('volume')],
  ['numbers for prices', JSON.parse(JSON.stringify(GOOD).replace('"high":[2]', '"high":["NaN"]'))],
])('refuses an answer without %s as schema drift', async (_what, body) => {
  answer(200, body);
  expect(await refused()).toMatch(/^schema_drift: TEST: unexpected answer: .+$/);
});

test.each(['open', 'high', 'close', 'volume'] as const)(
  'refuses a shorter column of %s, and prints nothing',
  async (name) => {
    const answered = chart([
      [1709303400, 1, 2, 1, 2, 3, 2],
      [1709562600, 1, 2, 1, 2, 3, 2],
    ]);
    answered.chart.result[0]?.indicators.quote[0]?.[name]?.pop();
    answer(200, answered);
    expect(await refused()).toBe('schema_drift: TEST: unexpected answer: columns of unequal length');
  },
);

test('ignores unknown fields', async () => {
  const { chart: inside } = chart([[1709303400, 1, 2, 1, 2, 3, 2]], { settlement: { cycle: 'T+1' } });
  const result = inside.result.map((one) => ({ ...one, comparisons: [] }));
  answer(200, { traceId: 'x', chart: { ...inside, result, version: 9 } });
  expect((await fetchBars()).bars).toHaveLength(1);
});

test('reads a bare NaN as a missing price', async () => {
  const text = JSON.stringify(
    chart([
      [1709303400, 1, 2, 1, 2, 3, 2],
      [1709562600, 8888, 8888, 8888, 8888, null, 8888],
    ]),
  );
  answer(200, text.replaceAll('8888', 'NaN'));
  expect((await fetchBars()).bars).toHaveLength(1);
  answer(200, text.replace('8888', 'NaN'));
  expect((await fetchBars()).bars).toMatchObject([{ c: 2 }, { o: Number.NaN, c: 8888 }]);
});

test.each([
  ['seconds', '7', 7000],
  ['an instant, by the clock of the answer', 'Tue, 05 Mar 2024 21:00:30 GMT', 30_000],
  ['an instant that is over', 'Tue, 05 Mar 2024 20:00:00 GMT', 0],
  ['something else', 'later', undefined],
  ['nothing', '', undefined],
])('reports a Retry-After of %s', async (_, value, expected) => {
  const date = 'Tue, 05 Mar 2024 21:00:00 GMT';
  for (const status of [429, 503]) {
    answer(status, 'no', { date, 'retry-after': value });
    expect((await refusal()).retryAfterMs).toBe(expected);
  }
});

test('times out on a server that does not complete its answer', async () => {
  const late = 'timeout: TEST: no complete answer within 0.2 s';
  yahoo.answer = () => {};
  expect(await refused(yahoo.origin, 200)).toBe(late);
  yahoo.answer = (_request, response) => response.writeHead(200).write('{"chart":');
  expect(await refused(yahoo.origin, 200)).toBe(late);
  // Each piece follows the last one quickly, but the end comes too late.
  yahoo.answer = (_request, response) => {
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  };
  expect(await refused(yahoo.origin, 200)).toBe(late);
});

test('reports a server that is unreachable, or closes the connection before or within its answer', async () => {
  const gone = await startLoopbackServer();
  const { origin } = gone;
  await gone.close();
  expect(await refused(origin)).toBe('unavailable: TEST: Yahoo cannot be reached (ECONNREFUSED)');
  yahoo.answer = (request) => request.socket.destroy();
  expect(await refused()).toBe('unavailable: TEST: Yahoo cannot be reached (UND_ERR_SOCKET)');
  yahoo.answer = (request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"chart":', () => {
      setTimeout(() => request.socket.destroy(), 10);
    });
  };
  expect(await refused()).toMatch(/^unavailable: TEST: Yahoo cannot be reached/);
});

test.each([
  'https://yahoo.com.evil.test/consent',
  'https://evilyahoo.com/consent',
  'http://consent.yahoo.com/v2/collectConsent',
  'https://169.254.169.254/latest/meta-data/',
])('never sends a request to %s, even if an answer leads there', async (url) => {
  const fetch = yahooFetch({ symbol: 'TEST', origin: undefined, timeoutMs: 1 });
  await expect(fetch(url)).rejects.toThrow(BlockedError);
});
