import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { hasListings, openProvider } from '../../../../functions/ingest/providers/index.ts';
import { BadInputError, ConfigurationError } from '../../../../functions/shared/errors.ts';
import { startLoopbackServer } from '../../../support/loopback-server.ts';
import { fixture, SAMPLE } from './fixtures.ts';
import { stooqCsv } from './stooq/answers.ts';
import { chart } from './yahoo/charts.ts';

test('opens each provider by its name', async () => {
  const sample = await openProvider({ provider: 'sample', barsFile: SAMPLE });
  const csv = await openProvider({ provider: 'csv', barsFile: fixture('ok/two-symbols.csv') });
  const yahoo = await openProvider({ provider: 'yahoo' });
  expect([sample.name, csv.name, yahoo.name]).toEqual(['sample', 'csv', 'yahoo']);
  expect([sample, csv, yahoo].map(hasListings)).toEqual([true, true, false]);
});

test('a file is read once for the same options, and again for others', async () => {
  const barsFile = fixture('ok/two-symbols.csv');
  const first = await openProvider({ provider: 'csv', barsFile });
  expect(await openProvider({ provider: 'csv', barsFile })).toBe(first);
  expect(await openProvider({ provider: 'csv', barsFile: fixture('ok/two-symbols.csv.gz') })).not.toBe(first);
});

test.each(['sample', 'csv'] as const)('%s needs a bars file', async (provider) => {
  await expect(openProvider({ provider })).rejects.toThrow(
    new ConfigurationError(`BARS_FILE is not set: the ${provider} provider reads it`),
  );
});

test.each(['nowhere', 'localhost:8080'])('yahoo refuses the origin %s', async (yahooOrigin) => {
  await expect(openProvider({ provider: 'yahoo', yahooOrigin })).rejects.toThrow(
    new ConfigurationError(`YAHOO_ORIGIN is not an http(s) URL: ${yahooOrigin}`),
  );
});

test('a file that was refused is read again the next time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-providers-'));
  const barsFile = join(folder, 'bars.csv');
  await copyFile(fixture('not-ok/empty.csv'), barsFile);
  await expect(openProvider({ provider: 'csv', barsFile })).rejects.toThrow(BadInputError);
  await copyFile(fixture('ok/two-symbols.csv'), barsFile);
  expect(await openProvider({ provider: 'csv', barsFile })).toMatchObject({ name: 'csv' });
  await rm(folder, { recursive: true });
});

test('a key that cannot be read is told when the provider is opened', async () => {
  const stooqKeySecret = new URL('no-such-key', import.meta.url).href;
  await expect(openProvider({ provider: ['yahoo', 'stooq'], stooqKeySecret })).rejects.toThrow(
    ConfigurationError,
  );
});

test('a vendor is tried again, and after that the next one is asked', async () => {
  vi.stubEnv('CLOCK', '2024-03-06T12:00:00Z');
  // The waits are drawn from 0 on.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const [yahoo, stooq] = [await startLoopbackServer(), await startLoopbackServer()];
  const good = JSON.stringify(chart([[Date.parse('2024-03-05T14:30Z') / 1000, 1, 2, 1, 2, 3, 2]]));
  const answers = [429, 503, 200];
  yahoo.answer = (_request, response) => response.writeHead(answers.shift() ?? 503).end(good);
  stooq.answer = (_request, response) => response.end(stooqCsv('2024-03-05,1,2,1,1.5,3'));
  const provider = await openProvider({
    provider: ['yahoo', 'stooq'],
    yahooOrigin: yahoo.origin,
    stooqOrigin: stooq.origin,
    stooqKeySecret: new URL('ok/stooq.key', import.meta.url).href,
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
  // On this machine there is nobody to spare: at Yahoo's own pace these would take three seconds.
  expect(Date.now() - started).toBeLessThan(2500);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await Promise.all([yahoo.close(), stooq.close()]);
});
