import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  CallPage,
  CallsQuery,
  callsStatement,
  listCalls,
} from '../../../../functions/api/recommendations/list-calls.ts';
import type { Profile } from '../../../../functions/shared/constants.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { scoreUpTo } from '../../infer/score-support.ts';
import { clientView, planOf, seedDailyBars, seedInstrument, walk } from '../market/support.ts';
import { emptyStore, seedModelAndRun, seedRecommendation } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});

const parse = (query: Record<string, string | undefined> = {}) => {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return { ...CallsQuery.parse(given), profile: (query.profile ?? 'moderate') as Profile };
};
const list = async (query: Record<string, string | undefined> = {}) =>
  clientView(CallPage, await listCalls(api, parse(query), { notice: null }));
const keysOf = async (query: Record<string, string | undefined> = {}) =>
  (await list(query)).items.map(({ symbol, asOf }) => `${symbol} ${asOf}`);

describe('listCalls', () => {
  const days = ['2026-01-05', '2026-01-06', '2026-01-07'];

  beforeEach(async () => {
    await emptyStore(db.sql);
    await seedModelAndRun(db.sql);
    await db.sql`UPDATE model_versions SET data_to = '2014-12-31' WHERE version = 'v1.1.0'`;
    for (const symbol of ['UP', 'FLAT']) {
      const id = await seedInstrument(db.sql, symbol);
      const closes = days.map((day, at) => [day, symbol === 'UP' ? 100 * 1.1 ** at : 50]);
      await seedDailyBars(db.sql, id, Object.fromEntries(closes));
      for (const [at, asOf] of days.entries()) {
        await seedRecommendation(db.sql, {
          symbol,
          asOf,
          generatedAt: `${asOf}T22:00:00Z`,
          label: symbol === 'UP' ? 'BUY' : 'HOLD',
          horizonDays: 1,
          isActive: at === 2,
          modelVersion: at === 0 ? 'v1.1.0' : 'v1.2.3',
        });
      }
    }
    await scoreUpTo('2026-01-07', db.client('pipeline'));
  });

  test('lists the calls of all stocks, newest day first, with the outcomes that are known', async () => {
    const { items, profile, nextCursor } = await list();
    expect(profile).toBe('moderate');
    expect(nextCursor).toBeNull();
    expect(items.map(({ symbol, asOf, outcome }) => [symbol, asOf, outcome?.right])).toEqual([
      ['FLAT', '2026-01-07', undefined],
      ['UP', '2026-01-07', undefined],
      ['FLAT', '2026-01-06', null],
      ['UP', '2026-01-06', true],
      ['FLAT', '2026-01-05', null],
      ['UP', '2026-01-05', true],
    ]);
    expect(items[3]?.outcome?.realisedReturnPct).toBeCloseTo(10, 6);
    expect(items[3]?.outcome?.marketReturnPct).toBeCloseTo(5, 6);
  });

  test.each([
    [{ label: 'BUY' }, ['UP 2026-01-07', 'UP 2026-01-06', 'UP 2026-01-05']],
    [{ model: 'v1.1.0' }, ['FLAT 2026-01-05', 'UP 2026-01-05']],
    [{ model: 'v9.9.9' }, []],
    [{ from: '2026-01-06', to: '2026-01-06' }, ['FLAT 2026-01-06', 'UP 2026-01-06']],
    [{ profile: 'aggressive' }, []],
  ])('filters by %o', async (query, expected) => {
    expect(await keysOf(query)).toEqual(expected);
  });

  test('never mixes kinds of calls', async () => {
    await seedRecommendation(db.sql, {
      symbol: 'LATE',
      asOf: '2026-01-06',
      generatedAt: '2026-01-20T00:00:00Z',
      isActive: false,
    });
    expect(await keysOf()).toHaveLength(6);
    expect(await keysOf({ kind: 'backdated' })).toEqual(['LATE 2026-01-06']);
    expect((await list({ kind: 'backdated' })).items[0]).toMatchObject({ kind: 'backdated', outcome: null });
    expect(await keysOf({ kind: 'sample' })).toEqual([]);
  });

  test.each(['1', '2', '4', '5'])('lists every call once in pages of %s', async (limit) => {
    const pages = await walk((cursor) => list({ limit, cursor }));
    const walked = pages.flatMap(({ items }) => items.map(({ symbol, asOf }) => `${symbol} ${asOf}`));
    expect(walked).toEqual(await keysOf());
  });

  test('refuses the cursor of another filter, and days in the wrong order', async () => {
    const { nextCursor } = await list({ limit: '1' });
    await expect(list({ label: 'BUY', cursor: nextCursor as string })).rejects.toMatchObject({
      code: 'invalid-cursor',
    });
    await expect(list({ from: '2026-01-07', to: '2026-01-06' })).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

/** 200 instruments for three profiles on thirty days: 18,000 live calls. */
describe('with many calls', () => {
  beforeAll(async () => {
    await emptyStore(db.sql);
    await seedModelAndRun(db.sql);
    await db.sql`
      INSERT INTO instruments (symbol, exchange, name) SELECT 'S' || n, 'NYSE', 'Company' FROM generate_series(1, 200) n`;
    await db.sql`
      INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
        horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, as_of, run_id)
      SELECT i.id, m.id, p.profile, CASE WHEN abs(hashtext(i.symbol || d)::bigint) % 50 = 0 THEN 'BUY' ELSE 'HOLD' END,
        0.5, 0, 20, 90, 120, 'Because.', '{}', '{}', timestamptz '2026-03-01T22:04Z' - d * interval '1 day',
        timestamptz '2026-03-01' - d * interval '1 day', 'run-1'
      FROM instruments i
      CROSS JOIN (VALUES ('conservative'), ('moderate'), ('aggressive')) p(profile)
      CROSS JOIN generate_series(0, 29) d
      JOIN model_versions m ON m.is_active`;
    await db.sql`VACUUM ANALYZE`;
  });

  /** The number of rows that the statement reads from the index, and its plan. */
  const explain = async (query: Record<string, string>) => {
    const { limit, cursor, ...filters } = parse(query);
    const plan = await planOf(api, callsStatement(api, { filters, limit }));
    const scan = /using recommendations_record on recommendations \w+ \(actual rows=(\d+)/.exec(plan);
    return { plan, rows: scan ? Number(scan[1]) : Number.NaN };
  };

  test.each([
    // One day of 200 calls, and one more row that ends it.
    [{}, 201],
    [{ to: '2026-02-15' }, 201],
    // 51 calls of about 4 a day.
    [{ label: 'BUY' }, 80],
    [{ kind: 'sample' }, 0],
  ])('reads few rows of its index for %o', async (query, most) => {
    const { plan, rows } = await explain(query);
    expect(plan).not.toContain('Seq Scan on recommendations');
    expect(rows).toBeLessThanOrEqual(most);
  });
});
