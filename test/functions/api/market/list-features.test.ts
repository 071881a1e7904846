import { afterAll, beforeAll, expect, test } from 'vitest';
import { FeaturePage, FeaturesQuery, listFeatures } from '../../../../functions/api/market/list-features.ts';
import {
  ADDITIONAL_FEATURE_NAMES,
  COLUMN_FEATURE_NAMES,
} from '../../../../functions/features/definitions.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import type { TestDatabase } from '../../../support/database.ts';
import { SAMPLE_DAY, sampleDatabase } from '../../../support/sample.ts';
import { clientView, walk } from './support.ts';

let db: TestDatabase;
let api: Sql;
beforeAll(async () => {
  db = await sampleDatabase();
  api = db.client('api');
});
afterAll(() => db.close());

async function list(query: Record<string, string | undefined> = {}, symbol = 'AAPL') {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const now = new Date(`${SAMPLE_DAY}T23:59:59Z`);
  return clientView(
    FeaturePage,
    await listFeatures(api, symbol, FeaturesQuery.parse(given), { now, notice: null }),
  );
}

test('returns every stored feature of a day', async () => {
  const { items } = await list({ from: SAMPLE_DAY });
  const [stored] = await db.sql`
    SELECT f.* FROM features f JOIN instruments i ON i.id = f.instrument_id
    WHERE i.symbol = 'AAPL' AND f.ts = ${SAMPLE_DAY}`;
  expect(items).toHaveLength(1);
  expect(items[0]?.ts).toBe('2013-03-01T00:00:00.000Z');
  expect(Object.keys(items[0]?.values ?? {}).sort()).toEqual([...COLUMN_FEATURE_NAMES].sort());
  expect(Object.keys(items[0]?.additional ?? {}).sort()).toEqual([...ADDITIONAL_FEATURE_NAMES].sort());
  for (const name of COLUMN_FEATURE_NAMES) expect(items[0]?.values[name]).toBe(stored?.[name]);
  expect(items[0]?.additional).toEqual(stored?.additional_features);
});

test('returns null for features that need a longer history', async () => {
  const { items } = await list({ from: '2000-01-01', limit: '1' });
  expect(items[0]?.values).toMatchObject({ ret_1d: null, vol_20d: null });
});

test('returns every day of a year once, in one page or many', async () => {
  const year = await list({ limit: '1000' });
  expect(year).toMatchObject({ symbol: 'AAPL', from: '2012-03-01', to: '2013-03-01', nextCursor: null });
  expect(year.items).toHaveLength(251);
  const pages = await walk((cursor) => list({ limit: '40', cursor }));
  expect(pages.flatMap(({ items }) => items)).toEqual(year.items);
});

test('refuses the cursor of another instrument', async () => {
  const { nextCursor } = await list({ limit: '5' });
  await expect(list({ cursor: defined(nextCursor, 'next cursor') }, 'MSFT')).rejects.toMatchObject({
    code: 'invalid-cursor',
  });
});

test('answers 404 for an unknown instrument', async () => {
  await expect(list({}, 'NONE')).rejects.toMatchObject({ code: 'unknown-instrument', status: 404 });
});
