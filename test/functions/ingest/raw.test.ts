import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RawRecord, rawKey, readRaw, toRawBar, writeRaw } from '../../../functions/ingest/raw.ts';
import { type ObjectStore, openObjects } from '../../../functions/shared/objects.ts';
import { RUN, rawBar } from './support.ts';

let folder: string;
let objects: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-raw-'));
  objects = openObjects(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true }));

test.each<[string, RawRecord]>([
  [
    'bars to the last digit',
    {
      status: 'fetched',
      symbol: 'BRK-B',
      provider: 'yahoo',
      interval: 'daily',
      bars: [[1772409600000, 0.1 + 0.2, 1e-7, 123456789.12345678, 1 / 3, 0]],
    },
  ],
  ['no bars', { status: 'fetched', symbol: '^GSPC', provider: 'yahoo', interval: '15m', bars: [] }],
  [
    'a failure',
    {
      status: 'failed',
      symbol: 'AAPL',
      provider: 'csv',
      reason: 'not_found',
      message: 'AAPL: “no” such\nrow',
    },
  ],
])('a record of %s is read as it was written', async (_, record) => {
  await writeRaw(objects, RUN, record);
  expect(await readRaw(objects, RUN, record.symbol)).toEqual(record);
});

test('a record is gzipped JSON under its run and symbol', async () => {
  await writeRaw(objects, RUN, {
    status: 'failed',
    symbol: 'AAPL',
    provider: 'csv',
    reason: 'r',
    message: 'm',
  });
  expect(rawKey(RUN, 'AAPL')).toBe('raw/run-1/AAPL.json.gz');
  const body = await objects.get('raw/run-1/AAPL.json.gz');
  expect(JSON.parse(gunzipSync(body ?? '').toString())).toMatchObject({ symbol: 'AAPL', status: 'failed' });
});

test('there is no record of another run or symbol', async () => {
  await writeRaw(objects, RUN, {
    status: 'failed',
    symbol: 'AAPL',
    provider: 'csv',
    reason: 'r',
    message: 'm',
  });
  expect(await readRaw(objects, 'run-2', 'AAPL')).toBeUndefined();
  expect(await readRaw(objects, RUN, 'AAP')).toBeUndefined();
});

test('writing again replaces the record', async () => {
  const record = { status: 'fetched', symbol: 'AAPL', provider: 'csv', interval: 'daily' } as const;
  await writeRaw(objects, RUN, { ...record, bars: [rawBar('2026-03-02', 100)] });
  await writeRaw(objects, RUN, { ...record, bars: [rawBar('2026-03-02', 101)] });
  expect(await readRaw(objects, RUN, 'AAPL')).toMatchObject({ bars: [rawBar('2026-03-02', 101)] });
});

test('a value that JSON has no word for comes back as not a number', async () => {
  const record = { status: 'fetched', symbol: 'AAPL', provider: 'csv', interval: 'daily' } as const;
  const bars = [rawBar('2026-03-02', Number.POSITIVE_INFINITY, { v: Number.NaN, o: 1, l: 1 })];
  await writeRaw(objects, RUN, { ...record, bars });
  const [ts, o, , l] = bars[0] ?? [];
  expect(await readRaw(objects, RUN, 'AAPL')).toMatchObject({
    bars: [[ts, o, Number.NaN, l, Number.NaN, Number.NaN]],
  });
});

test.each([
  ['of an unknown status', { status: 'maybe', symbol: 'AAPL', provider: 'csv' }],
  [
    'with a key too many',
    { status: 'failed', symbol: 'A', provider: 'csv', reason: 'r', message: 'm', more: 1 },
  ],
  [
    'with a bar too short',
    { status: 'fetched', symbol: 'A', provider: 'c', interval: 'daily', bars: [[1, 2, 3, 4, 5]] },
  ],
  [
    'with a price in text',
    { status: 'fetched', symbol: 'A', provider: 'c', interval: 'daily', bars: [[1, 2, 3, 4, '5', 6]] },
  ],
])('a record %s is refused', async (_, record) => {
  await objects.put(rawKey(RUN, 'AAPL'), gzipSync(JSON.stringify(record)));
  await expect(readRaw(objects, RUN, 'AAPL')).rejects.toThrow();
});

test('a bar becomes a tuple in the order of its fields', () => {
  expect(toRawBar({ v: 6, c: 5, l: 4, h: 3, o: 2, ts: 1 })).toEqual([1, 2, 3, 4, 5, 6]);
});
