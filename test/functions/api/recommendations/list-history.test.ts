import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  HistoryQuery,
  listHistory,
  RecommendationHistory,
} from '../../../../functions/api/recommendations/list-history.ts';
import { scoreOutcomes } from '../../../../functions/infer/score-outcomes.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { MemoryObjects } from '../../infer/support.ts';
import { clientView, seedDailyBars, seedInstrument, walk } from '../market/support.ts';
import { emptyStore, NOW, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(async () => {
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
});

async function list(symbol: string, query: Record<string, string | undefined> = {}) {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const parsed = { ...HistoryQuery.parse(given), profile: (query.profile ?? 'moderate') as Profile };
  return clientView(
    RecommendationHistory,
    await listHistory(api, symbol, parsed, { now: NOW, notice: 'Sample data.' }),
  );
}

test('returns an empty history without recommendations', async () => {
  await seedInstrument(db.sql, 'AAPL');
  expect(await list('AAPL')).toEqual({
    symbol: 'AAPL',
    marks: ['unvalidated_market'],
    profile: 'moderate',
    summary: [],
    items: [],
    nextCursor: null,
    notice: 'Sample data.',
  });
});

test('answers 404 for an unknown instrument', async () => {
  await expect(list('NONE')).rejects.toThrow(
    expect.objectContaining({
      code: 'unknown-instrument',
      status: 404,
      message: 'There is no instrument with the symbol NONE. Search /v1/instruments.',
    }),
  );
});

describe('listHistory', () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08', '2026-01-09', '2026-01-12'];
  const closes: Record<string, number[]> = {
    AAPL: [100, 110, 99, 120, 120, 60],
    MSFT: [50, 50, 50, 50, 50, 50],
  };

  beforeEach(async () => {
    await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
    for (const [symbol, values] of Object.entries(closes)) {
      const id = await seedInstrument(db.sql, symbol);
      await seedDailyBars(db.sql, id, Object.fromEntries(days.map((day, i) => [day, values[i] as number])));
    }
    const labels = ['BUY', 'BUY', 'SELL', 'HOLD', 'BUY', 'BUY'];
    for (const [i, asOf] of days.entries()) {
      const generatedAt = `${asOf}T22:00:00.00000${i}Z`;
      for (const symbol of ['AAPL', 'MSFT']) {
        const label = symbol === 'AAPL' ? (labels[i] as string) : 'HOLD';
        await seedRecommendation(db.sql, {
          symbol,
          asOf,
          generatedAt,
          label,
          horizonDays: 1,
          isActive: i === 5,
          modelVersion: i < 3 ? 'v1.1.0' : 'v1.2.3',
        });
      }
    }
    await seedRecommendation(db.sql, {
      symbol: 'AAPL',
      horizonDays: 1,
      asOf: '2026-01-05',
      profile: 'aggressive',
      isActive: false,
    });
    await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-12' }, db.client('pipeline'), new MemoryObjects());
  });

  test('returns recommendations newest first, with their outcomes', async () => {
    const { items } = await list('AAPL');
    expect(
      items.map(({ asOf, label, outcome, modelVersion }) => [
        asOf,
        label,
        modelVersion,
        outcome && Number(outcome.realisedReturnPct.toFixed(6)),
        outcome?.marketReturnPct && Number(outcome.marketReturnPct.toFixed(6)),
        outcome?.right,
      ]),
    ).toEqual([
      ['2026-01-12', 'BUY', 'v1.2.3', null, undefined, undefined],
      ['2026-01-09', 'BUY', 'v1.2.3', -50, -25, false],
      ['2026-01-08', 'HOLD', 'v1.2.3', 0, 0, null],
      ['2026-01-07', 'SELL', 'v1.1.0', 21.212121, 10.606061, false],
      ['2026-01-06', 'BUY', 'v1.1.0', -10, -5, false],
      ['2026-01-05', 'BUY', 'v1.1.0', 10, 5, true],
    ]);
    expect(items[1]?.outcome).toMatchObject({ exitDay: '2026-01-12', entryClose: 120, exitClose: 60 });
  });

  test('lists calls that do not count, with their return, and leaves them out of the summary', async () => {
    const before = await list('AAPL');
    await seedRecommendation(db.sql, {
      symbol: 'AAPL',
      // As a live call of the day, with which it is not compared.
      label: 'HOLD',
      asOf: '2026-01-08',
      generatedAt: '2026-01-13T00:00:00Z',
      horizonDays: 1,
      isActive: false,
    });
    expect(
      await scoreOutcomes({ runId: 'run-1', asOf: '2026-01-12' }, db.client('pipeline'), new MemoryObjects()),
    ).toEqual({
      scored: 1,
    });
    const { items, summary } = await list('AAPL');
    expect(items[0]).toMatchObject({
      kind: 'backdated',
      generatedAt: '2026-01-13T00:00:00.000Z',
      outcome: { realisedReturnPct: 0, marketReturnPct: null, right: null },
    });
    expect(items.slice(1)).toEqual(before.items);
    expect(items.slice(1).every(({ kind }) => kind === 'live')).toBe(true);
    expect(summary).toEqual(before.summary);
  });

  test('marks recommendations that users should not act on', async () => {
    const { items } = await list('AAPL');
    expect(items.map(({ standing }) => standing)).toEqual(['withheld', ...Array(5).fill('archived')]);
  });

  test('summarises scored calls by label', async () => {
    const { summary } = await list('AAPL');
    expect(summary).toEqual([
      {
        label: 'SELL',
        scored: 1,
        right: 0,
        shareRight: 0,
        averageReturnPct: expect.closeTo(21.212121, 5),
        averageMarketReturnPct: expect.closeTo(10.606061, 5),
      },
      {
        label: 'HOLD',
        scored: 1,
        right: null,
        shareRight: null,
        averageReturnPct: 0,
        averageMarketReturnPct: 0,
      },
      {
        label: 'BUY',
        scored: 3,
        right: 1,
        shareRight: 1 / 3,
        averageReturnPct: expect.closeTo(-50 / 3, 9),
        averageMarketReturnPct: expect.closeTo(-25 / 3, 9),
      },
    ]);
  });

  test('returns one profile', async () => {
    const { items, summary, profile } = await list('AAPL', { profile: 'aggressive' });
    expect(profile).toBe('aggressive');
    expect(items).toHaveLength(1);
    expect(summary).toMatchObject([{ label: 'BUY', scored: 1 }]);
    expect((await list('AAPL', { profile: 'conservative' })).items).toEqual([]);
  });

  test.each(['1', '2', '5', '6'])('returns every recommendation once in pages of %s', async (limit) => {
    const pages = await walk((cursor) => list('AAPL', { limit, cursor }));
    const walked = pages.flatMap(({ items }) => items.map(({ asOf }) => asOf));
    expect(walked).toEqual([...days].reverse());
    expect(new Set(pages.map(({ summary }) => JSON.stringify(summary))).size).toBe(1);
  });

  test('refuses the cursor of another instrument or profile', async () => {
    const { nextCursor } = await list('AAPL', { limit: '2' });
    const refused = expect.objectContaining({ code: 'invalid-cursor' });
    await expect(list('MSFT', { cursor: defined(nextCursor, 'next cursor') })).rejects.toThrow(refused);
    await expect(
      list('AAPL', { cursor: defined(nextCursor, 'next cursor'), profile: 'aggressive' }),
    ).rejects.toThrow(refused);
    expect(
      (await list('AAPL', { cursor: defined(nextCursor, 'next cursor'), limit: '10' })).items,
    ).toHaveLength(4);
  });

  test('returns the history of an inactive instrument, but prefers the active one with the same symbol', async () => {
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'AAPL'`;
    expect((await list('AAPL')).items).toHaveLength(6);
    await seedInstrument(db.sql, 'AAPL', { exchange: 'XETRA' });
    expect((await list('AAPL')).items).toEqual([]);
  });

  test('reads its index in order', async () => {
    await db.sql`
      INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
        horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, as_of, run_id)
      SELECT r.instrument_id, r.model_version_id, r.profile, r.label, r.confidence, r.expected_return_pct, 1, 1, 1, 'x',
        '{}', '{}', r.generated_at - d * interval '1 day', r.as_of, r.run_id
      FROM recommendations r, generate_series(1, 2000) d`;
    await db.sql`ANALYZE`;
    const [instrument] = await db.sql<[{ id: string }]>`SELECT id FROM instruments WHERE symbol = 'AAPL'`;
    const rows = await api<{ 'QUERY PLAN': string }[]>`
      EXPLAIN (COSTS OFF) SELECT id FROM recommendations r
      WHERE r.instrument_id = ${instrument.id} AND r.profile = ${'moderate'}
        AND (r.generated_at, r.id) < (${'2026-01-01T00:00:00.000000Z'}::text::timestamptz, ${instrument.id}::uuid)
      ORDER BY r.generated_at DESC, r.id DESC LIMIT 51`;
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan Backward using recommendations_history');
    // Only rows of the same instant are sorted.
    expect(plan).not.toMatch(/(?<!Incremental )Sort$/m);
  });
});
