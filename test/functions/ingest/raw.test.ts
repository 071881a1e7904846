import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type NewRecord,
  type RawBar,
  rawKey,
  readRaw,
  toRawBar,
  writeRaw,
} from '../../../functions/ingest/raw.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { RUN, rawBar } from './support.ts';

let folder: string;
let objects: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-raw-'));
  objects = openObjects(pathToFileURL(folder).href);
});
afterEach(() => rm(folder, { recursive: true }));

/** The scope of the records in these tests. */
const SCOPE = { runId: RUN, interval: 'daily', from: '2026-03-02' } as const;
type New<Status> = Extract<NewRecord, { status: Status }>;
const fetched = (bars: RawBar[], rest: Partial<New<'fetched'>> = {}): New<'fetched'> => ({
  status: 'fetched',
  symbol: 'AAPL',
  interval: 'daily',
  from: '2026-03-02',
  to: '2026-03-06',
  provider: 'csv',
  fetchedAt: '2026-03-06T23:30:00.000Z',
  attempts: [],
  bars,
  actions: [],
  ...rest,
});
const { bars: _bars, actions: _actions, ...request } = fetched([]);
const failed: New<'failed'> = { ...request, status: 'failed', reason: 'timeout', message: 'm' };

test.each<[string, NewRecord]>([
  ['bars to the last digit', fetched([[1772409600000, 0.1 + 0.2, 1e-7, 123456789.12345678, 1 / 3, 0]])],
  ['no bars', fetched([], { symbol: '^GSPC', interval: '15m' })],
  [
    'actions',
    fetched([], {
      actions: [
        { exDay: '2026-03-03', kind: 'split', value: 1 / 20 },
        { exDay: '2026-03-04', kind: 'dividend', value: 0.24 },
      ],
    }),
  ],
  [
    'earlier refusals',
    fetched([], {
      provider: 'stooq',
      attempts: [{ provider: 'yahoo', reason: 'rate_limited', message: 'AAPL: “no” such\nrow' }],
    }),
  ],
  [
    'facts about the instrument',
    fetched([], {
      currency: 'GBP',
      exchange: 'LSE',
      timeZone: 'Europe/London',
      tradesEveryDay: false,
      hasVolume: true,
      adjustments: [[1772409600000, 0.99]],
    }),
  ],
  ['a failure', { ...failed, message: 'AAPL: “no” such\nrow' }],
])('reads a record of %s as it was written', async (_, record) => {
  await writeRaw(objects, RUN, record);
  expect(await readRaw(objects, { ...SCOPE, interval: record.interval }, record.symbol)).toEqual({
    version: 2,
    ...record,
  });
});

test('stores a record as gzipped JSON under its run, interval, first day and symbol', async () => {
  await writeRaw(objects, RUN, failed);
  expect(rawKey(SCOPE, 'AAPL')).toBe('raw/run-1/daily/2026-03-02/AAPL.json.gz');
  const body = await objects.get('raw/run-1/daily/2026-03-02/AAPL.json.gz');
  expect(JSON.parse(gunzipSync(defined(body, 'record')).toString())).toMatchObject({
    symbol: 'AAPL',
    status: 'failed',
  });
});

test('finds no record of another run, interval, first day or symbol', async () => {
  await writeRaw(objects, RUN, failed);
  expect(await readRaw(objects, SCOPE, 'AAPL')).toBeDefined();
  expect(await readRaw(objects, { ...SCOPE, runId: 'run-2' }, 'AAPL')).toBeUndefined();
  expect(await readRaw(objects, { ...SCOPE, interval: '15m' }, 'AAPL')).toBeUndefined();
  expect(await readRaw(objects, { ...SCOPE, from: '2018-03-06' }, 'AAPL')).toBeUndefined();
  expect(await readRaw(objects, SCOPE, 'AAP')).toBeUndefined();
});

test('keeps separate records of a whole history and of the last days', async () => {
  await writeRaw(objects, RUN, fetched([rawBar('2026-03-02', 100)]));
  await writeRaw(objects, RUN, fetched([rawBar('2018-03-06', 50)], { from: '2018-03-06' }));
  expect(await readRaw(objects, SCOPE, 'AAPL')).toMatchObject({ bars: [rawBar('2026-03-02', 100)] });
  expect(await readRaw(objects, { ...SCOPE, from: '2018-03-06' }, 'AAPL')).toMatchObject({
    bars: [rawBar('2018-03-06', 50)],
  });
});

test('replaces the record when it is written again', async () => {
  await writeRaw(objects, RUN, fetched([rawBar('2026-03-02', 100)]));
  await writeRaw(objects, RUN, fetched([rawBar('2026-03-02', 101)]));
  expect(await readRaw(objects, SCOPE, 'AAPL')).toMatchObject({ bars: [rawBar('2026-03-02', 101)] });
});

test('reads a value that JSON cannot represent as NaN', async () => {
  const bars = [rawBar('2026-03-02', Number.POSITIVE_INFINITY, { v: Number.NaN, o: 1, l: 1 })];
  await writeRaw(objects, RUN, fetched(bars));
  const [ts, o, , l] = defined(bars[0], 'bar');
  expect(await readRaw(objects, SCOPE, 'AAPL')).toMatchObject({
    bars: [[ts, o, Number.NaN, l, Number.NaN, Number.NaN]],
  });
});

const good = { version: 2, ...fetched([]) };

test.each([
  ['of an unknown status', { ...good, status: 'maybe' }],
  ['of another version', { ...good, version: 1 }],
  ['without a version', { ...good, version: undefined }],
  ['without actions', { ...good, actions: undefined }],
  ['without attempts', { ...good, attempts: undefined }],
  ['with an unknown key', { ...good, more: 1 }],
  ['with a bar too short', { ...good, bars: [[1, 2, 3, 4, 5]] }],
  ['with a price in text', { ...good, bars: [[1, 2, 3, 4, '5', 6]] }],
  [
    'with an action of another kind',
    { ...good, actions: [{ exDay: '2026-03-03', kind: 'merger', value: 1 }] },
  ],
])('rejects a record %s', async (_, record) => {
  await objects.put(rawKey(SCOPE, 'AAPL'), gzipSync(JSON.stringify(record)));
  await expect(readRaw(objects, SCOPE, 'AAPL')).rejects.toThrow();
});

test('converts a bar to a tuple in the order of its fields', () => {
  expect(toRawBar({ v: 6, c: 5, l: 4, h: 3, o: 2, ts: 1 })).toEqual([1, 2, 3, 4, 5, 6]);
});
