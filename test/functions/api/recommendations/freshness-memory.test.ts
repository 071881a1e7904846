import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  CACHED_MS,
  FreshnessMemory,
  memoryOf,
} from '../../../../functions/api/recommendations/freshness-memory.ts';
import { RecommendationsQuery } from '../../../../functions/api/recommendations/list-query.ts';
import { listRecommendations } from '../../../../functions/api/recommendations/list-recommendations.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { seedInstrument } from '../market/support.ts';
import { emptyStore, NOW, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
let time: number;
let memory: FreshnessMemory;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(async () => {
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
  await seedRecommendation(db.sql, { symbol: 'AAA' });
  time = 1_000;
  memory = new FreshnessMemory(() => time);
});

function list(query: Record<string, string> = {}, now = NOW) {
  const parsed = { ...RecommendationsQuery.parse(query), profile: 'moderate' as const };
  return listRecommendations(api, parsed, { now, notice: null, memory });
}

/** The number of transactions that a list opens. It opens none if it uses the cache. */
async function reads(work: () => Promise<unknown>): Promise<number> {
  const begin = api.begin;
  let count = 0;
  api.begin = ((...args: Parameters<typeof begin>) => {
    count += 1;
    return begin(...args);
  }) as typeof begin;
  try {
    await work();
  } finally {
    api.begin = begin;
  }
  return count;
}

describe('cached freshness', () => {
  test('is used while nothing is published', async () => {
    expect(await reads(() => list())).toBe(1);
    expect(await reads(() => list())).toBe(0);
    expect(await reads(() => list({ label: 'BUY', sort: 'symbol' }))).toBe(0);
  });

  test('is used for an empty page', async () => {
    await list();
    expect(await reads(() => list({ label: 'SELL' }))).toBe(0);
  });

  test(`is used for ${CACHED_MS / 1000} seconds`, async () => {
    await list();
    await seedInstrument(db.sql, 'BBB');
    time += CACHED_MS - 1;
    expect((await list()).coverage.activeInstruments).toBe(1);
    time += 1;
    expect((await list()).coverage.activeInstruments).toBe(2);
  });

  test('is not used after the clock was set back', async () => {
    await list();
    time -= 1;
    expect(await reads(() => list())).toBe(1);
  });

  test('is not used on another day', async () => {
    await seedRecommendation(db.sql, { symbol: 'BBB', asOf: '2026-02-23' });
    expect(await list()).toMatchObject({ withheld: null });
    expect(await list({}, new Date('2026-03-03T00:00:00Z'))).toMatchObject({ withheld: { count: 1 } });
  });

  test('is separate for each profile', async () => {
    await list();
    const aggressive = { ...RecommendationsQuery.parse({}), profile: 'aggressive' as const };
    const answer = await listRecommendations(api, aggressive, { now: NOW, notice: null, memory });
    expect(answer.coverage.recommended).toBe(0);
  });
});

describe('cached freshness is replaced at once after', () => {
  test('a publication', async () => {
    await list();
    await seedRecommendation(db.sql, { symbol: 'BBB', asOf: '2026-03-01' });
    expect(await list()).toMatchObject({
      asOf: '2026-03-01',
      coverage: { recommended: 2, carriedOver: 0, activeInstruments: 2 },
    });
  });

  test('a publication that leaves the page empty', async () => {
    await list();
    await db.sql`UPDATE recommendations SET is_active = false`;
    await seedRecommendation(db.sql, { symbol: 'BBB', profile: 'aggressive' });
    expect(await list()).toMatchObject({ items: [], asOf: null, coverage: { recommended: 0 } });
  });

  test('a promotion', async () => {
    await list();
    await db.sql`UPDATE model_versions SET is_active = false`;
    await db.sql`UPDATE model_versions SET is_active = true WHERE version = 'v1.1.0'`;
    expect(await list()).toMatchObject({ modelVersion: 'v1.1.0', modelAgeDays: null });
  });

  test('the deletion of all recommendations', async () => {
    await list();
    await db.sql`TRUNCATE recommendations CASCADE`;
    expect(await list()).toMatchObject({ asOf: null, items: [] });
  });
});

test('does not mix two sets if a publication happens between the reads', async () => {
  const begin = api.begin;
  // Between the snapshot and the second read of the transaction, another session publishes.
  api.begin = ((mode: string, work: (tx: never) => Promise<unknown>) =>
    begin(mode, async (tx) => {
      await tx`SELECT 1`;
      await db.sql`UPDATE recommendations SET is_active = false`;
      await seedRecommendation(db.sql, { symbol: 'BBB', asOf: '2026-03-01' });
      return work(tx as never);
    })) as never;
  const answer = await list().finally(() => {
    api.begin = begin;
  });
  expect(answer).toMatchObject({ asOf: '2026-02-27', items: [{ symbol: 'AAA', asOf: '2026-02-27' }] });
  expect(await list()).toMatchObject({ asOf: '2026-03-01', items: [{ symbol: 'BBB', asOf: '2026-03-01' }] });
});

test('keeps a separate cache for each database client', () => {
  expect(memoryOf(api)).toBe(memoryOf(api));
  expect(memoryOf(api)).not.toBe(memoryOf(db.sql));
});
