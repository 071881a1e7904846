import { beforeAll, describe, expect, test } from 'vitest';
import { Facets, listFacets } from '../../../../functions/api/market/list-facets.ts';
import {
  InstrumentPage,
  InstrumentsQuery,
  listInstruments,
} from '../../../../functions/api/market/list-instruments.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView, seedInstrument, walk } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(async () => {
  api = db.client('api');
  const { sql } = db;
  await seedInstrument(sql, 'AAPL', { name: 'Apple Inc.', marketCapBucket: 'large', peBucket: 'medium' });
  await seedInstrument(sql, 'BRK-B', { exchange: 'NYSE', name: 'Berkshire Hathaway', sector: 'Financials' });
  await seedInstrument(sql, 'NESN', { exchange: 'SIX', name: 'Nestlé S.A.', sector: 'Food' });
  await seedInstrument(sql, 'PINE', { exchange: 'NYSE', name: 'Pineapple 100% Energy_Co', sector: 'Energy' });
  await seedInstrument(sql, 'NONAME', { exchange: 'NYSE', name: null, sector: null, peBucket: 'low' });
  await seedInstrument(sql, 'OLD', { name: 'Old Apple', isActive: false, sector: 'Gone', exchange: 'AMEX' });
  await seedInstrument(sql, 'REF', { name: 'Reference Apple', sector: 'Other', exchange: 'LSE' });
  await sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'REF'`;
  await seedInstrument(sql, 'MARK', { name: 'Benchmark Apple', sector: 'Funds', exchange: 'ARCA' });
  await sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'MARK'`;
  await seedInstrument(sql, 'AAPL', { name: 'Apple, as it was', exchange: 'AMEX', isActive: false });
});

async function list(query: Record<string, string | undefined> = {}) {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return clientView(
    InstrumentPage,
    await listInstruments(api, InstrumentsQuery.parse(given), { notice: 'Sample data.' }),
  );
}

const symbols = async (query: Record<string, string> = {}) =>
  (await list(query)).items.map(({ symbol, exchange }) =>
    symbol === 'AAPL' ? `${symbol}.${exchange}` : symbol,
  );

test('returns all fields of an instrument', async () => {
  expect(await list({ search: 'AAPL' })).toEqual({
    items: [
      {
        symbol: 'AAPL',
        exchange: 'NASDAQ',
        name: 'Apple Inc.',
        sector: 'Technology',
        currency: 'GBP',
        marks: ['unvalidated_market'],
        marketCapBucket: 'large',
        peBucket: 'medium',
        isActive: true,
      },
    ],
    nextCursor: null,
    notice: 'Sample data.',
  });
});

describe('a search', () => {
  test.each([
    ['apple', ['AAPL.NASDAQ', 'PINE']],
    ['brk.b', ['BRK-B']],
    ['APPLE', ['AAPL.NASDAQ', 'PINE']],
    ['pl', ['AAPL.NASDAQ', 'PINE']],
    ['aap', ['AAPL.NASDAQ']],
    ['k-b', ['BRK-B']],
    ['hath', ['BRK-B']],
    ['NESTLÉ', ['NESN']],
    ['nonam', ['NONAME']],
    ['%', ['PINE']],
    ['_', ['PINE']],
    ['0% e', ['PINE']],
    ['\\', []],
    ["' OR 1=1 --", []],
    // A match must not span the symbol AAPL and the name Apple.
    ['plap', []],
    ['nothing', []],
  ])('finds for %s the symbols %o', async (search, expected) => {
    expect(await symbols({ search })).toEqual(expected);
  });
});

describe('filters', () => {
  test.each<[Record<string, string>, string[]]>([
    [{}, ['AAPL.NASDAQ', 'BRK-B', 'NESN', 'NONAME', 'PINE']],
    [{ active: 'false' }, ['AAPL.AMEX', 'OLD']],
    [{ active: 'all' }, ['AAPL.AMEX', 'AAPL.NASDAQ', 'BRK-B', 'NESN', 'NONAME', 'OLD', 'PINE']],
    [{ exchange: 'NYSE' }, ['BRK-B', 'NONAME', 'PINE']],
    [{ sector: 'Food' }, ['NESN']],
    [{ marketCapBucket: 'large' }, ['AAPL.NASDAQ']],
    [{ peBucket: 'low' }, ['NONAME']],
    [{ exchange: 'NYSE', sector: 'Energy', search: 'pine' }, ['PINE']],
    [{ exchange: 'NYSE', sector: 'Food' }, []],
    [{ active: 'all', search: 'apple' }, ['AAPL.AMEX', 'AAPL.NASDAQ', 'OLD', 'PINE']],
  ])('%o select %o', async (query, expected) => {
    expect(await symbols(query)).toEqual(expected);
  });
});

test.each(['1', '2', '3', '6', '7', '250'])('returns every instrument once in pages of %s', async (limit) => {
  const pages = await walk((cursor) => list({ active: 'all', limit, cursor }));
  const walked = pages.flatMap(({ items }) => items.map(({ symbol, exchange }) => `${symbol}.${exchange}`));
  expect(new Set(walked).size).toBe(7);
  expect(walked).toHaveLength(7);
  expect(walked.slice(0, 2)).toEqual(['AAPL.AMEX', 'AAPL.NASDAQ']);
});

test('refuses the cursor of another search', async () => {
  const { nextCursor } = await list({ limit: '1' });
  await expect(list({ limit: '1', search: 'a', cursor: defined(nextCursor, 'next cursor') })).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-cursor', status: 400 }),
  );
});

test('lists the sectors and exchanges of active instruments with their counts', async () => {
  expect(clientView(Facets, await listFacets(api, { notice: null }))).toEqual({
    sectors: [
      { value: 'Energy', instruments: 1 },
      { value: 'Financials', instruments: 1 },
      { value: 'Food', instruments: 1 },
      { value: 'Technology', instruments: 1 },
    ],
    exchanges: [
      { value: 'NASDAQ', instruments: 1 },
      { value: 'NYSE', instruments: 3 },
      { value: 'SIX', instruments: 1 },
    ],
    notice: null,
  });
});
