import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { handler } from '../../../functions/ingest/fetch.lambda.ts';
import { ConfigurationError } from '../../../functions/shared/errors.ts';
import { startLoopbackServer } from '../../support/loopback-server.ts';
import { folder, record } from './fetch-support.ts';
import { KEY_INSTRUCTIONS, stooqCsv } from './providers/stooq/answers.ts';
import { batchOf, rawBar } from './support.ts';

describe('Fetch handler', () => {
  const KEY = 's3cr3t-stooq-key';

  test('fails over, and writes the key nowhere', async () => {
    const [yahoo, stooq] = [await startLoopbackServer(), await startLoopbackServer()];
    yahoo.answer = (_request, response) => response.writeHead(404).end();
    stooq.answer = (request, response) => {
      const symbol = new URL(request.url ?? '', stooq.origin).searchParams.get('s');
      if (symbol === 'aapl.us') return response.end(stooqCsv('2026-03-02,100,101,99,100,1000'));
      return response.end(symbol === 'ibm.us' ? `Wrong apikey: ${KEY}` : KEY_INSTRUCTIONS);
    };
    await writeFile(join(folder, 'key'), KEY);
    vi.stubEnv('LOG_LEVEL', 'debug');
    vi.stubEnv('PROVIDER', 'yahoo,stooq');
    vi.stubEnv('YAHOO_ORIGIN', yahoo.origin);
    vi.stubEnv('STOOQ_ORIGIN', stooq.origin);
    vi.stubEnv('STOOQ_KEY_SECRET', pathToFileURL(join(folder, 'key')).href);
    vi.stubEnv('RAW_OBJECTS_URL', pathToFileURL(folder).href);
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    // Requests run concurrently, so the success may come between failures; enough failures follow it for the breaker.
    const symbols = ['AAPL', 'IBM', ...Array.from({ length: 12 }, (_, at) => `S${at}`), 'XOM'];
    expect(await handler(batchOf({ symbols }))).toEqual({ batch: 0, fetched: 1, failed: 14 });
    expect(await record('AAPL')).toMatchObject({ provider: 'stooq', bars: [rawBar('2026-03-02', 100)] });
    expect(await record('IBM')).toMatchObject({
      reason: 'not_found',
      attempts: [{ reason: 'not_found' }, { provider: 'stooq', reason: 'key_refused' }],
    });
    // Three failures in a row have opened Stooq's breaker.
    expect(await record('XOM')).toMatchObject({ message: expect.stringContaining('stooq: no request sent') });
    const log = String(written.mock.calls);
    expect(log).toContain('provider circuit opened');
    for (const symbol of symbols) expect(JSON.stringify(await record(symbol))).not.toContain(KEY);
    expect(log).not.toContain(KEY);
    await Promise.all([yahoo.close(), stooq.close()]);
  });

  test.each([
    ['PROVIDER', { PROVIDER: 'yahoo,bloomberg' }],
    ['STOOQ_KEY_SECRET', { PROVIDER: 'yahoo,stooq' }],
    ['BARS_FILE', { PROVIDER: 'csv' }],
  ])('names the malformed or missing variable %s', async (variable, environment) => {
    vi.stubEnv('RAW_OBJECTS_URL', pathToFileURL(folder).href);
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const refusal = await handler(batchOf()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConfigurationError);
    expect(String(refusal)).toContain(variable);
  });
});
