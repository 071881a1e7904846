import { expect, test } from 'vitest';
import { hasListings, openProvider } from '../../../../functions/ingest/providers/index.ts';
import { BadInputError, ConfigurationError } from '../../../../functions/shared/errors.ts';
import { fixture, SAMPLE } from './fixtures.ts';

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
  const options = { provider: 'csv', barsFile: fixture('not-ok/empty.csv') } as const;
  const first = openProvider(options);
  await expect(first).rejects.toThrow(BadInputError);
  expect(openProvider(options)).not.toBe(first);
  await expect(openProvider(options)).rejects.toThrow(BadInputError);
});
