import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RecommendationsQuery } from '../../../../functions/api/recommendations/list-query.ts';
import {
  listRecommendations,
  RecommendationPage,
} from '../../../../functions/api/recommendations/list-recommendations.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView, seedInstrument } from '../market/support.ts';
import { emptyStore, MODEL_NOTICE, NOW, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(() => emptyStore(db.sql));

async function list(query: Record<string, string> = {}, notice: string | null = null, now = NOW) {
  const profile = (query.profile ?? 'moderate') as Profile;
  const parsed = { ...RecommendationsQuery.parse(query), profile };
  return clientView(RecommendationPage, await listRecommendations(api, parsed, { now, notice }));
}

async function symbols(query: Record<string, string> = {}): Promise<string[]> {
  return (await list(query)).items.map(({ symbol }) => symbol);
}

test('returns no items, dates or model for an empty database', async () => {
  expect(await list()).toEqual({
    profile: 'moderate',
    asOf: null,
    dataAgeDays: null,
    modelVersion: null,
    modelAgeDays: null,
    modelDataTo: null,
    modelNotice: null,
    coverage: { recommended: 0, carriedOver: 0, activeInstruments: 0 },
    withheld: null,
    notice: null,
    items: [],
    nextCursor: null,
  });
});

describe('listRecommendations', () => {
  beforeEach(() => seedModelAndRun(db.sql));

  test('returns all fields of a recommendation', async () => {
    const id = await seedRecommendation(db.sql, { symbol: 'AAPL', confidence: 0.71, modelVersion: 'v1.1.0' });
    await seedInstrument(db.sql, 'MSFT');
    await seedInstrument(db.sql, 'REF');
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'REF'`;
    expect(await list({}, 'Sample data.')).toEqual({
      profile: 'moderate',
      asOf: '2026-02-27',
      dataAgeDays: 3,
      modelVersion: 'v1.2.3',
      modelAgeDays: 3714,
      modelDataTo: '2015-12-31',
      modelNotice: MODEL_NOTICE,
      coverage: { recommended: 1, carriedOver: 0, activeInstruments: 2 },
      withheld: null,
      notice: 'Sample data.',
      nextCursor: null,
      items: [
        {
          id,
          symbol: 'AAPL',
          exchange: 'NASDAQ',
          name: 'AAPL Inc.',
          sector: 'Technology',
          profile: 'moderate',
          label: 'BUY',
          confidence: 0.71,
          expectedReturnPct: 3.5,
          horizonDays: 20,
          currency: 'GBP',
          marks: ['unvalidated_market'],
          stopLoss: 180.5,
          takeProfit: 210.25,
          lastClose: 195.75,
          justification: 'Momentum is strong.',
          asOf: '2026-02-27',
          dataAgeDays: 3,
          carriedOver: false,
          generatedAt: '2026-03-01T22:04:00.000Z',
          kind: 'hindsight',
          modelVersion: 'v1.1.0',
          modelDataTo: null,
        },
      ],
    });
  });

  test('marks only instruments outside the model’s market', async () => {
    await seedInstrument(db.sql, 'AAA', { currency: 'USD' });
    await seedInstrument(db.sql, 'BBB.L', { exchange: 'LSE', currency: null });
    for (const symbol of ['AAA', 'BBB.L']) await seedRecommendation(db.sql, { symbol });
    const { items } = await list({ sort: 'symbol' });
    expect(items.map(({ symbol, marks }) => [symbol, ...marks])).toEqual([
      ['AAA'],
      ['BBB.L', 'unvalidated_market'],
    ]);
  });

  test('returns one profile', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA' });
    await seedRecommendation(db.sql, { symbol: 'BBB', profile: 'aggressive' });
    expect(await symbols()).toEqual(['AAA']);
    const aggressive = await list({ profile: 'aggressive' });
    expect(aggressive.items.map(({ symbol }) => symbol)).toEqual(['BBB']);
    expect(aggressive.profile).toBe('aggressive');
    expect(await symbols({ profile: 'conservative' })).toEqual([]);
  });

  test('returns ten by default', async () => {
    for (let i = 0; i < 12; i += 1) {
      await seedRecommendation(db.sql, { symbol: `S${i}`, confidence: 0.5 + i / 100 });
    }
    expect(await symbols()).toHaveLength(10);
    expect(await symbols({ limit: '2' })).toEqual(['S11', 'S10']);
    expect(await symbols({ limit: '11' })).toHaveLength(11);
    const all = await list({ limit: '100' });
    expect(all.items).toHaveLength(12);
    expect(all.nextCursor).toBeNull();
    expect((await list({ limit: '1' })).coverage.recommended).toBe(12);
    expect((await list({ limit: '12' })).nextCursor).toBeNull();
  });

  test('omits archived recommendations and inactive instruments', async () => {
    await seedRecommendation(db.sql, { symbol: 'OLD', isActive: false });
    await seedInstrument(db.sql, 'GONE', { isActive: false });
    await seedRecommendation(db.sql, { symbol: 'GONE' });
    await seedRecommendation(db.sql, { symbol: 'HERE' });
    const answer = await list();
    expect(answer.items.map(({ symbol }) => symbol)).toEqual(['HERE']);
    expect(answer.coverage).toEqual({ recommended: 1, carriedOver: 0, activeInstruments: 2 });
  });

  test('shows calls that the latest run could not renew, and counts them apart', async () => {
    await seedRecommendation(db.sql, { symbol: 'NEW' });
    await seedRecommendation(db.sql, { symbol: 'KEPT', asOf: '2026-02-24', isCarriedOver: true });
    await seedRecommendation(db.sql, { symbol: 'STALE', asOf: '2026-02-20', isCarriedOver: true });
    const answer = await list({ sort: 'symbol' });
    expect(answer.coverage).toEqual({ recommended: 1, carriedOver: 1, activeInstruments: 3 });
    expect(answer.withheld).toMatchObject({ count: 1 });
    expect(
      answer.items.map(({ symbol, asOf, dataAgeDays, carriedOver }) => [
        symbol,
        asOf,
        dataAgeDays,
        carriedOver,
      ]),
    ).toEqual([
      ['KEPT', '2026-02-24', 6, true],
      ['NEW', '2026-02-27', 3, false],
    ]);
  });

  test('returns the close and the currency that were kept', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA', close: 191.5, currency: 'USD' });
    expect((await list()).items[0]).toMatchObject({ lastClose: 191.5, currency: 'USD', marks: [] });
  });

  test('returns no last close if the snapshot has none', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA', snapshot: {} });
    expect((await list()).items[0]?.lastClose).toBeNull();
  });

  test('returns recommendations even if no model is active', async () => {
    await seedRecommendation(db.sql, { symbol: 'AAA' });
    await db.sql`UPDATE model_versions SET is_active = false`;
    expect(await list()).toMatchObject({
      modelVersion: null,
      modelAgeDays: null,
      items: [{ symbol: 'AAA' }],
    });
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await seedModelAndRun(db.sql);
    await seedInstrument(db.sql, 'AAA', { exchange: 'NYSE', sector: 'Energy' });
    await seedInstrument(db.sql, 'BBB', { exchange: 'NYSE', sector: 'Health' });
    await seedInstrument(db.sql, 'CCC', { exchange: 'NASDAQ', sector: 'Energy' });
    await seedInstrument(db.sql, 'DDD', { exchange: 'NASDAQ', sector: null });
    await seedRecommendation(db.sql, { symbol: 'AAA', label: 'BUY', confidence: 0.9 });
    await seedRecommendation(db.sql, { symbol: 'BBB', label: 'SELL', confidence: 0.8 });
    await seedRecommendation(db.sql, { symbol: 'CCC', label: 'BUY', confidence: 0.7 });
    await seedRecommendation(db.sql, { symbol: 'DDD', label: 'HOLD', confidence: 0.6 });
  });

  test.each<[Record<string, string>, string[]]>([
    [{ label: 'BUY' }, ['AAA', 'CCC']],
    [{ label: 'HOLD' }, ['DDD']],
    [{ sector: 'Energy' }, ['AAA', 'CCC']],
    [{ sector: 'energy' }, []],
    [{ sector: "Energy' OR '1'='1" }, []],
    [{ exchange: 'NYSE' }, ['AAA', 'BBB']],
    [{ exchange: '%' }, []],
    [{ symbol: 'CCC' }, ['CCC']],
    [{ symbol: 'DDD,AAA,NONE' }, ['AAA', 'DDD']],
    [{ minConfidence: '0.8' }, ['AAA', 'BBB']],
    [{ minConfidence: '0' }, ['AAA', 'BBB', 'CCC', 'DDD']],
    [{ minConfidence: '1' }, []],
    [{ label: 'BUY', sector: 'Energy', exchange: 'NASDAQ' }, ['CCC']],
    [{ label: 'BUY', minConfidence: '0.75' }, ['AAA']],
    [{ symbol: 'AAA,BBB', label: 'SELL', exchange: 'NYSE', sector: 'Health', minConfidence: '0.5' }, ['BBB']],
    [{ symbol: 'AAA,BBB', label: 'SELL', exchange: 'NYSE', sector: 'Energy', minConfidence: '0.5' }, []],
  ])('%o select %o', async (query, expected) => {
    for (const sort of ['-confidence', 'symbol'])
      expect((await symbols({ ...query, sort })).sort()).toEqual(expected);
  });

  test('do not affect freshness and coverage', async () => {
    const { items, nextCursor, ...all } = await list();
    const { items: none, nextCursor: end, ...filtered } = await list({ label: 'SELL', sector: 'Energy' });
    expect(items).toHaveLength(4);
    expect(none).toEqual([]);
    expect(filtered).toEqual(all);
  });
});

describe('sort orders', () => {
  beforeEach(async () => {
    await seedModelAndRun(db.sql);
    const later = '2026-03-01T22:05:00Z';
    await seedRecommendation(db.sql, { symbol: 'CCC', confidence: 0.6, expectedReturnPct: -1 });
    await seedRecommendation(db.sql, {
      symbol: 'DDD',
      confidence: 0.6,
      expectedReturnPct: 2,
      generatedAt: later,
    });
    await seedRecommendation(db.sql, { symbol: 'BBB', confidence: 0.9, expectedReturnPct: 1.5 });
  });

  test.each([
    ['-confidence', 'BBB DDD CCC'],
    ['confidence', 'CCC DDD BBB'],
    ['-expectedReturn', 'DDD BBB CCC'],
    ['expectedReturn', 'CCC BBB DDD'],
    ['-generatedAt', 'DDD BBB CCC'],
    ['generatedAt', 'CCC BBB DDD'],
    ['symbol', 'BBB CCC DDD'],
    ['-symbol', 'DDD CCC BBB'],
  ])('%s returns %s', async (sort, expected) => {
    expect((await symbols({ sort })).join(' ')).toBe(expected);
  });
});

describe('stale data', () => {
  beforeEach(() => seedModelAndRun(db.sql));

  test('is withheld from the eighth day on, and counted regardless of filters', async () => {
    await seedRecommendation(db.sql, { symbol: 'WEEK', asOf: '2026-02-23' });
    await seedRecommendation(db.sql, { symbol: 'STALE', asOf: '2026-02-22' });
    await seedRecommendation(db.sql, { symbol: 'DUST', asOf: '2026-01-30', label: 'SELL' });
    const answer = await list();
    expect(answer.items.map(({ symbol, dataAgeDays }) => [symbol, dataAgeDays])).toEqual([['WEEK', 7]]);
    expect(answer.withheld).toEqual({
      count: 2,
      reason: 'These recommendations are based on data more than 7 days old, which is too old to act on.',
    });
    expect(answer.coverage).toEqual({ recommended: 1, carriedOver: 0, activeInstruments: 3 });
    expect((await list({ label: 'SELL' })).withheld?.count).toBe(2);
    expect((await list({ profile: 'aggressive' })).withheld).toBeNull();
  });

  test('returns no items and a reason if everything is stale', async () => {
    await seedRecommendation(db.sql, { symbol: 'STALE', asOf: '2026-02-13' });
    expect(await list()).toMatchObject({
      items: [],
      nextCursor: null,
      asOf: '2026-02-13',
      dataAgeDays: 17,
      coverage: { recommended: 0, carriedOver: 0, activeInstruments: 1 },
      withheld: {
        count: 1,
        reason: 'All recommendations are based on data more than 7 days old, which is too old to act on.',
      },
    });
    expect(await symbols({ symbol: 'STALE' })).toEqual([]);
  });

  test("is judged by the service's clock", async () => {
    await seedRecommendation(db.sql, {
      symbol: 'OLD',
      asOf: '2013-03-01',
      generatedAt: '2013-03-01T23:59:59Z',
    });
    const answer = await list({}, 'Sample data.', new Date('2013-03-01T23:59:59Z'));
    expect(answer).toMatchObject({ dataAgeDays: 0, withheld: null, items: [{ symbol: 'OLD' }] });
    expect((await list()).items).toEqual([]);
  });

  test('is not counted for an inactive instrument', async () => {
    await seedInstrument(db.sql, 'GONE', { isActive: false });
    await seedRecommendation(db.sql, { symbol: 'GONE', asOf: '2026-01-30' });
    expect((await list()).withheld).toBeNull();
  });
});
