import { describe, expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import type { MarketServer } from './server.ts';
import { chartPath, startSynthetic, yahooClient } from './support.ts';

const CHART = chartPath({ symbol: 'US001' });
const STOOQ = '/q/d/l/?s=us001.us&i=d&apikey=KEY';

async function withFault(fault: Fault): Promise<MarketServer> {
  const server = await startSynthetic({}, { timing: { dripBytes: 8, dripMs: 20 } });
  server.faults.add({ fault });
  return server;
}

async function answerTo(fault: Fault, path = CHART) {
  const server = await withFault(fault);
  const response = await fetch(server.origin + path, { redirect: 'manual' });
  const body = await response.text();
  expect(server.requests[0]?.fault).toMatchObject({ fault, category: 'transport', changed: true });
  expect(server.requests[0]?.status).toBe(response.status);
  // The next request gets a good answer.
  if (fault.kind !== 'crumb_expired') expect((await fetch(server.origin + path)).status).toBeLessThan(429);
  return { status: response.status, type: response.headers.get('content-type'), body, response };
}

/** The code of a connection's error, or the name of a timeout's. */
async function failureOf({ origin }: MarketServer, path: string, timeoutMs: number): Promise<string> {
  try {
    const response = await fetch(origin + path, { signal: AbortSignal.timeout(timeoutMs) });
    await response.text();
    return 'none';
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
      ? cause.code
      : String(error instanceof Error ? error.name : error);
  }
}

describe('rate limits', () => {
  test('answers in plain text, with and without Retry-After', async () => {
    const plain = await answerTo({ kind: 'rate_limit' });
    expect(plain).toMatchObject({ status: 429, body: 'Edge: Too Many Requests' });
    expect(plain.response.headers.has('retry-after')).toBe(false);
    const { response } = await answerTo({ kind: 'rate_limit', retryAfter: 7 }, STOOQ);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  });

  test.each([200, 429] as const)('answers instead of the crumb, with HTTP %i', async (status) => {
    const server = await withFault({ kind: 'rate_limit_crumb', status });
    const summary = yahooClient(server).quoteSummary('US001', { modules: ['price'] });
    await expect(summary).rejects.toThrow();
    expect(server.requests.find(({ endpoint }) => endpoint === 'crumb')).toMatchObject({ status });
    // The library accepts the text of any success as a crumb.
    const asked = server.requests.find(({ endpoint }) => endpoint === 'quote_summary');
    expect(asked?.query.crumb).toBe(status === 200 ? 'Too Many Requests' : undefined);
    await expect(yahooClient(server).quoteSummary('US001', { modules: ['price'] })).resolves.toBeDefined();
  });

  test.each([200, 404, 429] as const)(
    'answers in the words of a delisted symbol, with HTTP %i',
    async (status) => {
      const { body, ...answer } = await answerTo({ kind: 'rate_limit_delisted', status });
      expect(answer.status).toBe(status);
      expect(JSON.parse(body)).toEqual({
        chart: {
          result: null,
          error: { code: 'Not Found', description: 'No data found, symbol may be delisted' },
        },
      });
    },
  );

  test('answers with a page', async () => {
    const { status, type, body } = await answerTo({ kind: 'rate_limit_html' });
    expect([status, type]).toEqual([429, 'text/html; charset=utf-8']);
    expect(body).toMatch(/^<!DOCTYPE html>.*Will be right back/s);
  });

  test("reports Stooq's daily limit as used up", async () => {
    expect(await answerTo({ kind: 'daily_limit' }, STOOQ)).toMatchObject({
      status: 200,
      body: 'Exceeded the daily hits limit',
    });
  });
});

describe('denied access', () => {
  test('answers with HTTP 401', async () => {
    const { status, body } = await answerTo({ kind: 'unauthorized' });
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ finance: { result: null, error: { code: 'Unauthorized' } } });
  });

  test('refuses an expired crumb', async () => {
    const server = await startSynthetic();
    const client = yahooClient(server);
    await client.quoteSummary('US001', { modules: ['price'] });
    server.faults.add({ fault: { kind: 'crumb_expired' } });
    await expect(client.quoteSummary('US001', { modules: ['price'] })).rejects.toThrow('Invalid Crumb');
    expect(server.requests.at(-1)).toMatchObject({ status: 401, fault: { changed: true } });
    // The old crumb stays invalid; a new login gets a good one.
    await expect(client.quoteSummary('US001', { modules: ['price'] })).rejects.toThrow('Invalid Crumb');
    await expect(yahooClient(server).quoteSummary('US001', { modules: ['price'] })).resolves.toBeDefined();
  });

  test.each([CHART, STOOQ])('sends a proof of work with HTTP 200: %s', async (path) => {
    const { status, type, body } = await answerTo({ kind: 'proof_of_work' }, path);
    expect([status, type]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toMatch(/SHA-256.*\/__verify/s);
  });

  test('sends instructions for getting a key', async () => {
    const { status, body } = await answerTo({ kind: 'key_refused' }, STOOQ);
    expect(status).toBe(200);
    expect(body).toMatch(
      /^Get your apikey:\r\n\r\n1\. Open https:\/\/stooq\.com\/q\/d\/\?s=us001\.us&get_apikey/,
    );
  });
});

describe('failing servers and connections', () => {
  test.each([500, 502, 503] as const)('answers with HTTP %i', async (status) => {
    const answer = await answerTo({ kind: 'server_error', status });
    expect(answer.status).toBe(status);
    expect(answer.type).toMatch(status === 500 ? /json/ : /html/);
  });

  test('sends no answer', async () => {
    const server = await withFault({ kind: 'hang' });
    const before = performance.now();
    expect(await failureOf(server, CHART, 100)).toBe('TimeoutError');
    expect(performance.now() - before).toBeGreaterThan(95);
    expect(server.requests[0]?.status).toBeUndefined();
    expect(await failureOf(server, CHART, 5000)).toBe('none');
  });

  test('closes the connection of a hanging request in the end', async () => {
    const server = await startSynthetic({}, { timing: { hangMs: 50 } });
    server.faults.add({ fault: { kind: 'hang' } });
    const before = performance.now();
    expect(await failureOf(server, CHART, 5000)).toBe('UND_ERR_SOCKET');
    expect(performance.now() - before).toBeGreaterThan(45);
  });

  test('sends an answer a few bytes at a time', async () => {
    const server = await withFault({ kind: 'slow_drip' });
    const before = performance.now();
    const response = await fetch(server.origin + CHART, { signal: AbortSignal.timeout(150) });
    expect(response.status).toBe(200);
    const pieces: number[] = [];
    await expect(
      (async () => {
        for await (const piece of response.body ?? []) pieces.push(piece.length);
      })(),
    ).rejects.toThrow('aborted due to timeout');
    expect(performance.now() - before).toBeGreaterThan(140);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(5000);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Math.max(...pieces)).toBeLessThan(100);
  });

  test('completes a dripping answer', async () => {
    const server = await startSynthetic();
    const whole = await (await fetch(server.origin + STOOQ)).text();
    server.faults.add({ fault: { kind: 'slow_drip', bytes: 1000, everyMs: 2 } });
    expect(await (await fetch(server.origin + STOOQ)).text()).toBe(whole);
  });

  test('resets the connection before the answer', async () => {
    const server = await withFault({ kind: 'reset', at: 'before' });
    expect(await failureOf(server, CHART, 5000)).toBe('ECONNRESET');
    expect(server.requests[0]?.status).toBeUndefined();
  });

  test('resets the connection within the answer', async () => {
    const server = await withFault({ kind: 'reset', at: 'body' });
    const response = await fetch(server.origin + CHART);
    expect(response.status).toBe(200);
    let received = 0;
    await expect(
      (async () => {
        for await (const piece of response.body ?? []) received += piece.length;
      })(),
    ).rejects.toThrow('terminated');
    expect(received).toBeGreaterThan(0);
    expect(received).toBeLessThan(Number(response.headers.get('content-length')));
  });

  test.each([CHART, STOOQ])('sends half an answer as if complete: %s', async (path) => {
    const { status, body, response } = await answerTo({ kind: 'truncated', share: 0.3 }, path);
    expect([status, body.length]).toEqual([200, Number(response.headers.get('content-length'))]);
    if (path === CHART) expect(() => JSON.parse(body)).toThrow(SyntaxError);
    else expect(body.endsWith('\r\n')).toBe(false);
  });
});

test('delays every answer by the given time', async () => {
  const server = await startSynthetic({}, { timing: { delayMs: 60 } });
  const before = performance.now();
  expect((await fetch(server.origin + CHART)).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThan(55);
  server.timing.delayMs = 0;
  expect(await failureOf(server, CHART, 5000)).toBe('none');
});
