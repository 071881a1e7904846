import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function partitions(): Promise<string[]> {
  const rows = await database.sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relispartition AND relkind IN ('r', 'p') ORDER BY 1`;
  return rows.map(({ name }) => name);
}

test('a year a partition of daily bars and of features, each made once', async () => {
  const sql = database.client('pipeline');
  const [made] = await sql`SELECT ensure_partitions('daily', '2012-12-30', '2013-01-02') AS n`;
  expect(made?.n).toBe(6);
  expect(await partitions()).toEqual([
    'features_2012',
    'features_2013',
    'price_bars_2012',
    'price_bars_2012_daily',
    'price_bars_2013',
    'price_bars_2013_daily',
  ]);
  const [again] = await sql`SELECT ensure_partitions('daily', '2012-12-30', '2013-01-02') AS n`;
  expect(again?.n).toBe(0);
});

test('15-minute bars have a month a partition of their own beside the daily ones', async () => {
  await database.client('pipeline')`SELECT ensure_partitions('15m', '2013-01-31', '2013-02-01')`;
  expect(await partitions()).toEqual(
    expect.arrayContaining(['price_bars_2013_15m_01', 'price_bars_2013_15m_02']),
  );
});

test('two runs at once make the partitions once', async () => {
  const make = () =>
    database.client('pipeline')`SELECT ensure_partitions('daily', '2020-01-01', '2021-01-01') AS n`;
  const both = await Promise.all([make(), make()]);
  expect(both.map(([row]) => row?.n).sort()).toEqual([0, 6]);
});

test.each([
  ["'1h', '2013-01-01', '2013-01-02'"],
  ["'daily', '2013-01-02', '2013-01-01'"],
  ["'daily', '0001-01-01', '2013-01-01'"],
])('refuses (%s)', async (args) => {
  await expect(database.client('pipeline').unsafe(`SELECT ensure_partitions(${args})`)).rejects.toMatchObject(
    {
      code: '22023',
    },
  );
});

test('the pipeline can make partitions and no other table', async () => {
  const sql = database.client('pipeline');
  await expect(sql`CREATE TABLE mine (id int)`).rejects.toMatchObject({ code: '42501' });
  await expect(
    database.client('api')`SELECT ensure_partitions('daily', '2013-01-01', '2013-01-02')`,
  ).rejects.toMatchObject({ code: '42501' });
});
