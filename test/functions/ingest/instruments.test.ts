import { describe, expect, test } from 'vitest';
import { describeInstruments, registerInstruments } from '../../../functions/ingest/instruments.ts';
import type { Listing } from '../../../functions/ingest/providers/provider.ts';
import type { Purpose } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { useStore } from './store-support.ts';

const store = useStore();
const { db } = store;

const apple = { symbol: 'AAPL', exchange: 'NASDAQ', name: 'Apple Inc.', sector: 'Technology' };

async function stored() {
  const rows =
    await db.sql`SELECT symbol, exchange, name, sector, is_active FROM instruments ORDER BY symbol, created_at`;
  return [...rows];
}

test('adds new instruments as active, with unknown columns empty', async () => {
  expect(await registerInstruments(store.sql, [apple, { symbol: 'IBM' }])).toBe(2);
  expect(await stored()).toEqual([
    { ...apple, is_active: true },
    { symbol: 'IBM', exchange: 'UNKNOWN', name: null, sector: null, is_active: true },
  ]);
});

test('changes nothing when the same listings are registered again', async () => {
  await registerInstruments(store.sql, [apple, { symbol: 'IBM' }]);
  const [before] =
    await db.sql`SELECT md5(string_agg(i::text, '|' ORDER BY symbol)) AS sum FROM instruments i`;
  expect(await registerInstruments(store.sql, [{ symbol: 'IBM' }, apple])).toBe(0);
  expect(
    await db.sql`SELECT md5(string_agg(i::text, '|' ORDER BY symbol)) AS sum FROM instruments i`,
  ).toEqual([before]);
});

test('keeps known values and fills in missing ones', async () => {
  await registerInstruments(store.sql, [apple, { symbol: 'IBM' }]);
  const listings = [{ symbol: 'AAPL' }, { symbol: 'IBM', exchange: 'NYSE', sector: 'Technology' }];
  expect(await registerInstruments(store.sql, listings)).toBe(1);
  expect(await stored()).toEqual([
    { ...apple, is_active: true },
    { symbol: 'IBM', exchange: 'NYSE', name: null, sector: 'Technology', is_active: true },
  ]);
});

test('updates a changed name but not a known exchange', async () => {
  await registerInstruments(store.sql, [apple]);
  expect(await registerInstruments(store.sql, [{ symbol: 'AAPL', exchange: 'XETRA', name: 'Apple' }])).toBe(
    1,
  );
  expect(await stored()).toEqual([{ ...apple, name: 'Apple', is_active: true }]);
});

test('does not reactivate an instrument of another exchange', async () => {
  await db.sql`INSERT INTO instruments (symbol, exchange, is_active) VALUES ('AAPL', 'XETRA', false)`;
  expect(await registerInstruments(store.sql, [apple])).toBe(1);
  expect((await stored()).map(({ exchange, is_active }) => [exchange, is_active])).toEqual([
    ['XETRA', false],
    ['NASDAQ', true],
  ]);
});

describe('the purpose of an instrument', () => {
  const register = (...purposes: Purpose[]) =>
    Promise.all(purposes.map((purpose) => registerInstruments(store.sql, [{ symbol: 'IBM' }], purpose)));
  const purpose = async () => (await db.sql`SELECT purpose FROM instruments WHERE is_active`)[0]?.purpose;

  test.each<[Purpose[], Purpose]>([
    [['recommended'], 'recommended'],
    [['reference', 'reference'], 'reference'],
    [['recommended', 'reference'], 'both'],
    [['reference', 'recommended', 'reference'], 'both'],
    [['both', 'recommended'], 'both'],
  ])('is, after %j, %s', async (given, expected) => {
    for (const one of given) await register(one);
    expect(await purpose()).toBe(expected);
    expect(await register(defined(given.at(-1), 'purpose'))).toEqual([0]);
  });

  test('is given anew when it is reactivated', async () => {
    await register('both');
    await db.sql`UPDATE instruments SET is_active = false`;
    await register('reference');
    expect(await purpose()).toBe('reference');
  });
});

test('adds nothing without listings', async () => {
  expect(await registerInstruments(store.sql, [])).toBe(0);
});

test('stores the buckets of a listing and updates them', async () => {
  const buckets = async () => {
    const rows = await db.sql`SELECT market_cap_bucket, pe_bucket FROM instruments`;
    return rows.map((row) => Object.values(row));
  };
  await registerInstruments(store.sql, [{ ...apple, currency: 'USD', marketCap: 3e12, trailingPe: 14 }]);
  expect(await buckets()).toEqual([['large', 'low']]);
  expect(await registerInstruments(store.sql, [{ symbol: 'AAPL', currency: 'USD', marketCap: 9e9 }])).toBe(1);
  expect(await buckets()).toEqual([['mid', 'low']]);
  expect(await registerInstruments(store.sql, [{ symbol: 'AAPL', trailingPe: -3 }])).toBe(0);
  expect(await buckets()).toEqual([['mid', 'low']]);
});

test('reactivates one instrument per symbol, preferring the listing’s exchange', async () => {
  await db.sql`
    INSERT INTO instruments (symbol, exchange, name, is_active)
    VALUES ('AAPL', 'NASDAQ', 'Apple Inc.', false), ('AAPL', 'UNKNOWN', 'Apple?', false), ('IBM', 'NYSE', 'IBM', false)`;
  expect(
    await registerInstruments(store.sql, [
      { symbol: 'AAPL', exchange: 'NASDAQ' },
      { symbol: 'IBM', name: 'Big Blue' },
    ]),
  ).toBe(2);
  expect((await stored()).filter((row) => row.is_active).map(({ symbol, name }) => [symbol, name])).toEqual([
    ['AAPL', 'Apple Inc.'],
    ['IBM', 'Big Blue'],
  ]);
  expect(await stored()).toHaveLength(3);
  expect(await registerInstruments(store.sql, [{ symbol: 'AAPL' }, { symbol: 'IBM' }])).toBe(0);
});

test('does not take an exchange that another instrument of the symbol has', async () => {
  await registerInstruments(store.sql, [apple]);
  await db.sql`UPDATE instruments SET is_active = false`;
  await db.sql`INSERT INTO instruments (symbol) VALUES ('AAPL')`;
  await registerInstruments(store.sql, [apple]);
  expect((await stored()).map(({ exchange, is_active }) => [exchange, is_active])).toEqual([
    ['NASDAQ', false],
    ['UNKNOWN', true],
  ]);
});

test('describeInstruments completes active instruments and adds none', async () => {
  await registerInstruments(store.sql, [{ symbol: 'AAPL' }, { symbol: 'IBM' }]);
  await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'IBM'`;
  await store.sql.begin((tx) =>
    describeInstruments(
      tx,
      [apple, { symbol: 'IBM', name: 'IBM' }, { symbol: 'MSFT', name: 'Microsoft' }],
      new Map(),
    ),
  );
  expect(await stored()).toEqual([
    { ...apple, is_active: true },
    { symbol: 'IBM', exchange: 'UNKNOWN', name: null, sector: null, is_active: false },
  ]);
});

describe('the bucket of a market capitalisation', () => {
  const describedAs = async (listing: Omit<Listing, 'symbol'>, rates: [string, number][]) => {
    await registerInstruments(store.sql, [{ symbol: 'AAPL' }]);
    await store.sql.begin((tx) => describeInstruments(tx, [{ symbol: 'AAPL', ...listing }], new Map(rates)));
    const [row] = await db.sql`SELECT market_cap_bucket FROM instruments WHERE symbol = 'AAPL'`;
    return row?.market_cap_bucket;
  };

  test.each([
    ['USD', 9e9, 'mid'],
    ['GBP', 9e9, 'large'],
    ['JPY', 9e11, 'mid'],
    ['ILS', 7e9, 'small'],
  ])('compares %s %d in US dollars: %s', async (currency, marketCap, bucket) => {
    const rates: [string, number][] = [
      ['GBP', 1.25],
      ['JPY', 0.0065],
      ['ILS', 0.27],
    ];
    expect(await describedAs({ currency, marketCap }, rates)).toBe(bucket);
  });

  test('is unknown without a rate, or without a currency', async () => {
    expect(await describedAs({ currency: 'GBP', marketCap: 9e9 }, [])).toBeNull();
    expect(await describedAs({ marketCap: 9e9 }, [['GBP', 1.25]])).toBeNull();
  });
});
