import { beforeAll, describe, expect, test } from 'vitest';
import { readCursor, writeCursor } from '../../../../functions/api/lists/cursor.ts';
import { keySchemas } from '../../../../functions/api/lists/keyset.ts';
import { RecommendationsQuery } from '../../../../functions/api/recommendations/list-query.ts';
import {
  listRecommendations,
  RecommendationPage,
} from '../../../../functions/api/recommendations/list-recommendations.ts';
import { orderOf, SORTS } from '../../../../functions/api/recommendations/sorts.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView, seedInstrument, walk } from '../market/support.ts';
import { NOW, seedModelAndRun, seedRecommendation } from './support.ts';

/** The number of recommendations of the profile `moderate`. */
const ROWS = 61;

const db = useTestDatabase();
let api: Sql;
beforeAll(async () => {
  api = db.client('api');
  await seedModelAndRun(db.sql);
  // There are few distinct values, so that most rows tie. Instants differ by a microsecond, which a Date cannot express.
  for (let i = 0; i < ROWS; i += 1) {
    const symbol = `S${String((i * 37) % ROWS).padStart(2, '0')}`;
    await seedInstrument(db.sql, symbol, { sector: i % 3 === 0 ? 'Energy' : 'Health' });
    for (const profile of ['moderate', 'aggressive'] as const) {
      await seedRecommendation(db.sql, {
        symbol,
        profile,
        label: ['BUY', 'HOLD', 'SELL'][i % 3] as string,
        confidence: [0.1 + 0.2, 0.3, 1 / 3][i % 3] as number,
        expectedReturnPct: (i % 4) - 2 + 0.1,
        generatedAt: `2026-03-01T22:04:00.00000${i % 5}Z`,
      });
    }
  }
});

async function list(query: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const profile = (query.profile ?? 'moderate') as Profile;
  const { following: _, ...parsed } = RecommendationsQuery.parse(given);
  const context = { now: NOW, notice: null };
  return clientView(RecommendationPage, await listRecommendations(api, { ...parsed, profile }, context));
}

async function walked(query: Record<string, string>) {
  const pages = await walk((cursor) => list({ ...query, cursor }));
  return { pages, ids: pages.flatMap(({ items }) => items.map(({ id }) => id)) };
}

describe.each(SORTS)('listRecommendations sorted by %s', (sort) => {
  test.each(['1', '7', '10', '11', '51', '60', '61'])(
    'returns every row once and in order, in pages of %s',
    async (limit) => {
      const { pages, ids } = await walked({ sort, limit });
      expect(new Set(ids).size).toBe(ROWS);
      expect(ids).toHaveLength(ROWS);
      expect(pages).toHaveLength(Math.ceil(ROWS / Number(limit)));
      expect(ids).toEqual((await list({ sort, limit: '100' })).items.map(({ id }) => id));
    },
  );

  test('returns the reverse in the opposite order', async () => {
    const opposite = sort.startsWith('-') ? sort.slice(1) : `-${sort}`;
    const { ids } = await walked({ sort, limit: '9' });
    expect((await walked({ sort: opposite, limit: '8' })).ids).toEqual(ids.reverse());
  });

  test('returns the filtered rows across pages', async () => {
    const { ids } = await walked({ sort, limit: '4', label: 'BUY', sector: 'Energy', minConfidence: '0.3' });
    expect(new Set(ids).size).toBe(21);
    expect(ids).toHaveLength(21);
  });
});

test('allows another page size on the next page', async () => {
  const first = await list({ limit: '3' });
  const second = await list({ limit: '100', cursor: defined(first.nextCursor, 'next cursor') });
  expect(first.items.length + second.items.length).toBe(ROWS);
});

test('neither repeats nor skips rows while others come and go', async () => {
  const first = await list({ sort: 'symbol', limit: '5' });
  const [gone, stays] = first.items;
  await db.sql`UPDATE recommendations SET is_active = false WHERE id = ${defined(gone?.id, 'id of the item')}`;
  await seedRecommendation(db.sql, { symbol: 'A0' });
  const rest = await walk((cursor) =>
    list({ sort: 'symbol', limit: '5', cursor: cursor ?? defined(first.nextCursor, 'next cursor') }),
  );
  const symbols = rest.flatMap(({ items }) => items.map(({ symbol }) => symbol));
  expect(symbols).toHaveLength(ROWS - 5);
  expect(symbols).not.toContain('A0');
  expect(symbols).not.toContain(stays?.symbol);
  await db.sql`DELETE FROM recommendations WHERE instrument_id = (SELECT id FROM instruments WHERE symbol = 'A0')`;
  await db.sql`UPDATE recommendations SET is_active = true WHERE id = ${defined(gone?.id, 'id of the item')}`;
});

describe('refuses a cursor', () => {
  test.each<[string, Record<string, string>]>([
    ['of another profile', { profile: 'aggressive' }],
    ['of another sort order', { sort: 'confidence' }],
    ['of the list without the filter', { label: 'BUY' }],
    ['of other symbols', { symbol: 'S01' }],
    ['of another minimum confidence', { minConfidence: '0.3' }],
  ])('%s', async (_what, other) => {
    const { nextCursor } = await list({});
    await expect(list({ ...other, cursor: defined(nextCursor, 'next cursor') })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-cursor', status: 400 }),
    );
  });

  test.each(['', 'x', 'null', '1', "' OR 1=1 --", 'WzEsMl0', 'A'.repeat(5000)])(
    'with the text "%s"',
    async (cursor) => {
      await expect(list({ cursor })).rejects.toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
    },
  );
});

test('treats a forged position as another place in the same list', async () => {
  const identity = { list: 'recommendations', profile: 'moderate', sort: '-confidence' };
  const { nextCursor } = await list({});
  expect(readCursor(identity, keySchemas(orderOf('-confidence')), nextCursor ?? undefined)).toHaveLength(3);
  const keys = [2, '2199-01-01T00:00:00.000000Z', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  const beginning = await list({ cursor: writeCursor(identity, keys) });
  expect(beginning.items).toEqual((await list({})).items);
  const end = writeCursor(identity, [-5, ...keys.slice(1)]);
  expect(await list({ cursor: end })).toMatchObject({ items: [], nextCursor: null });
});

test('treats symbols in any order and with repetitions as the same list', async () => {
  const { nextCursor } = await list({ symbol: 'S01,S02,S03', limit: '2' });
  const { items } = await list({
    symbol: 'S03,S01,S02,S01',
    limit: '2',
    cursor: defined(nextCursor, 'next cursor'),
  });
  expect(items).toHaveLength(1);
});
