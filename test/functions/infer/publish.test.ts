import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Predictions } from '../../../functions/infer/predictions.ts';
import { publishRun, recommend } from '../../../functions/infer/publish.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../support/database.ts';
import { census, checksum, inferResult, predictionsOf } from './publish-support.ts';
import { seedInstruments, seedModel, seedRun } from './support.ts';

const EARLIER = { asOf: '2026-02-27T00:00:00.000Z' };

const db = useTestDatabase();
let pipeline: Sql;
let model: string;
let ids: string[];
beforeAll(() => {
  pipeline = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments CASCADE`;
  model = await seedModel(db.sql);
  ids = await seedInstruments(db.sql, ['AAPL', 'MSFT']);
  await seedRun(db.sql, 'run-1');
  await seedRun(db.sql, 'run-2');
});

/** Publishes, and returns the numbers of activated and archived recommendations. */
async function publish(runId: string, scores: Predictions): Promise<[activated: number, archived: number]> {
  const { activated, archived, ...rest } = await publishRun(inferResult(runId), scores, pipeline);
  expect(rest).toEqual({ runId, asOf: '2026-03-02', modelVersion: 'v1.0.0' });
  return [activated, archived];
}

describe('recommend', () => {
  test('makes one call per profile by the rule of the profile', () => {
    // The best 4%: enough for the moderate and the aggressive profile, with stops 2.5 and 3 ranges away.
    const calls = [
      ...recommend(predictionsOf(model, ids.slice(0, 1), { place: 0.04, probabilities: [0.25, 0.39, 0.36] })),
    ];
    expect(
      calls.map(({ profile, label, confidence, stop_loss, take_profit }) => [
        profile,
        label,
        confidence,
        stop_loss,
        take_profit,
      ]),
    ).toEqual([
      ['conservative', 'HOLD', 0.39, 92, 112],
      ['moderate', 'BUY', 0.36, 90, 116],
      ['aggressive', 'BUY', 0.36, 88, 124],
    ]);
  });

  test('stores the inputs, the explanation and the justification', () => {
    const [call] = recommend(predictionsOf(model, ids.slice(0, 1)));
    expect(call).toMatchObject({
      instrument_id: ids[0],
      expected_return_pct: 2.5,
      horizon_days: 20,
      as_of: '2026-03-02T00:00:00.000Z',
      features_snapshot: { close_price: 100, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08 },
      explanation: {
        probabilities: { SELL: 0.2, HOLD: 0.3, BUY: 0.5 },
        score: 2.1,
        place: 0.01,
        base_return: 0,
        contributions: { ret_20d: 0.03, vol_20d: -0.009, neutrality: 0.004 },
      },
    });
    expect(call?.justification).toMatch(
      /^A 70 in 100 chance of clearly beating or lagging .* Its price rose 8\.0% over the last month \(\+3\.000 points\)\./,
    );
  });
});

describe('publishRun', () => {
  test('activates three profiles per instrument', async () => {
    expect(await publish('run-1', predictionsOf(model, ids))).toEqual([6, 0]);
    expect(
      await db.sql`
        SELECT instrument_id, array_to_string(array_agg(profile ORDER BY profile), ' ') AS profiles,
          bool_and(is_active AND archived_at IS NULL) AS active, min(run_id) AS run
        FROM recommendations GROUP BY instrument_id ORDER BY instrument_id`,
    ).toEqual(
      [...ids].sort().map((id) => ({
        instrument_id: id,
        profiles: 'aggressive conservative moderate',
        active: true,
        run: 'run-1',
      })),
    );
  });

  test('changes no row if the same or a later run repeats the content', async () => {
    await publish('run-1', predictionsOf(model, ids));
    const before = await checksum(db.sql);
    expect(await publish('run-1', predictionsOf(model, ids))).toEqual([0, 0]);
    expect(await publish('run-2', predictionsOf(model, ids))).toEqual([0, 0]);
    expect(await checksum(db.sql)).toBe(before);
    expect(await census(db.sql)).toEqual({ active: 6, archived: 0, runs: { 'run-1': 6, 'run-2': 0 } });
  });

  test('archives only changed recommendations', async () => {
    await publish('run-1', predictionsOf(model, ids));
    const next = predictionsOf(model, ids);
    next.instruments[1] = {
      ...next.instruments[1],
      expectedExcess: 0.03,
    } as Predictions['instruments'][number];
    expect(await publish('run-2', next)).toEqual([3, 3]);
    expect(await census(db.sql)).toEqual({ active: 6, archived: 3, runs: { 'run-1': 6, 'run-2': 3 } });
    expect(
      await db.sql`
        SELECT DISTINCT instrument_id, expected_return_pct AS pct, run_id, is_active
        FROM recommendations WHERE instrument_id = ${defined(ids[1], 'id of an instrument')} ORDER BY run_id`,
    ).toEqual([
      { instrument_id: ids[1], pct: 2.5, run_id: 'run-1', is_active: false },
      { instrument_id: ids[1], pct: 3, run_id: 'run-2', is_active: true },
    ]);
  });

  test.each<[string, Partial<Predictions['instruments'][number]>]>([
    ['the probabilities', { probabilities: [0.19, 0.3, 0.51] }],
    ['the close', { inputs: { close_price: 101, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08 } }],
    ['contributions, too little for words,', { contributions: { ret_20d: 0.030001, vol_20d: -0.009 } }],
    ['the bar', { asOf: '2026-03-03T00:00:00.000Z' }],
    ['the universe', { universe: { day: '2026-02-27', stocks: 500 } }],
  ])('replaces a recommendation if %s differ', async (_, change) => {
    await publish('run-1', predictionsOf(model, ids));
    expect(await publish('run-2', predictionsOf(model, ids, change))).toEqual([6, 6]);
  });

  test('replaces a recommendation of another model version', async () => {
    await publish('run-1', predictionsOf(model, ids));
    await db.sql`UPDATE model_versions SET is_active = false`;
    const other = await seedModel(db.sql, 'v2.0.0', 'v2.0.0');
    expect(await publish('run-2', predictionsOf(other, ids))).toEqual([6, 6]);
  });

  test('inserts a run as of an earlier day as history, once, and keeps the active set', async () => {
    await publish('run-1', predictionsOf(model, ids));
    const active = await db.sql`SELECT * FROM recommendations WHERE is_active ORDER BY id`;
    expect(await publish('run-2', predictionsOf(model, ids, EARLIER))).toEqual([0, 0]);
    expect(await db.sql`SELECT * FROM recommendations WHERE is_active ORDER BY id`).toEqual(active);
    expect(await census(db.sql)).toEqual({ active: 6, archived: 6, runs: { 'run-1': 6, 'run-2': 6 } });
    const before = await checksum(db.sql);
    expect(await publish('run-2', predictionsOf(model, ids, EARLIER))).toEqual([0, 0]);
    expect(await checksum(db.sql)).toBe(before);
  });

  describe('of a run on a day after the last session', () => {
    const onSunday = async (scores: Predictions) => {
      const run = { ...inferResult('run-2'), asOf: '2026-03-08' };
      const { activated, archived } = await publishRun(run, scores, pipeline);
      return [activated, archived];
    };

    test.each<[string, Partial<Predictions['instruments'][number]>]>([
      ['another universe', { universe: { day: '2026-03-02', stocks: 501 }, expectedExcess: 0.03 }],
      ['other bars', { inputs: { close_price: 101, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08 } }],
    ])('keeps the calls of the session, also with %s', async (_, change) => {
      await publish('run-1', predictionsOf(model, ids));
      const before = await checksum(db.sql);
      expect(await onSunday(predictionsOf(model, ids, change))).toEqual([0, 0]);
      expect(await checksum(db.sql)).toBe(before);
      expect(await db.sql`SELECT id FROM publications`).toHaveLength(1);
    });

    test('keeps the calls of the session, also with another model', async () => {
      await publish('run-1', predictionsOf(model, ids));
      await db.sql`UPDATE model_versions SET is_active = false`;
      const other = await seedModel(db.sql, 'v2.0.0', 'v2.0.0');
      expect(await onSunday(predictionsOf(other, ids))).toEqual([0, 0]);
    });

    test('publishes the calls that the session does not have yet', async () => {
      await publish('run-1', predictionsOf(model, ids.slice(0, 1)));
      expect(await onSunday(predictionsOf(model, ids, { expectedExcess: 0.03 }))).toEqual([3, 0]);
      expect(await census(db.sql)).toMatchObject({ active: 6, archived: 0 });
    });

    test('publishes a call of a new day next to it', async () => {
      await publish('run-1', predictionsOf(model, ids));
      expect(await onSunday(predictionsOf(model, ids, { asOf: '2026-03-06T00:00:00.000Z' }))).toEqual([6, 6]);
    });
  });

  test('inserts the earlier content again if a change is reverted', async () => {
    await publish('run-1', predictionsOf(model, ids));
    await publish('run-2', predictionsOf(model, ids, { expectedExcess: 0.03 }));
    expect(await publish('run-1', predictionsOf(model, ids))).toEqual([6, 6]);
    expect(await census(db.sql)).toEqual({ active: 6, archived: 12, runs: { 'run-1': 12, 'run-2': 6 } });
  });

  test('keeps the calls of instruments without a prediction', async () => {
    await publish('run-1', predictionsOf(model, ids));
    expect(await publish('run-2', predictionsOf(model, ids.slice(0, 1), { expectedExcess: 0.03 }))).toEqual([
      3, 3,
    ]);
    expect((await census(db.sql)).active).toBe(6);
  });

  describe('marks the calls that a run cannot renew as carried over', () => {
    const LATER = { asOf: '2026-03-03T00:00:00.000Z' };
    const only = (...symbols: ('AAPL' | 'MSFT')[]) =>
      symbols.map((symbol) => defined(ids[['AAPL', 'MSFT'].indexOf(symbol)], symbol));
    const carriedOver = async () => {
      const rows = await db.sql<{ symbol: string }[]>`
        SELECT DISTINCT i.symbol FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
        WHERE r.is_active AND r.is_carried_over ORDER BY i.symbol`;
      return rows.map(({ symbol }) => symbol);
    };

    test('until a later run makes a call for the instrument', async () => {
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-2', predictionsOf(model, only('AAPL'), LATER));
      expect(await carriedOver()).toEqual(['MSFT']);
      await publish('run-2', predictionsOf(model, ids, LATER));
      expect(await carriedOver()).toEqual([]);
    });

    test('until a later run confirms the call unchanged', async () => {
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-2', predictionsOf(model, only('AAPL'), LATER));
      const unchanged = predictionsOf(model, ids, LATER);
      unchanged.instruments[1] = defined(predictionsOf(model, only('MSFT')).instruments[0], 'prediction');
      expect(await publish('run-2', unchanged)).toEqual([0, 0]);
      expect(await carriedOver()).toEqual([]);
    });

    test('and changes no row if the run publishes again', async () => {
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-2', predictionsOf(model, only('AAPL'), LATER));
      const before = await checksum(db.sql);
      expect(await publish('run-2', predictionsOf(model, only('AAPL'), LATER))).toEqual([0, 0]);
      expect(await checksum(db.sql)).toBe(before);
    });

    test.each<[string, Partial<Predictions['instruments'][number]>]>([
      ['of the same day as the newest prediction', { expectedExcess: 0.03 }],
      ['of a later day than the newest prediction', EARLIER],
    ])('but not calls %s', async (_, change) => {
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-2', predictionsOf(model, only('AAPL'), change));
      expect(await carriedOver()).toEqual([]);
    });

    test('also if it makes no call at all', async () => {
      await publish('run-1', predictionsOf(model, ids));
      const runAsOf = async (day: string) => {
        await db.sql`UPDATE pipeline_runs SET as_of = ${day} WHERE id = 'run-2'`;
        await publish('run-2', predictionsOf(model, []));
        return carriedOver();
      };
      expect(await runAsOf('2026-03-02')).toEqual([]);
      expect(await runAsOf('2026-03-03')).toEqual(['AAPL', 'MSFT']);
    });

    test('but not those of instruments that the run does not cover', async () => {
      await seedRun(db.sql, 'run-3', { input: { symbols: ['AAPL'] } });
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-3', predictionsOf(model, only('AAPL'), LATER));
      expect(await carriedOver()).toEqual([]);
    });

    test('and leaves the mark in a run as of an earlier day', async () => {
      await publish('run-1', predictionsOf(model, ids));
      await publish('run-2', predictionsOf(model, only('AAPL'), LATER));
      await publish('run-1', predictionsOf(model, ids, EARLIER));
      expect(await carriedOver()).toEqual(['MSFT']);
    });
  });

  test('archives the calls of an inactive instrument and inserts no new ones', async () => {
    await publish('run-1', predictionsOf(model, ids));
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'MSFT'`;
    expect(await publish('run-2', predictionsOf(model, ids, { expectedExcess: 0.03 }))).toEqual([3, 6]);
    expect(await db.sql`SELECT DISTINCT instrument_id FROM recommendations WHERE is_active`).toEqual([
      { instrument_id: ids[0] },
    ]);
    const before = await checksum(db.sql);
    expect(await publish('run-2', predictionsOf(model, ids, { expectedExcess: 0.03 }))).toEqual([0, 0]);
    expect(await checksum(db.sql)).toBe(before);
  });

  test('archives the calls of an instrument that is only a reference, and inserts no new ones', async () => {
    await publish('run-1', predictionsOf(model, ids));
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'MSFT'`;
    expect(await publish('run-2', predictionsOf(model, ids, { expectedExcess: 0.03 }))).toEqual([3, 6]);
    expect(await db.sql`SELECT DISTINCT instrument_id FROM recommendations WHERE is_active`).toEqual([
      { instrument_id: ids[0] },
    ]);
    await db.sql`UPDATE instruments SET purpose = 'both' WHERE symbol = 'MSFT'`;
    expect(await publish('run-2', predictionsOf(model, ids, { expectedExcess: 0.03 }))).toEqual([3, 0]);
  });

  test('archives and activates nothing without predictions', async () => {
    await publish('run-1', predictionsOf(model, ids));
    expect(await publish('run-2', predictionsOf(model, []))).toEqual([0, 0]);
    expect((await census(db.sql)).active).toBe(6);
  });

  test('changes nothing if it fails midway', async () => {
    await publish('run-1', predictionsOf(model, ids));
    const before = await checksum(db.sql);
    const counts = await census(db.sql);
    const next = predictionsOf(model, ids, { expectedExcess: 0.03 });
    next.instruments[1] = {
      ...next.instruments[1],
      probabilities: [0, 0, 1.5],
    } as Predictions['instruments'][number];
    await expect(publish('run-2', next)).rejects.toThrow(/recommendations_confidence_check/);
    expect(await checksum(db.sql)).toBe(before);
    expect(await census(db.sql)).toEqual(counts);
  });
});
