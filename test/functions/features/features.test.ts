import { beforeAll, beforeEach, expect, test } from 'vitest';
import { computeFeatures } from '../../../functions/features/compute.ts';
import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import { computeBatch } from '../../../functions/features/features.ts';
import type { Bar } from '../../../functions/ingest/providers/provider.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../support/database.ts';
import {
  at,
  backlog,
  batchOf,
  clear,
  RUN,
  seedBars,
  seedInstruments,
  seedPartitions,
  seedRun,
} from '../ingest/support.ts';
import { realBars, toColumns } from './series.ts';

const SYMBOLS = ['AAPL', 'IBM'];
const batch = batchOf({ symbols: SYMBOLS, asOf: '2013-03-01' });

const db = useTestDatabase();
let sql: Sql;
let ids: Map<string, string>;
let bars: Map<string, Bar[]>;
beforeAll(async () => {
  sql = db.client('pipeline');
  await seedPartitions(db.sql, '2011-06-01', '2013-03-01');
  const real = SYMBOLS.map(
    async (symbol) => [symbol, await realBars(symbol, '2011-06-01', '2013-03-01')] as const,
  );
  bars = new Map(await Promise.all(real));
});
beforeEach(async () => {
  await clear(db.sql);
  ids = await seedInstruments(db.sql, SYMBOLS);
  await seedRun(db.sql, RUN, SYMBOLS.length);
});

const idOf = (symbol: string) => defined(ids.get(symbol), `id of ${symbol}`);
const barsOf = (symbol: string) => bars.get(symbol) ?? [];

/** Stores the bars of a span of days and marks the first, as Load does. */
async function load(from: string, to: string, symbols = SYMBOLS): Promise<void> {
  for (const symbol of symbols) {
    const part = barsOf(symbol).filter(({ ts }) => ts >= at(from) && ts <= at(to));
    await seedBars(db.sql, idOf(symbol), part);
    await mark(symbol, from);
  }
}

async function mark(symbol: string, day: string): Promise<void> {
  await db.sql`
    INSERT INTO feature_backlog AS f (instrument_id, dirty_from) VALUES (${idOf(symbol)}, ${day}::timestamptz)
    ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from)`;
}

/** Every stored row, with all of its features. */
async function rows(): Promise<string[]> {
  const found = await db.sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, to_char(f.ts, 'YYYY-MM-DD'),
      to_jsonb(f) - 'id' - 'instrument_id' - 'ts' - 'created_at') AS line
    FROM features f JOIN instruments i ON i.id = f.instrument_id ORDER BY i.symbol, f.ts`;
  return found.map(({ line }) => line);
}

/** The stored rows after a full computation. */
async function recomputed(): Promise<string[]> {
  await db.sql`DELETE FROM features`;
  for (const symbol of SYMBOLS) await mark(symbol, '2000-01-01');
  await computeBatch(batch, sql);
  return rows();
}

async function countedFeatures(): Promise<number> {
  const [run] = await db.sql<{ features: number }[]>`SELECT features FROM pipeline_runs WHERE id = ${RUN}`;
  return run?.features ?? -1;
}

test('stores every feature of every bar with 7 digits, and null without a value', async () => {
  await load('2011-06-01', '2013-03-01');
  const count = barsOf('AAPL').length + barsOf('IBM').length;
  expect(await computeBatch(batch, sql)).toEqual({ batch: 0, features: count, failed: 0 });
  expect(await countedFeatures()).toBe(count);
  expect(await backlog(db.sql)).toEqual([]);

  const { ts, columns } = computeFeatures(toColumns(barsOf('IBM')), 0);
  const stored = await db.sql`SELECT * FROM features WHERE instrument_id = ${idOf('IBM')} ORDER BY ts`;
  expect(stored.map((row) => row.ts.getTime())).toEqual(ts);
  const kept = (value: number | undefined) =>
    value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(7));
  for (const i of [0, 19, 100, 252, ts.length - 1]) {
    for (const name of COLUMN_FEATURE_NAMES) {
      const value = kept(columns[name][i]);
      expect(stored[i]?.[name] === null ? null : Math.fround(stored[i]?.[name]), `${name} of bar ${i}`).toBe(
        value === null ? null : Math.fround(value),
      );
    }
    for (const name of ADDITIONAL_FEATURE_NAMES) {
      expect(stored[i]?.additional_features[name] ?? null, `${name} of bar ${i}`).toBe(
        kept(columns[name][i]),
      );
    }
  }
});

test('computes no features of the benchmark until it gets calls', async () => {
  await load('2013-01-02', '2013-03-01');
  await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'IBM'`;
  await computeBatch(batch, sql);
  const symbolsOf = async () => [...new Set((await rows()).map((row) => row.split(' ')[0]))];
  expect(await symbolsOf()).toEqual(['AAPL']);
  await db.sql`UPDATE instruments SET purpose = 'recommended' WHERE symbol = 'IBM'`;
  await computeBatch(batch, sql);
  expect(await symbolsOf()).toEqual(['AAPL', 'IBM']);
  expect(await rows()).toHaveLength(barsOf('AAPL').filter(({ ts }) => ts >= at('2013-01-02')).length * 2);
});

test('computes appended bars across a year boundary exactly as a full computation', async () => {
  const steps = [
    '2011-06-01',
    '2011-12-21',
    '2011-12-31',
    '2012-08-01',
    '2012-12-29',
    '2013-02-28',
    '2013-03-02',
  ];
  for (const [i, from] of steps.slice(0, -1).entries()) {
    const until = new Date(at(steps[i + 1] ?? '') - 1).toISOString().slice(0, 10);
    await load(from, until);
    await computeBatch(batch, sql);
  }
  const incremental = await rows();
  expect(incremental).toHaveLength(barsOf('AAPL').length + barsOf('IBM').length);
  expect(incremental).toEqual(await recomputed());
});

test('recomputes the features after a restated bar and none before it', async () => {
  await load('2011-06-01', '2013-03-01');
  await computeBatch(batch, sql);
  const before = await rows();
  const restated = barsOf('IBM').find(({ ts }) => ts >= at('2012-06-01')) as Bar;
  await seedBars(db.sql, idOf('IBM'), [{ ...restated, c: (restated.h + restated.l * 3) / 4 }]);
  await mark('IBM', '2012-06-01');
  const { features } = await computeBatch(batch, sql);
  const after = await rows();
  const changed = after.filter((line, i) => line !== before[i]).map((line) => line.slice(0, 14));
  expect(features).toBe(changed.length);
  expect(changed[0]).toBe('IBM 2012-06-01');
  expect(changed.length).toBeGreaterThan(100);
  expect(after).toEqual(await recomputed());
});

test('moves the features that an older installation kept in JSON into their columns', async () => {
  await load('2011-06-01', '2013-03-01');
  await computeBatch(batch, sql);
  const settled = await rows();
  await db.sql`
    UPDATE features SET additional_features = jsonb_build_object('ret_60d', ret_60d), ret_60d = NULL, adx_14 = NULL`;
  for (const symbol of SYMBOLS) await mark(symbol, '2011-06-01');
  expect(await computeBatch(batch, sql)).toMatchObject({ features: settled.length });
  expect(await rows()).toEqual(settled);
  expect(await countedFeatures()).toBe(2 * settled.length);
});

test('ignores bars after the as-of and moves the mark to the first of them', async () => {
  await load('2011-06-01', '2012-06-29');
  await computeBatch(batch, sql);
  const known = await rows();
  await db.sql`DELETE FROM features`;
  await load('2012-07-01', '2013-03-01');
  for (const symbol of SYMBOLS) await mark(symbol, '2011-06-01');
  await computeBatch({ ...batch, asOf: '2012-06-30' }, sql);
  expect(await rows()).toEqual(known);
  expect(await backlog(db.sql)).toEqual(['AAPL 2012-07-02', 'IBM 2012-07-02']);

  await computeBatch({ ...batch, asOf: '2012-07-01' }, sql);
  expect(await rows()).toEqual(known);
  await computeBatch(batch, sql);
  expect(await rows()).toEqual(await recomputed());
});

test('writes nothing in a second run, or for a mark on unchanged bars', async () => {
  await load('2011-06-01', '2013-03-01');
  await computeBatch(batch, sql);
  const before = await rows();
  const counted = await countedFeatures();
  expect((await computeBatch(batch, sql)).features).toBe(0);
  for (const symbol of SYMBOLS) await mark(symbol, '2012-01-15');
  expect((await computeBatch(batch, sql)).features).toBe(0);
  expect(await rows()).toEqual(before);
  expect(await countedFeatures()).toBe(counted);
});

test('keeps the marks of inactive instruments, other batches and other intervals', async () => {
  await load('2012-06-01', '2013-03-01');
  await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'IBM'`;
  expect((await computeBatch({ ...batch, interval: '15m' }, sql)).features).toBe(0);
  expect((await computeBatch({ ...batch, symbols: ['IBM'] }, sql)).features).toBe(0);
  expect(await backlog(db.sql)).toEqual(['AAPL 2012-06-01', 'IBM 2012-06-01']);
  await computeBatch(batch, sql);
  expect(await backlog(db.sql)).toEqual(['IBM 2012-06-01']);
  expect((await rows()).every((line) => line.startsWith('AAPL '))).toBe(true);
});

test('stores and counts rows once if two runs compute concurrently', async () => {
  await load('2011-06-01', '2013-03-01');
  const other = db.client('pipeline');
  const results = await Promise.all([computeBatch(batch, sql), computeBatch(batch, other)]);
  const count = barsOf('AAPL').length + barsOf('IBM').length;
  expect(results.reduce((sum, { features }) => sum + features, 0)).toBe(count);
  expect(await countedFeatures()).toBe(count);
  expect(await rows()).toEqual(await recomputed());
});

test('keeps features and marks if writing fails midway', async () => {
  await load('2011-06-01', '2012-12-31');
  await computeBatch(batch, sql);
  const before = await rows();
  await load('2013-01-01', '2013-03-01');
  await db.sql.begin(async (tx) => {
    // Writers of features wait for this lock.
    await tx`LOCK TABLE features IN EXCLUSIVE MODE`;
    const outcome = computeBatch(batch, sql).then(
      () => 'done',
      (error: unknown) => String(error),
    );
    await cancelWaitingQueries();
    expect(await outcome).toContain('canceling statement');
  });
  expect(await rows()).toEqual(before);
  expect(await backlog(db.sql)).toEqual(['AAPL 2013-01-01', 'IBM 2013-01-01']);
  expect(await countedFeatures()).toBe(before.length);
  await computeBatch(batch, sql);
  expect(await rows()).toEqual(await recomputed());
});

async function cancelWaitingQueries(): Promise<void> {
  for (;;) {
    const cancelled = await sql`
      SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (cancelled.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
