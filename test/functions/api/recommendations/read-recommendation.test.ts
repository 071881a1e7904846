import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  RecommendationDetail,
  readRecommendation,
} from '../../../../functions/api/recommendations/read-recommendation.ts';
import type { Predictions } from '../../../../functions/infer/predictions.ts';
import { publishRun } from '../../../../functions/infer/publish.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { afterCosts } from '../../../../functions/shared/trading-costs.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView, seedInstrument } from '../market/support.ts';
import { emptyStore, MODEL_NOTICE, NOW, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(async () => {
  await emptyStore(db.sql);
  await seedModelAndRun(db.sql);
});

const read = async (id: string, notice: string | null = null) =>
  clientView(RecommendationDetail, await readRecommendation(api, id, { now: NOW, notice }));

const CONTRIBUTIONS = {
  ret_20d: 0.0123,
  mom_12_1_rank: -0.0045,
  vol_20d: 0.0002,
  neutrality: 0.0001,
  unheard_of: 0,
};
const SUM = 0.0123 - 0.0045 + 0.0002 + 0.0001;

/** Publishes one instrument's scores like the pipeline, and returns the id of its moderate recommendation. */
async function publish(expectedExcess = SUM): Promise<string> {
  const instrumentId = await seedInstrument(db.sql, 'AAPL');
  const [model] = await db.sql<[{ id: string }]>`SELECT id FROM model_versions WHERE is_active`;
  const scores: Predictions = {
    modelVersionId: model.id,
    modelVersion: 'v1.2.3',
    horizonDays: 20,
    baseRates: [0.3, 0.4, 0.3],
    instruments: [
      {
        instrumentId,
        symbol: 'AAPL',
        asOf: '2026-02-27T00:00:00.000Z',
        universe: { day: '2026-02-26', stocks: 500 },
        probabilities: [0.2, 0.35, 0.45],
        score: 2.1,
        place: 0.01,
        expectedExcess,
        contributions: CONTRIBUTIONS,
        inputs: { ret_20d: 0.081, mom_12_1_rank: 0.9, vol_20d: 0.25, close_price: 200, atr_14: 4 },
      },
    ],
  };
  const run = {
    runId: 'run-1',
    asOf: '2026-02-27',
    modelVersion: 'v1.2.3',
    scores: 'x',
    instruments: 1,
    failed: 0,
  };
  await publishRun(run, scores, db.client('pipeline'));
  const [row] = await db.sql<[{ id: string }]>`SELECT id FROM recommendations WHERE profile = 'moderate'`;
  return row.id;
}

test('returns everything that Publish stored, and explains the expected return', async () => {
  const id = await publish();
  const answer = await read(id, 'Sample data.');
  expect(answer).toMatchObject({
    id,
    symbol: 'AAPL',
    currency: 'GBP',
    profile: 'moderate',
    label: 'BUY',
    confidence: 0.45,
    stopLoss: 190,
    takeProfit: 216,
    lastClose: 200,
    standing: 'current',
    archivedAt: null,
    warning: null,
    modelVersion: 'v1.2.3',
    modelTrainedAt: '2026-02-20T21:30:00.000Z',
    modelAgeDays: 3714,
    modelDataTo: '2015-12-31',
    modelNotice: MODEL_NOTICE,
    marks: ['unvalidated_market'],
    dataAgeDays: 3,
    probabilities: { SELL: 0.2, HOLD: 0.35, BUY: 0.45 },
    chances: { largeMove: expect.closeTo(0.65, 12), up: expect.closeTo(45 / 65, 12) },
    universe: {
      day: '2026-02-26',
      stocks: 500,
      note: 'Compared with the 500 stocks of 2026-02-26, because too few had prices for 2026-02-27.',
    },
    features: { ret_20d: 0.081, mom_12_1_rank: 0.9, vol_20d: 0.25, close_price: 200, atr_14: 4 },
    outcome: null,
    notice: 'Sample data.',
  });
  expect(answer.justification).toMatch(/^A 65 in 100 chance of clearly beating or lagging the average stock/);
  const { explanation } = answer;
  expect(explanation?.contributions).toEqual([
    {
      feature: 'ret_20d',
      words: 'Its price rose 8.1% over the last month',
      value: 0.081,
      points: expect.closeTo(1.23, 9),
    },
    {
      feature: 'mom_12_1_rank',
      words: 'In the year up to a month ago it did better than 90% of stocks',
      value: 0.9,
      points: expect.closeTo(-0.45, 9),
    },
    {
      feature: 'vol_20d',
      words: 'Its price would move by 25% in a usual year at the pace of the last month',
      value: 0.25,
      points: expect.closeTo(0.02, 9),
    },
    {
      feature: 'neutrality',
      words: 'Adjustment for its volatility and how easily it trades',
      value: null,
      points: expect.closeTo(0.01, 9),
    },
    { feature: 'unheard_of', words: 'unheard_of', value: null, points: 0 },
  ]);
});

test('returns contributions that add up to the expected return less that of the average stock', async () => {
  const { explanation, expectedReturnPct } = await read(await publish());
  const points =
    explanation?.contributions.reduce((sum, contribution) => sum + contribution.points, 0) ?? Number.NaN;
  expect(points).toBeCloseTo(expectedReturnPct, 9);
  expect(explanation?.sumPct).toBeCloseTo(expectedReturnPct, 9);
  expect(explanation?.addsUp).toBe(true);
});

test('takes the average stock out of a call of an earlier model, whose expected return includes it', async () => {
  const explanation = {
    base_return: 0.0208,
    probabilities: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 },
    contributions: { ret_20d: 0.0123, mom_12_1_rank: -0.0045 },
  };
  const id = await seedRecommendation(db.sql, { symbol: 'AAPL', expectedReturnPct: 2.86, explanation });
  const answer = await read(id);
  expect(answer.expectedReturnPct).toBeCloseTo(0.78, 9);
  expect(answer.explanation?.sumPct).toBeCloseTo(0.78, 9);
  expect(answer.explanation?.addsUp).toBe(true);
  expect(JSON.stringify(answer)).not.toContain('2.08');
});

test('reports contributions that do not add up', async () => {
  const { explanation } = await read(await publish(SUM + 0.0002));
  expect(explanation?.addsUp).toBe(false);
});

test.each([{}, { probabilities: { BUY: 1 } }, { base_return: 'x', contributions: [] }])(
  'returns no explanation for the stored value %o',
  async (explanation) => {
    const id = await seedRecommendation(db.sql, { symbol: 'AAPL', explanation });
    expect(await read(id)).toMatchObject({ probabilities: null, explanation: null });
  },
);

describe('the standing of a recommendation', () => {
  test('is archived after it was replaced, with the day', async () => {
    const id = await seedRecommendation(db.sql, {
      symbol: 'AAPL',
      isActive: false,
      archivedAt: '2026-03-01T22:04:00Z',
    });
    expect(await read(id)).toMatchObject({
      standing: 'archived',
      archivedAt: '2026-03-01T22:04:00.000Z',
      warning: 'This recommendation was replaced on 2026-03-01. It is kept as a record.',
    });
  });

  test('is archived without a date', async () => {
    const id = await seedRecommendation(db.sql, { symbol: 'AAPL', isActive: false });
    expect(await read(id)).toMatchObject({ standing: 'archived', archivedAt: null });
  });

  test('is withheld from the eighth day on', async () => {
    const week = await seedRecommendation(db.sql, { symbol: 'AAPL', asOf: '2026-02-23' });
    expect(await read(week)).toMatchObject({ standing: 'current', warning: null, dataAgeDays: 7 });
    const stale = await seedRecommendation(db.sql, { symbol: 'MSFT', asOf: '2026-02-22' });
    expect(await read(stale)).toMatchObject({
      standing: 'withheld',
      archivedAt: null,
      warning: 'This recommendation is based on data more than 7 days old, which is too old to act on.',
    });
  });

  test('is withheld if its instrument is inactive', async () => {
    const id = await seedRecommendation(db.sql, { symbol: 'AAPL' });
    await db.sql`UPDATE instruments SET is_active = false`;
    expect(await read(id)).toMatchObject({
      standing: 'withheld',
      warning: 'This instrument is no longer covered, so the recommendation is out of date.',
    });
  });
});

test('returns the outcome once it is scored', async () => {
  const id = await seedRecommendation(db.sql, {
    symbol: 'AAPL',
    label: 'SELL',
    isActive: false,
    asOf: '2026-01-05',
  });
  const other = await seedRecommendation(db.sql, {
    symbol: 'MSFT',
    label: 'HOLD',
    isActive: false,
    asOf: '2026-01-05',
  });
  for (const [recommendation, pct] of [
    [id, -4],
    [other, 2],
  ] as const) {
    await db.client('pipeline')`
      INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
      VALUES (${recommendation}, '2026-02-03', 100, ${100 + pct}, ${pct})`;
  }
  expect((await read(id)).outcome).toEqual({
    exitDay: '2026-02-03',
    entryClose: 100,
    entryOpen: null,
    exitClose: 96,
    realisedReturnPct: -4,
    openReturnPct: null,
    openReturnAfterCostsPct: null,
    returnAfterCostsPct: afterCosts('SELL', -4),
    firstHit: null,
    marketReturnPct: -1,
    right: true,
  });
  expect((await read(other)).outcome).toMatchObject({
    realisedReturnPct: 2,
    marketReturnPct: -1,
    right: null,
  });
});

test('answers 404 for an unknown id', async () => {
  await expect(readRecommendation(api, randomUUID(), { now: NOW, notice: null })).rejects.toThrow(
    expect.objectContaining({ code: 'not-found', status: 404 }),
  );
});
