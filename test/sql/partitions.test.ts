import { beforeEach, expect, test } from 'vitest';
import { migrate, migrationStatus, rollback } from '../../functions/migration/migrate.ts';
import { testDatabase, useTestDatabase } from '../support/database.ts';

const database = useTestDatabase();

async function partitions(): Promise<string[]> {
  const rows = await database.sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relispartition AND relkind IN ('r', 'p') ORDER BY 1`;
  return rows.map(({ name }) => name);
}

beforeEach(async () => {
  await database.sql`TRUNCATE instruments CASCADE`;
  for (const name of await partitions()) await database.sql`DROP TABLE IF EXISTS ${database.sql(name)}`;
});

test('makes one partition per year of daily bars and features, each once', async () => {
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

test('makes one partition per day of 15-minute bars', async () => {
  const sql = database.client('pipeline');
  await sql`SELECT ensure_partitions('15m', '2013-12-31', '2014-01-02')`;
  expect((await partitions()).filter((name) => name.includes('15m'))).toEqual([
    'price_bars_2013_15m',
    'price_bars_2013_15m_1231',
    'price_bars_2014_15m',
    'price_bars_2014_15m_0101',
    'price_bars_2014_15m_0102',
  ]);
  const [again] = await sql`SELECT ensure_partitions('15m', '2013-12-31', '2014-01-02') AS n`;
  expect(again?.n).toBe(0);
});

test('ends a day of 15-minute bars at midnight UTC in any session time zone', async () => {
  await database.sql`INSERT INTO instruments (id, symbol) VALUES ('00000000-0000-7000-8000-000000000001', 'AAPL')`;
  await database.client('pipeline')`SELECT ensure_partitions('15m', '2013-12-31', '2014-01-01')`;
  const sql = database.client('migrator');
  await sql`SET timezone = 'Asia/Tokyo'`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT '00000000-0000-7000-8000-000000000001', ts::timestamptz, 1, 1, 1, 1, 1, '15m'
    FROM unnest('{2013-12-31T00:00:00Z, 2013-12-31T23:45:00Z, 2014-01-01T00:00:00Z}'::text[]) AS ts`;
  const rows = await sql<{ name: string; n: number }[]>`
    SELECT tableoid::regclass::text AS name, count(*)::int AS n FROM price_bars GROUP BY 1 ORDER BY 1`;
  expect([...rows]).toEqual([
    { name: 'price_bars_2013_15m_1231', n: 2 },
    { name: 'price_bars_2014_15m_0101', n: 1 },
  ]);
});

test('drops the partitions of 15-minute bars before a day, and a year with its last day', async () => {
  const sql = database.client('pipeline');
  await sql`SELECT ensure_partitions('daily', '2013-01-01', '2013-01-02')`;
  await sql`SELECT ensure_partitions('15m', '2013-12-31', '2014-01-02')`;
  const [done] = await sql`SELECT drop_intraday_partitions('2014-01-02') AS n`;
  expect(done?.n).toBe(3);
  expect((await partitions()).filter((name) => name.includes('15m'))).toEqual([
    'price_bars_2014_15m',
    'price_bars_2014_15m_0102',
  ]);
  const [again] = await sql`SELECT drop_intraday_partitions('2014-01-02') AS n`;
  expect(again?.n).toBe(0);
  expect(await partitions()).toContain('price_bars_2013_daily');
  await expect(sql`SELECT drop_intraday_partitions(NULL)`).rejects.toMatchObject({ code: '22023' });
});

test('makes and drops a day while others read bars of other days and write instruments', async () => {
  const sql = database.client('pipeline');
  await database.sql`INSERT INTO instruments (symbol) VALUES ('AAPL')`;
  await sql`SELECT ensure_partitions('daily', '2014-02-01', '2014-02-02')`;
  await sql`SELECT ensure_partitions('15m', '2014-01-31', '2014-02-02')`;
  await database.client('api').begin(async (reader) => {
    await reader`SELECT count(*) FROM price_bars WHERE interval = 'daily'`;
    await database.client('pipeline').begin(async (writer) => {
      await writer`UPDATE instruments SET name = 'Apple' WHERE symbol = 'AAPL'`;
      const [done] = await sql`SELECT drop_intraday_partitions('2014-02-02') AS n`;
      expect(done?.n).toBe(2);
    });
    const [made] = await sql`SELECT ensure_partitions('15m', '2014-02-02', '2014-02-03') AS n`;
    expect(made?.n).toBe(1);
  });
});

test('makes the partitions once for two concurrent runs', async () => {
  const make = () =>
    database.client('pipeline')`SELECT ensure_partitions('daily', '2020-01-01', '2021-01-01') AS n`;
  const both = await Promise.all([make(), make()]);
  expect(both.map(([row]) => row?.n).sort()).toEqual([0, 6]);
});

test.each([
  ["'1h', '2013-01-01', '2013-01-02'"],
  ["'daily', '2013-01-02', '2013-01-01'"],
  ["'daily', '0001-01-01', '2013-01-01'"],
])('rejects (%s)', async (args) => {
  await expect(database.client('pipeline').unsafe(`SELECT ensure_partitions(${args})`)).rejects.toMatchObject(
    {
      code: '22023',
    },
  );
});

test('lets the pipeline make and drop partitions but no other table', async () => {
  const sql = database.client('pipeline');
  await expect(sql`CREATE TABLE mine (id int)`).rejects.toMatchObject({ code: '42501' });
  await expect(
    database.client('api')`SELECT ensure_partitions('daily', '2013-01-01', '2013-01-02')`,
  ).rejects.toMatchObject({ code: '42501' });
  await expect(database.client('api')`SELECT drop_intraday_partitions('2099-01-01')`).rejects.toMatchObject({
    code: '42501',
  });
});

test('migrates monthly partitions of 15-minute bars to daily ones and back', async () => {
  const own = await testDatabase();
  try {
    const intraday = async () => {
      const rows = await own.sql<{ name: string }[]>`
        SELECT relname AS name FROM pg_class WHERE relname ~ '^price_bars_2013_15m_' AND relkind = 'r'`;
      return rows.map(({ name }) => name);
    };
    const make = () => own.client('pipeline')`SELECT ensure_partitions('15m', '2013-02-01', '2013-02-01')`;
    const names = (await migrationStatus(own.sql)).map(({ name }) => name);
    const steps = names.length - names.indexOf('keep-intraday-bars-by-day');
    await make();
    expect(await intraday()).toEqual(['price_bars_2013_15m_0201']);
    await rollback(own.sql, steps);
    expect(await intraday()).toEqual([]);
    await make();
    expect(await intraday()).toEqual(['price_bars_2013_15m_02']);
    await migrate(own.sql);
    expect(await intraday()).toEqual([]);
    await make();
    expect(await intraday()).toEqual(['price_bars_2013_15m_0201']);
  } finally {
    await own.close();
  }
});
