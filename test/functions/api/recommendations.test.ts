import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listRecommendations, RecommendationsQuery } from '../../../functions/api/recommendations.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { seedInstrument, seedModelAndRun, seedRecommendation } from './support.ts';

// A Monday morning; the newest bar is Friday's.
const at = new Date('2026-03-02T08:00:00Z');

let db: TestDatabase;
let api: Sql;
beforeAll(async () => {
  db = await testDatabase();
  api = db.client('api');
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments CASCADE`;
});

function list(query: Record<string, string> = {}, notice: string | null = null) {
  return listRecommendations(api, RecommendationsQuery.parse(query), { at, notice });
}

async function symbols(query: Record<string, string> = {}): Promise<string[]> {
  return (await list(query)).items.map(({ symbol }) => symbol);
}

describe('an empty store', () => {
  test('is an answer without items, dates or a model', async () => {
    expect(await list()).toEqual({
      asOf: null,
      notice: null,
      model: null,
      coverage: { activeInstruments: 0, recommended: 0 },
      withheld: { count: 0, reason: null },
      items: [],
    });
  });
});

describe('a store with recommendations', () => {
  beforeEach(() => seedModelAndRun(db.sql));

  test('tells everything about one', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAPL', confidence: 0.71 });
    await seedInstrument(db.sql, 'MSFT');
    const answer = await list({}, 'Sample data.');
    expect(answer).toEqual({
      asOf: '2026-02-27',
      notice: 'Sample data.',
      model: { version: 'v1.2.3', trainedAt: '2026-02-20T21:30:00.000Z', ageDays: 10 },
      coverage: { activeInstruments: 2, recommended: 1 },
      withheld: { count: 0, reason: null },
      items: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          symbol: 'AAPL',
          exchange: 'NASDAQ',
          name: 'AAPL Inc.',
          sector: 'Technology',
          profile: 'conservative',
          label: 'BUY',
          confidence: 0.71,
          expectedReturnPct: 3.5,
          horizonDays: 20,
          stopLoss: 180.5,
          takeProfit: 210.25,
          lastClose: 195.75,
          justification: 'Momentum is strong.',
          asOf: '2026-02-27',
          dataAgeDays: 3,
          generatedAt: '2026-03-01T22:04:00.000Z',
          modelVersion: 'v1.2.3',
        },
      ],
    });
  });

  test('puts the surest first, then the newest, then by symbol', async () => {
    await seedRecommendation(db.sql, { symbol: 'DDD', confidence: 0.6 });
    await seedRecommendation(db.sql, { symbol: 'CCC', confidence: 0.6 });
    await seedRecommendation(db.sql, { symbol: 'EEE', confidence: 0.6, generatedAt: '2026-03-01T22:05:00Z' });
    await seedRecommendation(db.sql, { symbol: 'FFF', confidence: 0.9 });
    expect(await symbols()).toEqual(['FFF', 'EEE', 'CCC', 'DDD']);
  });

  test('are filtered by profile and label', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA', label: 'BUY' });
    await seedRecommendation(db.sql, { symbol: 'AAA', label: 'SELL', profile: 'aggressive' });
    await seedRecommendation(db.sql, { symbol: 'BBB', label: 'HOLD' });
    expect(await symbols()).toEqual(['AAA', 'BBB']);
    expect(await symbols({ label: 'HOLD' })).toEqual(['BBB']);
    expect(await symbols({ label: 'SELL' })).toEqual([]);
    expect(await symbols({ profile: 'aggressive' })).toEqual(['AAA']);
    expect(await symbols({ profile: 'moderate' })).toEqual([]);
  });

  test('are ten unless the limit says otherwise', async () => {
    for (let index = 0; index < 12; index += 1) {
      await seedRecommendation(db.sql, { symbol: `S${index}`, confidence: 0.5 + index / 100 });
    }
    expect(await symbols()).toHaveLength(10);
    expect(await symbols({ limit: '2' })).toEqual(['S11', 'S10']);
    expect(await symbols({ limit: '100' })).toHaveLength(12);
    expect((await list({ limit: '1' })).coverage.recommended).toBe(12);
  });

  test('leave out what a later run archived, and instruments that are no longer active', async () => {
    await seedRecommendation(db.sql, { symbol: 'OLD', isActive: false });
    await seedInstrument(db.sql, 'GONE', false);
    await seedRecommendation(db.sql, { symbol: 'GONE' });
    await seedRecommendation(db.sql, { symbol: 'HERE' });
    const answer = await list();
    expect(answer.items.map(({ symbol }) => symbol)).toEqual(['HERE']);
    expect(answer.coverage).toEqual({ activeInstruments: 2, recommended: 1 });
  });

  test('are withheld from the eighth day on, and counted as the query asks', async () => {
    await seedRecommendation(db.sql, { symbol: 'WEEK', asOf: '2026-02-23' });
    await seedRecommendation(db.sql, { symbol: 'STALE', asOf: '2026-02-22' });
    await seedRecommendation(db.sql, { symbol: 'DUST', asOf: '2026-01-30', label: 'SELL' });
    const answer = await list();
    expect(answer.items.map(({ symbol, dataAgeDays }) => [symbol, dataAgeDays])).toEqual([['WEEK', 7]]);
    expect(answer.withheld).toEqual({
      count: 2,
      reason: 'Based on data more than 7 days old, which is too old to act on.',
    });
    expect(answer.coverage).toEqual({ activeInstruments: 3, recommended: 1 });
    expect((await list({ label: 'SELL' })).withheld.count).toBe(1);
    expect((await list({ profile: 'moderate' })).withheld).toEqual({ count: 0, reason: null });
  });

  test('say how old the data is even when all are withheld', async () => {
    await seedRecommendation(db.sql, { symbol: 'STALE', asOf: '2026-02-13' });
    const answer = await list();
    expect(answer.items).toEqual([]);
    expect(answer.asOf).toBe('2026-02-13');
  });

  test('have no last close where the snapshot has none', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA', snapshot: {} });
    expect((await list()).items[0]?.lastClose).toBeNull();
  });
});
