import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openProvider } from '../../../../functions/ingest/providers/open.ts';
import { hasListings } from '../../../../functions/ingest/providers/provider.ts';
import { BadInputError, ConfigurationError } from '../../../../functions/shared/errors.ts';
import { startLoopbackServer } from '../../../support/loopback-server.ts';
import { fixture, SAMPLE } from './fixtures.ts';
import { stooqCsv } from './stooq/answers.ts';
import { chart } from './yahoo/charts.ts';

test('opens each provider by its name', async () => {
  const sample = await openProvider({ PROVIDER: 'sample', BARS_FILE: SAMPLE });
  const csv = await openProvider({ PROVIDER: 'csv', BARS_FILE: fixture('ok/two-symbols.csv') });
  const yahoo = await openProvider({ PROVIDER: 'yahoo' });
  expect([sample.name, csv.name, yahoo.name]).toEqual(['sample', 'csv', 'yahoo']);
  expect([sample, csv, yahoo].map(hasListings)).toEqual([true, true, false]);
});

test('reads a file once for one choice, and again for another', async () => {
  const barsFile = fixture('ok/two-symbols.csv');
  const first = await openProvider({ PROVIDER: 'csv', BARS_FILE: barsFile });
  expect(await openProvider({ PROVIDER: 'csv', BARS_FILE: barsFile })).toBe(first);
  expect(await openProvider({ PROVIDER: 'csv', BARS_FILE: fixture('ok/two-symbols.csv.gz') })).not.toBe(
    first,
  );
});

test.each(['sample', 'csv'] as const)('refuses %s without a bars file', async (provider) => {
  await expect(openProvider({ PROVIDER: provider })).rejects.toThrow(
    new ConfigurationError(`BARS_FILE is not set: the ${provider} provider needs the path of the bars file`),
  );
});

test.each(['nowhere', 'localhost:8080'])('refuses %s as the origin of Yahoo', async (origin) => {
  await expect(openProvider({ PROVIDER: 'yahoo', YAHOO_ORIGIN: origin })).rejects.toThrow(
    new ConfigurationError(`YAHOO_ORIGIN is "${origin}": use an origin such as https://example.com`),
  );
});

test('reads a file again that was refused the last time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-providers-'));
  const barsFile = join(folder, 'bars.csv');
  await copyFile(fixture('not-ok/empty.csv'), barsFile);
  await expect(openProvider({ PROVIDER: 'csv', BARS_FILE: barsFile })).rejects.toThrow(BadInputError);
  await copyFile(fixture('ok/two-symbols.csv'), barsFile);
  expect(await openProvider({ PROVIDER: 'csv', BARS_FILE: barsFile })).toMatchObject({ name: 'csv' });
  await rm(folder, { recursive: true });
});

test('refuses a key that cannot be read when it opens the provider', async () => {
  const missing = new URL('no-such-key', import.meta.url).href;
  await expect(openProvider({ PROVIDER: 'yahoo,stooq', STOOQ_KEY_SECRET: missing })).rejects.toThrow(
    ConfigurationError,
  );
});

test('retries a vendor, and then fails over to the next one', async () => {
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
  // The shortest random wait is 0.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const [yahoo, stooq] = [await startLoopbackServer(), await startLoopbackServer()];
  const good = JSON.stringify(chart([[Date.parse('2024-03-05T14:30Z') / 1000, 1, 2, 1, 2, 3, 2]]));
  const answers = [429, 503, 200];
  yahoo.answer = (_request, response) => response.writeHead(answers.shift() ?? 503).end(good);
  stooq.answer = (_request, response) => response.end(stooqCsv('2024-03-05,1,2,1,1.5,3'));
  const provider = await openProvider({
    PROVIDER: 'yahoo,stooq',
    YAHOO_ORIGIN: yahoo.origin,
    STOOQ_ORIGIN: stooq.origin,
    STOOQ_KEY_SECRET: new URL('ok/stooq.key', import.meta.url).href,
  });
  const started = Date.now();
  const request = { symbol: 'TEST', interval: 'daily', from: '2024-03-01', to: '2024-03-05' } as const;
  expect(await provider.fetchBars(request)).toMatchObject({
    provider: 'yahoo',
    attempts: [],
    bars: [{ c: 2 }],
  });
  expect(await provider.fetchBars(request)).toMatchObject({
    provider: 'stooq',
    attempts: [{ provider: 'yahoo', reason: 'unavailable' }],
    bars: [{ c: 1.5 }],
  });
  expect(yahoo.asked).toHaveLength(7);
  // A server on this machine needs no pace: at Yahoo's own these requests would take three seconds.
  expect(Date.now() - started).toBeLessThan(2500);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await Promise.all([yahoo.close(), stooq.close()]);
});
