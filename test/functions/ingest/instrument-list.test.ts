import { beforeEach, expect, test } from 'vitest';
import { deactivateInstruments, listInstruments } from '../../../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../../../functions/ingest/instruments.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { seedBars } from '../infer/support.ts';
import { useStore } from './store-support.ts';

const store = useStore();
const { db } = store;
beforeEach(async () => {
  await registerInstruments(store.sql, [
    { symbol: 'IBM', exchange: 'NYSE' },
    { symbol: 'AAPL', name: 'Apple' },
  ]);
});

test('lists instruments by symbol with the day of the last daily bar', async () => {
  const [ibm] = await db.sql<{ id: string }[]>`SELECT id FROM instruments WHERE symbol = 'IBM'`;
  await seedBars(
    db.sql,
    defined(ibm, 'IBM').id,
    ['2021-01-04', '2021-01-05'].map((day) => ({ day, close: 100 })),
  );
  expect(await listInstruments(store.sql, { all: false })).toMatchObject([
    { symbol: 'AAPL', name: 'Apple', exchange: 'UNKNOWN', isActive: true, lastDay: null },
    { symbol: 'IBM', name: null, exchange: 'NYSE', isActive: true, lastDay: '2021-01-05' },
  ]);
});

test('lists deactivated instruments only with all', async () => {
  expect(await deactivateInstruments(store.sql, ['IBM'])).toEqual(['IBM']);
  const symbols = async (all: boolean) =>
    (await listInstruments(store.sql, { all })).map(({ symbol }) => symbol);
  expect(await symbols(false)).toEqual(['AAPL']);
  expect(await symbols(true)).toEqual(['AAPL', 'IBM']);
});

test('deactivates either every named instrument or none', async () => {
  await expect(deactivateInstruments(store.sql, ['IBM', 'NOPE', 'ZZZ'])).rejects.toThrow(
    'not among the active instruments: NOPE, ZZZ; nothing was changed',
  );
  expect(await listInstruments(store.sql, { all: false })).toHaveLength(2);
});

test('reactivates the same instrument when its symbol is registered again', async () => {
  const before = await db.sql`SELECT id, symbol FROM instruments ORDER BY symbol`;
  await deactivateInstruments(store.sql, ['AAPL', 'IBM']);
  await registerInstruments(store.sql, [
    { symbol: 'AAPL' },
    { symbol: 'IBM', exchange: 'NYSE', sector: 'Technology' },
  ]);
  expect(await db.sql`SELECT id, symbol FROM instruments WHERE is_active ORDER BY symbol`).toEqual(before);
});
