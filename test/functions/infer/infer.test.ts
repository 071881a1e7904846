import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inputValue } from '../../../functions/features/model-inputs.ts';
import { DayScores, type Prediction } from '../../../functions/infer/day-scores.ts';
import { inferRun } from '../../../functions/infer/infer.ts';
import { type Release, ReleaseMissingError, readRelease } from '../../../functions/infer/manifest.ts';
import { Model } from '../../../functions/infer/model.ts';
import { readPredictions } from '../../../functions/infer/predictions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { ModelError, SystematicFaultError } from '../../../functions/shared/errors.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedFeatures, seedPeers } from './infer-support.ts';
import { daysUpTo, MemoryObjects, seedBars, seedInstruments, seedModel, seedRun } from './support.ts';

const AS_OF = '2026-03-02';
/** Bars that all features need: a year and the bar itself. */
const ENOUGH = 253;
/** Days on which enough stocks have features to compare others with. */
const FULL_DAYS = ['2026-02-23', '2026-02-27', AS_OF];

const db = useTestDatabase();
let pipeline: Sql;
let release: Release;
let raw: MemoryObjects;
beforeAll(async () => {
  pipeline = db.client('pipeline');
  release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
});
beforeEach(async () => {
  await db.sql`TRUNCATE features, price_bars, model_versions, pipeline_runs, instruments CASCADE`;
  await seedPeers(db.sql, FULL_DAYS);
  raw = new MemoryObjects();
});

/** Stores an instrument with bars up to a day and features of that day. */
async function seed(
  symbol: string,
  options: { last?: string; bars?: number; features?: Record<string, number | null> } = {},
) {
  const { last = AS_OF, bars = ENOUGH } = options;
  const [id = ''] = await seedInstruments(db.sql, [symbol]);
  await seedBars(
    db.sql,
    id,
    daysUpTo(last, bars).map((day) => ({ day, close: 50 })),
  );
  await seedFeatures(db.sql, id, last, options.features);
  return id;
}

/** Runs Infer with an active model on a run of these instruments. */
async function infer(run: { instruments?: number; input?: Record<string, string[]> } = {}) {
  await seedModel(db.sql, '.', release.manifest.version);
  await seedRun(db.sql, 'run-1', { instruments: 10, ...run });
  return again();
}

const again = () =>
  inferRun({ runId: 'run-1', asOf: AS_OF }, pipeline, { raw, models: openObjects(BUNDLED_RELEASE.href) });

async function failures() {
  const rows = await db.sql<{ symbol: string; reason_code: string; message: string }[]>`
    SELECT symbol, reason_code, message FROM pipeline_failures WHERE step = 'infer' ORDER BY symbol`;
  return rows.map(({ symbol, reason_code, message }) => [symbol, reason_code, message]);
}

async function scored(): Promise<string[]> {
  const { instruments } = await readPredictions(raw, 'scores/run-1.json.gz');
  return instruments.map(({ symbol, asOf }) => `${symbol} ${asOf.slice(0, 10)}`);
}

describe('inferRun', () => {
  test('predicts instruments on their last bar and returns the key of the predictions', async () => {
    await seed('AAPL');
    await seed('MSFT', { last: '2026-02-27' });
    expect(await infer()).toEqual({
      runId: 'run-1',
      asOf: AS_OF,
      modelVersion: release.manifest.version,
      scores: 'scores/run-1.json.gz',
      instruments: 2,
      failed: 0,
    });
    expect(await scored()).toEqual(['AAPL 2026-03-02', 'MSFT 2026-02-27']);
    expect(await failures()).toEqual([]);
  });

  test('writes everything that Publish needs', async () => {
    const id = await seed('AAPL', { features: { ret_20d: 0.0625, ret_60d: -0.125 } });
    await infer();
    const [model] = await db.sql<{ id: string; used: string }[]>`
      SELECT m.id, r.model_version_id AS used FROM model_versions m, pipeline_runs r`;
    const scores = await readPredictions(raw, 'scores/run-1.json.gz');
    expect(scores).toMatchObject({
      modelVersionId: model?.id,
      modelVersion: release.manifest.version,
      horizonDays: release.manifest.horizonDays,
    });
    expect(model?.used).toBe(model?.id);
    const [score] = scores.instruments;
    expect(score).toMatchObject({
      instrumentId: id,
      inputs: { close_price: 50, ret_20d: 0.0625, ret_60d: -0.125 },
    });
    expect(score?.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    expect(Object.keys(score?.contributions ?? {})).toEqual([...release.manifest.features, 'neutrality']);
    const sum = Object.values(score?.contributions ?? {}).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(score?.expectedExcess ?? Number.NaN, 9);
  });

  test('reads no features after the as-of', async () => {
    const id = await seed('AAPL', { features: { ret_20d: 0.0625 } });
    await seedBars(db.sql, id, [{ day: '2026-03-03', close: 70 }]);
    await seedFeatures(db.sql, id, '2026-03-03', { ret_20d: 0.5 });
    await infer();
    const { instruments } = await readPredictions(raw, 'scores/run-1.json.gz');
    expect(instruments).toMatchObject([
      { asOf: '2026-03-02T00:00:00.000Z', inputs: { ret_20d: 0.0625, close_price: 50 } },
    ]);
  });

  test('predicts only the symbols of the input', async () => {
    await seed('AAPL');
    await seed('MSFT');
    expect(await infer({ input: { symbols: ['MSFT', 'NONE'] } })).toMatchObject({
      instruments: 1,
      failed: 0,
    });
    expect(await scored()).toEqual(['MSFT 2026-03-02']);
  });

  test('compares with reference instruments, and predicts none of them', async () => {
    await seed('AAPL', { features: { ret_20d: 0.01 } });
    for (const symbol of ['REF1', 'REF2']) await seed(symbol, { features: { ret_20d: 0.02 } });
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol LIKE 'REF%'`;
    expect(await infer()).toMatchObject({ instruments: 1, failed: 0 });
    const { instruments } = await readPredictions(raw, 'scores/run-1.json.gz');
    expect(instruments).toMatchObject([
      { symbol: 'AAPL', inputs: { ret_20d_rank: expect.closeTo(0.5 / 53) } },
    ]);
  });

  test('scores a day among all of its stocks that have every input, whatever they are for', async () => {
    const values = (i: number) => ({
      ret_1d: i / 100,
      ret_20d: ((i * 7) % 11) / 50,
      vol_60d: ((i * 3) % 11) / 20,
    });
    for (let i = 0; i < 11; i++) await seed(`S${i}`, { features: values(i) });
    await seed('HOLES', { features: { rsi_14: null } });
    await seed('EARLIER', { last: '2026-02-27' });
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol NOT IN ('S0', 'S4', 'EARLIER')`;
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'S7'`;
    expect(await infer()).toMatchObject({ instruments: 3 });
    const model = await Model.load(release);
    const expected = async (symbol: string, day: string, stocks: number) => {
      const rows = await db.sql<({ symbol: string } & Record<string, number>)[]>`
        SELECT symbol, v.* FROM model_inputs v JOIN instruments i ON i.id = v.instrument_id
        WHERE ts = ${day} AND symbol <> 'HOLES' ORDER BY symbol`;
      expect(rows).toHaveLength(stocks);
      const { predictions } = await DayScores.of(
        model,
        rows.map((row) => release.manifest.features.map((name) => inputValue(name, row))),
      );
      const { place, score } = predictions[rows.findIndex((row) => row.symbol === symbol)] as Prediction;
      return { symbol, place, score: expect.closeTo(score, 9), universe: { day, stocks } };
    };
    const { instruments } = await readPredictions(raw, 'scores/run-1.json.gz');
    expect(instruments).toMatchObject([
      await expected('EARLIER', '2026-02-27', 51),
      await expected('S0', AS_OF, 61),
      await expected('S4', AS_OF, 61),
    ]);
    expect(instruments[1]?.score).not.toBeCloseTo(instruments[2]?.score ?? Number.NaN, 3);
  });

  test('leaves out inactive instruments and those that failed earlier in the run', async () => {
    for (const symbol of ['AAPL', 'GONE', 'MSFT']) await seed(symbol);
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'GONE'`;
    await seedRun(db.sql, 'run-0', { instruments: 10 });
    await seedRun(db.sql, 'run-2', { instruments: 10 });
    await db.sql`
      INSERT INTO pipeline_failures (run_id, symbol, step, reason_code, message)
      VALUES ('run-0', 'AAPL', 'load', 'bad_bar', 'A bar is bad.'), ('run-2', 'MSFT', 'load', 'bad_bar', 'A bar is bad.')`;
    await seedModel(db.sql, '.', release.manifest.version);
    const answer = await inferRun({ runId: 'run-2', asOf: AS_OF }, pipeline, {
      raw,
      models: openObjects(BUNDLED_RELEASE.href),
    });
    expect(answer).toMatchObject({ instruments: 1, failed: 0 });
    const { instruments } = await readPredictions(raw, answer.scores);
    expect(instruments.map(({ symbol }) => symbol)).toEqual(['AAPL']);
  });
});

describe('inferRun with an unusable instrument', () => {
  test('records a failure with its reason', async () => {
    await seed('FINE');
    await seedInstruments(db.sql, ['NOBARS']);
    await seed('OLD', { last: '2026-02-22' });
    await seed('YOUNG', { bars: 252, features: { ret_252d: null, mom_12_1: null } });
    await seed('HOLES', { features: { rsi_14: null, close_place_5: null } });
    await seed('NAN', { last: '2026-02-27', features: { vol_20d: Number.NaN, atr_14: null } });
    const [bare = ''] = await seedInstruments(db.sql, ['BARE']);
    await seedBars(
      db.sql,
      bare,
      daysUpTo(AS_OF, ENOUGH).map((day) => ({ day, close: 50 })),
    );
    expect(await infer({ instruments: 50 })).toMatchObject({ instruments: 1, failed: 6 });
    expect(await failures()).toEqual([
      ['BARE', 'incomplete_features', 'no features since 2026-02-23'],
      ['HOLES', 'incomplete_features', 'has no value for close_place_5_rank, rsi_14_rank'],
      ['NAN', 'incomplete_features', 'has no value for vol_20d, atr_14'],
      ['NOBARS', 'no_bars', 'no bars up to 2026-03-02'],
      ['OLD', 'stale', 'the last bar is from 2026-02-22, more than 7 days before 2026-03-02'],
      ['YOUNG', 'insufficient_history', '252 bars, 253 needed'],
    ]);
    expect(await scored()).toEqual(['FINE 2026-03-02']);
  });

  test('accepts a last bar that is exactly seven days old', async () => {
    await seed('EDGE', { last: '2026-02-23' });
    expect(await infer()).toMatchObject({ instruments: 1, failed: 0 });
    expect(await scored()).toEqual(['EDGE 2026-02-23']);
  });

  test('predicts the instrument and clears its failure after it is fixed', async () => {
    await seed('FINE');
    const id = await seed('LATE', { last: '2026-02-20' });
    expect(await infer()).toMatchObject({ instruments: 1, failed: 1 });
    await seedBars(db.sql, id, [{ day: AS_OF, close: 51 }]);
    await seedFeatures(db.sql, id, AS_OF);
    expect(await again()).toMatchObject({ instruments: 2, failed: 0 });
    expect(await failures()).toEqual([]);
  });

  test('predicts the sound ones even if most of the others failed', async () => {
    await seed('FINE');
    await seedInstruments(db.sql, ['A', 'B', 'C']);
    expect(await infer({ instruments: 4 })).toMatchObject({ instruments: 1, failed: 3 });
    expect(await scored()).toEqual(['FINE 2026-03-02']);
  });

  test('makes no call from features that lack the latest bars', async () => {
    await seed('FINE');
    const id = await seed('BEHIND');
    await db.sql`INSERT INTO feature_backlog (instrument_id, dirty_from) VALUES (${id}, '2026-03-02')`;
    const later = await seed('LATER');
    await db.sql`INSERT INTO feature_backlog (instrument_id, dirty_from) VALUES (${later}, '2026-03-03')`;
    expect(await infer()).toMatchObject({ instruments: 2, failed: 1 });
    expect(await failures()).toEqual([
      ['BEHIND', 'outdated_features', 'the features of its latest bars are not computed'],
    ]);
    expect(await scored()).toEqual(['FINE 2026-03-02', 'LATER 2026-03-02']);
  });

  test('makes no call for the instruments of a batch that failed', async () => {
    await seed('FINE');
    await seed('LOST');
    await seedModel(db.sql, '.', release.manifest.version);
    await seedRun(db.sql, 'run-1', { instruments: 2 });
    await db.sql`
      UPDATE pipeline_runs SET batches = '[{"from": "2026-03-02", "symbols": ["LOST"]}]' WHERE id = 'run-1'`;
    expect(await again()).toMatchObject({ instruments: 1, failed: 0 });
    expect(await scored()).toEqual(['FINE 2026-03-02']);
  });

  test('stops the run before writing predictions if all failed', async () => {
    await seedInstruments(db.sql, ['A', 'B', 'C', 'D']);
    const inferring = infer({ instruments: 4 });
    await expect(inferring).rejects.toBeInstanceOf(SystematicFaultError);
    await expect(inferring).rejects.toThrow(
      'All 4 instruments failed. no_bars: A, B, C and 1 more (no bars up to 2026-03-02).',
    );
    expect(raw.bodies.size).toBe(0);
    expect((await failures()).map(([symbol]) => symbol)).toEqual(['A', 'B', 'C', 'D']);
  });
});

describe('inferRun without a usable model', () => {
  test('rejects a database without an active model', async () => {
    await seed('AAPL');
    await seedRun(db.sql, 'run-1', { instruments: 1 });
    const inferring = again();
    await expect(inferring).rejects.toBeInstanceOf(ModelError);
    await expect(inferring).rejects.toThrow('no model is active; register and promote a release first');
  });

  test('rejects a missing release and loads it on the next call if it is there', async () => {
    await seed('AAPL');
    await seedModel(db.sql, '.', release.manifest.version);
    await seedRun(db.sql, 'run-1', { instruments: 1 });
    const empty = inferRun({ runId: 'run-1', asOf: AS_OF }, pipeline, { raw, models: new MemoryObjects() });
    await expect(empty).rejects.toThrow(new ReleaseMissingError('model ./manifest.json: is missing'));
    expect(await again()).toMatchObject({ instruments: 1 });
  });
});
