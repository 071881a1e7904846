import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  listHistory,
  RecommendationHistory,
} from '../../../../functions/api/recommendations/list-history.ts';
import {
  RecommendationDetail,
  readRecommendation,
} from '../../../../functions/api/recommendations/read-recommendation.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { afterCosts } from '../../../../functions/shared/trading-costs.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { clientView } from '../market/support.ts';
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

const CONTEXT = { now: NOW, notice: null };
const read = async (id: string) =>
  clientView(RecommendationDetail, await readRecommendation(api, id, CONTEXT));
const history = async () =>
  clientView(
    RecommendationHistory,
    await listHistory(api, 'AAPL', { profile: 'moderate', limit: 10 }, CONTEXT),
  );

describe('a scored outcome', () => {
  const asOf = '2026-01-05';
  let id: string;
  const insert = (firstHit: string, after: number | null) => db.client('pipeline')`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct,
      entry_open, open_return_pct, first_hit, first_hit_after)
    VALUES (${id}, '2026-02-03', 100, 110, 10, 104, 5.76, ${firstHit}, ${after})`;
  const outcome = async () => (await read(id)).outcome;

  beforeEach(async () => {
    id = await seedRecommendation(db.sql, { symbol: 'AAPL', isActive: false, asOf });
  });

  test('has both entries, the return after costs and the level that was reached first', async () => {
    await insert('target', 7);
    expect(await outcome()).toMatchObject({
      entryClose: 100,
      entryOpen: 104,
      realisedReturnPct: 10,
      openReturnPct: 5.76,
      returnAfterCostsPct: afterCosts('BUY', 10),
      firstHit: { which: 'target', sessions: 7 },
    });
  });

  test('has no level if neither was reached', async () => {
    await insert('neither', null);
    expect(await outcome()).toMatchObject({ firstHit: null });
  });

  test('is compared with the average of all instruments, once it is known', async () => {
    await insert('stop', 1);
    // The day counts have an average of the calls, which is not this one.
    expect(await outcome()).toMatchObject({ marketReturnPct: null, right: null });
    const summary = async () => (await history()).summary;
    expect(await summary()).toEqual([]);
    await db.client('pipeline')`
      INSERT INTO track_record_market_returns (as_of, horizon_days, instruments, return_pct, open_return_pct)
      VALUES (${asOf}, 20, 500, 12.5, 11)`;
    expect(await outcome()).toMatchObject({ marketReturnPct: 12.5, right: false });
    expect(await summary()).toMatchObject([{ scored: 1, right: 0, averageMarketReturnPct: 12.5 }]);
  });
});

test('has the close and the currency of the day, whatever the instrument’s are now', async () => {
  const id = await seedRecommendation(db.sql, { symbol: 'AAPL', close: 191.5, currency: 'USD' });
  expect(await read(id)).toMatchObject({ lastClose: 191.5, currency: 'USD' });
  expect((await history()).items).toMatchObject([{ lastClose: 191.5, currency: 'USD' }]);
});

test('has the close of the snapshot and the currency of the instrument if none were kept', async () => {
  const id = await seedRecommendation(db.sql, { symbol: 'AAPL' });
  expect(await read(id)).toMatchObject({ lastClose: 195.75, currency: 'GBP' });
});
