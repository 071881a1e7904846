import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchBatch } from '../../../functions/ingest/fetch.ts';
import {
  type Bar,
  type BarRequest,
  type Provider,
  ProviderError,
} from '../../../functions/ingest/providers/provider.ts';
import { readRaw } from '../../../functions/ingest/raw.ts';
import { type ObjectStore, openObjects } from '../../../functions/shared/objects.ts';
import { bar, batchOf, RUN, rawBar } from './support.ts';

let folder: string;
let objects: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-fetch-'));
  objects = openObjects(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true }));

/** A provider that answers each symbol with its bars or throws its error, and remembers what it was asked. */
function providerOf(answers: Record<string, Bar[] | Error>): Provider & { asked: BarRequest[] } {
  const asked: BarRequest[] = [];
  return {
    name: 'csv',
    asked,
    fetchBars: async (request) => {
      asked.push(request);
      const answer = answers[request.symbol] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

test('asks for the days of the batch, once an instrument', async () => {
  const provider = providerOf({});
  await fetchBatch(batchOf({ symbols: ['AAPL', 'IBM'], interval: '15m' }), provider, objects);
  const days = { interval: '15m', from: '2026-03-02', to: '2026-03-06' };
  expect(provider.asked).toEqual([
    { symbol: 'AAPL', ...days },
    { symbol: 'IBM', ...days },
  ]);
});

test('records the bars of each instrument, or why there are none, and goes on', async () => {
  const provider = providerOf({
    AAPL: [bar('2026-03-02', 100), bar('2026-03-03', 101)],
    IBM: new ProviderError('rate_limited', 'IBM: asked too often'),
    MSFT: [],
  });
  const result = await fetchBatch(batchOf({ batch: 7, symbols: ['AAPL', 'IBM', 'MSFT'] }), provider, objects);
  expect(result).toEqual({ batch: 7, fetched: 2, failed: 1 });
  const fetched = { status: 'fetched', provider: 'csv', interval: 'daily' };
  expect(await readRaw(objects, RUN, 'AAPL')).toEqual({
    ...fetched,
    symbol: 'AAPL',
    bars: [rawBar('2026-03-02', 100), rawBar('2026-03-03', 101)],
  });
  expect(await readRaw(objects, RUN, 'IBM')).toEqual({
    status: 'failed',
    symbol: 'IBM',
    provider: 'csv',
    reason: 'rate_limited',
    message: 'IBM: asked too often',
  });
  expect(await readRaw(objects, RUN, 'MSFT')).toEqual({ ...fetched, symbol: 'MSFT', bars: [] });
});

test('fetching again replaces what an earlier try recorded', async () => {
  const batch = batchOf();
  await fetchBatch(batch, providerOf({ AAPL: new ProviderError('timeout', 'AAPL: no answer') }), objects);
  await fetchBatch(batch, providerOf({ AAPL: [bar('2026-03-02', 100)] }), objects);
  expect(await readRaw(objects, RUN, 'AAPL')).toMatchObject({ status: 'fetched' });
});

test('an error that is not the provider’s own refusal is a defect and propagates', async () => {
  const defect = new TypeError('undefined is not a function');
  const provider = providerOf({ AAPL: defect });
  await expect(fetchBatch(batchOf(), provider, objects)).rejects.toBe(defect);
  expect(await readRaw(objects, RUN, 'AAPL')).toBeUndefined();
});
