import { beforeAll, describe, expect, test } from 'vitest';
import { BarPage, BarsQuery, listBars, selectBars } from '../../../../functions/api/market/list-bars.ts';
import { InstrumentDetail, readInstrument } from '../../../../functions/api/market/read-instrument.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView, planOf, seedInstrument, walk } from './support.ts';

const NOW = new Date('2026-03-02T08:00:00Z');

const db = useTestDatabase();
let api: Sql;
let apple: string;
beforeAll(async () => {
  api = db.client('api');
  const { sql } = db;
  apple = await seedInstrument(sql, 'AAPL');
  for (let n = 0; n < 30; n += 1) await seedInstrument(sql, `S${n}`);
  await seedInstrument(sql, 'NEW');
  await sql`SELECT ensure_partitions('daily', '2021-01-01', '2026-12-31'), ensure_partitions('15m', '2026-01-01', '2026-03-31')`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT i.id, day, 100, 110, 90, 100 + extract(doy FROM day) / 100, 1000, 'daily'
    FROM instruments i, generate_series(timestamptz '2021-01-01', '2026-02-27', interval '1 day') day
    WHERE i.symbol <> 'NEW' AND extract(isodow FROM day) < 6`;
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT ${apple}, ts, 1, 3, 1, 2, 0, '15m'
    FROM generate_series(timestamptz '2026-02-26T14:30Z', '2026-02-27T21:00Z', interval '15 minutes') ts`;
  await sql`VACUUM ANALYZE`;
});

async function list(query: Record<string, string | undefined> = {}, symbol = 'AAPL') {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return clientView(BarPage, await listBars(api, symbol, BarsQuery.parse(given), { now: NOW, notice: null }));
}

describe('listBars for daily bars', () => {
  test('returns the last year by default, oldest first', async () => {
    const { items, ...rest } = await list();
    expect(rest).toEqual({
      symbol: 'AAPL',
      currency: 'GBP',
      interval: 'daily',
      from: '2025-03-02',
      to: '2026-03-02',
      nextCursor: null,
      notice: null,
    });
    expect(items).toHaveLength(260);
    expect(items[0]).toEqual({
      ts: '2025-03-03T00:00:00.000Z',
      open: 100,
      high: 110,
      low: 90,
      close: 100.62,
      volume: 1000,
    });
    expect(items.at(-1)?.ts).toBe('2026-02-27T00:00:00.000Z');
  });

  test.each<[Record<string, string>, string | undefined, string | undefined, number]>([
    [{ from: '2022-01-03', to: '2022-01-07' }, '2022-01-03', '2022-01-07', 5],
    [{ from: '2022-01-03', to: '2022-01-03' }, '2022-01-03', '2022-01-03', 1],
    [{ from: '2022-01-01', to: '2022-01-02' }, undefined, undefined, 0],
    [{ to: '2022-01-07', limit: '3' }, '2021-01-07', '2021-01-11', 3],
    [{ from: '2026-02-26' }, '2026-02-26', '2026-02-27', 2],
    [{ from: '1900-01-01', to: '2020-12-31' }, undefined, undefined, 0],
  ])('returns for %o the days from %s to %s', async (query, first, last, count) => {
    const { items } = await list(query);
    expect(items).toHaveLength(count);
    expect(items[0]?.ts.slice(0, 10)).toBe(first);
    expect(items.at(-1)?.ts.slice(0, 10)).toBe(last);
  });

  test.each(['7', '100', '259', '260', '261'])('returns every bar once in pages of %s', async (limit) => {
    const pages = await walk((cursor) => list({ limit, cursor }));
    const days = pages.flatMap(({ items }) => items.map(({ ts }) => ts));
    expect(days).toEqual((await list()).items.map(({ ts }) => ts));
    expect(pages).toHaveLength(Math.ceil(260 / Number(limit)));
  });

  test('refuses a range that ends before it begins', async () => {
    await expect(list({ from: '2026-02-27', to: '2026-02-26' })).rejects.toMatchObject({
      code: 'invalid-request',
      status: 400,
      errors: [{ parameter: 'from', detail: 'must not be later than 2026-02-26' }],
    });
  });

  test('returns no bars for an instrument without any', async () => {
    expect((await list({}, 'NEW')).items).toEqual([]);
  });

  test('answers 404 for an unknown instrument', async () => {
    await expect(list({}, 'NONE')).rejects.toMatchObject({ code: 'unknown-instrument', status: 404 });
  });
});

describe('listBars for 15-minute bars', () => {
  test('returns all quarters of an hour of a day', async () => {
    const { items, interval } = await list({ interval: '15m', from: '2026-02-27', to: '2026-02-27' });
    expect(interval).toBe('15m');
    expect(items[0]).toMatchObject({ ts: '2026-02-27T00:00:00.000Z', close: 2, volume: 0 });
    expect(items.at(-1)?.ts).toBe('2026-02-27T21:00:00.000Z');
  });

  test('returns every bar once across pages', async () => {
    const pages = await walk((cursor) => list({ interval: '15m', limit: '20', cursor }));
    const instants = pages.flatMap(({ items }) => items.map(({ ts }) => ts));
    expect(new Set(instants).size).toBe(instants.length);
    expect(instants).toHaveLength(123);
  });
});

test('refuses a cursor of another instrument, interval or range', async () => {
  const { nextCursor } = await list({ limit: '5' });
  const cursor = defined(nextCursor, 'next cursor');
  const refused = expect.objectContaining({ code: 'invalid-cursor' });
  await expect(list({ cursor }, 'S1')).rejects.toThrow(refused);
  await expect(list({ cursor, interval: '15m' })).rejects.toThrow(refused);
  await expect(list({ cursor, from: '2025-03-02' })).rejects.toThrow(refused);
  expect((await list({ cursor, limit: '1000' })).items).toHaveLength(255);
});

describe('the statement of listBars', () => {
  const page = { interval: 'daily' as const, limit: 1000 };

  test('scans only the partitions of its days, by index', async () => {
    const range = { from: '2025-03-02', to: '2026-03-02' };
    const text = await planOf(api, selectBars(api, { id: apple, ...page, ...range }));
    expect(text).toMatch(/Scan (using|on) price_bars_2025_daily_instrument_id_ts_interval/);
    expect(text).toMatch(/Scan (using|on) price_bars_2026_daily_instrument_id_ts_interval/);
    expect(text).not.toMatch(/price_bars_202[1-4]|15m|Seq Scan/);
  });

  test('scans no partition before a page in the middle', async () => {
    const range = { from: '2021-01-01', to: '2026-03-02' };
    const keys = ['2025-06-30T00:00:00.000000Z'];
    const text = await planOf(api, selectBars(api, { id: apple, ...page, ...range, keys }));
    expect(text).not.toMatch(/ on price_bars_202[1-4]_daily b/);
    expect(text).not.toContain('Seq Scan');
  });
});

describe('readInstrument', () => {
  const read = async (symbol: string) =>
    clientView(InstrumentDetail, await readInstrument(api, symbol, { notice: 'Sample data.' }));

  test('returns the range of the bars', async () => {
    expect(await read('AAPL')).toEqual({
      symbol: 'AAPL',
      exchange: 'NASDAQ',
      name: 'AAPL Inc.',
      sector: 'Technology',
      currency: 'GBP',
      marks: ['unvalidated_market'],
      marketCapBucket: null,
      peBucket: null,
      isActive: true,
      firstDay: '2021-01-01',
      lastDay: '2026-02-27',
      lastClose: 100.58,
      notice: 'Sample data.',
    });
  });

  test('returns nulls without bars', async () => {
    expect(await read('NEW')).toMatchObject({ firstDay: null, lastDay: null, lastClose: null });
  });

  test('answers 404 for an unknown instrument', async () => {
    await expect(read('NONE')).rejects.toMatchObject({ code: 'unknown-instrument', status: 404 });
  });

  test('returns an inactive instrument, but prefers the active one with the same symbol', async () => {
    const [id] = [await seedInstrument(db.sql, 'TWICE', { name: 'First', isActive: false })];
    expect(await read('TWICE')).toMatchObject({ name: 'First', isActive: false });
    await seedInstrument(db.sql, 'TWICE', { name: 'Second', exchange: 'NYSE', isActive: false });
    expect(await read('TWICE')).toMatchObject({ name: 'Second', isActive: false });
    await db.sql`UPDATE instruments SET is_active = true WHERE id = ${id}`;
    expect(await read('TWICE')).toMatchObject({ name: 'First', isActive: true });
  });
});
