import { beforeEach, expect, test } from 'vitest';
import { inputValue } from '../../../functions/features/model-inputs.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { seedFeatures } from '../infer/infer-support.ts';
import { useStore } from '../ingest/store-support.ts';
import { bar, seedBars } from '../ingest/support.ts';

const SYMBOLS = ['AAPL', 'IBM', 'VOD.L'];
const store = useStore({ instruments: SYMBOLS, partitions: ['2026-01-01', '2026-12-31'] });
const { db } = store;

const DAY = '2026-03-04';
const LOGS: Record<string, number> = { AAPL: -20, IBM: -18, 'VOD.L': -19 };

beforeEach(async () => {
  for (const symbol of SYMBOLS) {
    await seedBars(db.sql, store.id(symbol), [bar(DAY, 50)]);
    await seedFeatures(db.sql, store.id(symbol), DAY, { illiquidity_20: defined(LOGS[symbol], symbol) });
  }
});

async function ranks(currencies: Record<string, string>, rates: [day: string, usd: number][] = []) {
  for (const [symbol, currency] of Object.entries(currencies))
    await db.sql`UPDATE instruments SET currency = ${currency} WHERE symbol = ${symbol}`;
  for (const [day, usd] of rates)
    await db.sql`INSERT INTO exchange_rates (currency, ts, usd, source, fetched_at) VALUES ('GBP', ${day}, ${usd}, 'yahoo', now())`;
  const rows = await db.sql`
    SELECT round((illiquidity_20_rank * 6)::numeric, 3)::float8 AS sixths FROM model_inputs m
    JOIN instruments i ON i.id = m.instrument_id ORDER BY i.symbol`;
  return rows.map(({ sixths }) => sixths);
}

const KNOWN = { AAPL: 'USD', IBM: 'USD', 'VOD.L': 'GBP' };

test('ranks by the rate of the last day before the row, never by its own or a later one', async () => {
  // In pounds the third is between the two; a pound of e^-2 dollars makes it the least liquid, one of e^2 the most.
  const later: [string, number][] = [
    [DAY, Math.exp(2)],
    ['2026-03-05', Math.exp(2)],
  ];
  expect(await ranks(KNOWN, [['2026-03-03', Math.exp(-2)], ...later])).toEqual([1, 3, 5]);
});

test('ranks by an older rate over a weekend, and not by one of more than a month ago', async () => {
  expect(await ranks(KNOWN, [['2026-02-01', Math.exp(2)]])).toEqual([3, 5, 1]);
  await db.sql`DELETE FROM exchange_rates`;
  expect(await ranks(KNOWN, [['2026-01-31', Math.exp(2)]])).toEqual([1.5, 4.5, null]);
});

test('has no rank of an unknown currency, and compares the others without it', async () => {
  expect(await ranks({ AAPL: 'USD', IBM: 'USD' })).toEqual([1.5, 4.5, null]);
});

test('needs no rate if all instruments have one currency', async () => {
  expect(await ranks({ AAPL: 'GBP', IBM: 'GBP', 'VOD.L': 'GBP' })).toEqual([1, 5, 3]);
});

test.each([
  [{ illiquidity_20: -19, illiquidity_20_rank: 0.2 }, 0.2],
  [{ illiquidity_20: -19, illiquidity_20_rank: null }, 0.5],
  [{ illiquidity_20: null, illiquidity_20_rank: null }, Number.NaN],
])('the input of %j is %d: the middle rank stands for money that cannot be compared', (row, value) => {
  expect(inputValue('illiquidity_20_rank', row)).toBe(value);
  expect(inputValue('ret_5d_rank', { ret_5d: 0.1, ret_5d_rank: null })).toBeNaN();
});
