import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { registerInstruments } from '../../../functions/ingest/instruments.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { clear } from './support.ts';

let db: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  db = await testDatabase();
  sql = db.client('pipeline');
});
afterAll(() => db.close());
beforeEach(() => clear(db.sql));

const apple = { symbol: 'AAPL', exchange: 'NASDAQ', name: 'Apple Inc.', sector: 'Technology' };

async function stored() {
  const rows =
    await db.sql`SELECT symbol, exchange, name, sector, is_active FROM instruments ORDER BY symbol, created_at`;
  return [...rows];
}

test('adds what is new, active, unknown facts left open', async () => {
  expect(await registerInstruments(sql, [apple, { symbol: 'IBM' }])).toBe(2);
  expect(await stored()).toEqual([
    { ...apple, is_active: true },
    { symbol: 'IBM', exchange: 'UNKNOWN', name: null, sector: null, is_active: true },
  ]);
});

test('a second time changes nothing', async () => {
  await registerInstruments(sql, [apple, { symbol: 'IBM' }]);
  const [before] =
    await db.sql`SELECT md5(string_agg(i::text, '|' ORDER BY symbol)) AS sum FROM instruments i`;
  expect(await registerInstruments(sql, [{ symbol: 'IBM' }, apple])).toBe(0);
  expect(
    await db.sql`SELECT md5(string_agg(i::text, '|' ORDER BY symbol)) AS sum FROM instruments i`,
  ).toEqual([before]);
});

test('keeps what is known and fills in what was not', async () => {
  await registerInstruments(sql, [apple, { symbol: 'IBM' }]);
  const listings = [{ symbol: 'AAPL' }, { symbol: 'IBM', exchange: 'NYSE', sector: 'Technology' }];
  expect(await registerInstruments(sql, listings)).toBe(1);
  expect(await stored()).toEqual([
    { ...apple, is_active: true },
    { symbol: 'IBM', exchange: 'NYSE', name: null, sector: 'Technology', is_active: true },
  ]);
});

test('a name that changed is taken over, an exchange that is known is not', async () => {
  await registerInstruments(sql, [apple]);
  expect(await registerInstruments(sql, [{ symbol: 'AAPL', exchange: 'XETRA', name: 'Apple' }])).toBe(1);
  expect(await stored()).toEqual([{ ...apple, name: 'Apple', is_active: true }]);
});

test('an inactive instrument of the same symbol on another exchange keeps its history to itself', async () => {
  await db.sql`INSERT INTO instruments (symbol, exchange, is_active) VALUES ('AAPL', 'XETRA', false)`;
  expect(await registerInstruments(sql, [apple])).toBe(1);
  expect((await stored()).map(({ exchange, is_active }) => [exchange, is_active])).toEqual([
    ['XETRA', false],
    ['NASDAQ', true],
  ]);
});

test('no listings add nothing', async () => {
  expect(await registerInstruments(sql, [])).toBe(0);
});
