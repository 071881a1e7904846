import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ProviderError } from '../../../../../functions/ingest/providers/provider.ts';
import { openYahooProvider } from '../../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { chart, chartError, startYahooServer, type YahooServer } from './yahoo-server.ts';

let yahoo: YahooServer;
const printed: unknown[] = [];
beforeAll(async () => {
  yahoo = await startYahooServer();
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation((...line: unknown[]) => printed.push(line));
  }
});
afterAll(async () => {
  vi.restoreAllMocks();
  await yahoo.close();
});
afterEach(() => {
  expect(printed).toEqual([]);
});

function answer(status: number, body: unknown, type = 'application/json') {
  yahoo.answer = (_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const fetchBars = (origin = yahoo.origin) =>
  openYahooProvider({ origin }).fetchBars({
    symbol: 'TEST',
    interval: 'daily',
    from: '2024-03-01',
    to: '2024-03-05',
  });

async function refused(origin?: string) {
  const error = await fetchBars(origin).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`);
  return `${error.reason}: ${error.message}`;
}

const PAGE = '<!DOCTYPE html>\n<html><body>Before you continue</body></html>';
const DELISTED = chartError('Not Found', 'No data found, symbol may be delisted');

test.each([
  [429, 'Too Many Requests\r\n', 'rate_limited: TEST: request refused (HTTP 429)'],
  [429, PAGE, 'rate_limited: TEST: a page in place of data (HTTP 429)'],
  [404, DELISTED, 'not_found: TEST: No data found, symbol may be delisted (HTTP 404)'],
  [404, '', 'not_found: TEST: request refused (HTTP 404)'],
  [200, DELISTED, 'not_found: TEST: No data found, symbol may be delisted'],
  [200, PAGE, 'blocked: TEST: a page in place of data (HTTP 200)'],
  [403, PAGE, 'blocked: TEST: a page in place of data (HTTP 403)'],
  [401, chartError('Unauthorized', 'Invalid Crumb'), 'blocked: TEST: Invalid Crumb (HTTP 401)'],
  [500, chartError('Internal', 'It broke'), 'unavailable: TEST: It broke (HTTP 500)'],
  [503, PAGE, 'unavailable: TEST: a page in place of data (HTTP 503)'],
  [
    422,
    chartError('Unprocessable Entity', '15m data not available'),
    'schema_drift: TEST: 15m data not available (HTTP 422)',
  ],
])('HTTP %i: %j', async (status, body, expected) => {
  answer(status, body);
  expect(await refused()).toBe(expected);
});

test('a span without a session has no bars, though Yahoo calls it a bad request', async () => {
  answer(
    400,
    chartError('Bad Request', "Data doesn't exist for startDate = 1704067200, endDate = 1704153600"),
  );
  expect(await fetchBars()).toEqual([]);
});

const missing = (name: string) => chart([[1709303400, 1, 2, 1, 2, 3, 2]], { [name]: undefined });
const withoutHighs = () => {
  const answered = chart([[1709303400, 1, 2, 1, 2, 3, 2]]);
  const [quote] = answered.chart.result[0]?.indicators.quote ?? [];
  if (quote) Reflect.deleteProperty(quote, 'high');
  return answered;
};

test.each([
  ['a session', missing('currentTradingPeriod')],
  ['a time zone', missing('exchangeTimezoneName')],
  ['the highs', withoutHighs()],
  ['a result', { chart: { result: null, error: null } }],
  ['a chart', { finance: { result: [], error: null } }],
  ['JSON', 'not JSON\nat all'],
])('an answer without %s is not understood', async (_what, body) => {
  answer(200, body);
  expect(await refused()).toMatch(/^schema_drift: TEST: unexpected answer: .+$/);
});

test('columns of unequal length are not understood, nor printed', async () => {
  const answered = chart([
    [1709303400, 1, 2, 1, 2, 3, 2],
    [1709562600, 1, 2, 1, 2, 3, 2],
  ]);
  answered.chart.result[0]?.indicators.quote[0]?.high?.pop();
  answer(200, answered);
  expect(await refused()).toBe('schema_drift: TEST: unexpected answer: columns of unequal length');
});

test('a server that does not answer in time', async () => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
  yahoo.answer = () => {};
  expect(await refused()).toBe('timeout: TEST: no answer within 20 s');
  yahoo.answer = (_request, response) => response.writeHead(200).write('{"chart":');
  expect(await refused()).toBe('timeout: TEST: no answer within 20 s');
  expect(limit.mock.calls).toEqual([[20_000], [20_000]]);
  limit.mockRestore();
});

test('a server that is not there, and one that hangs up', async () => {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  await new Promise((resolve) => http.close(resolve));
  expect(await refused(`http://127.0.0.1:${port}`)).toBe(
    'unavailable: TEST: Yahoo cannot be reached (ECONNREFUSED)',
  );
  yahoo.answer = (request) => request.socket.destroy();
  expect(await refused()).toBe('unavailable: TEST: Yahoo cannot be reached (UND_ERR_SOCKET)');
});
