import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { neutralReturns, tails } from '../../../functions/evaluate/labels.ts';
import { COLUMN_FEATURE_NAMES } from '../../../functions/features/definitions.ts';
import type { DayReturn } from '../../../functions/infer/day-returns.ts';
import { realisedLabels } from '../../../functions/infer/realised-labels.ts';
import { LABELS } from '../../../functions/shared/constants.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { addDays } from '../../../functions/shared/days.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type Member, seedMarket } from './market-support.ts';
import { insertBars, scoreUpTo, seedCall } from './score-support.ts';
import { MemoryObjects, seedModel, seedRun } from './support.ts';

const AS_OF = '2026-01-05';
const RULE = {
  tail: 0.3,
  volatilityFeature: 'vol_20d',
  exposures: ['vol_60d_rank'],
  horizonDays: 20,
  shortHorizonDays: 5,
};

describe('realisedLabels', () => {
  const day = { asOf: new Date(AS_OF), horizonDays: 20 };
  const returned = (i: number, exit: string | null = '2026-02-02'): DayReturn => ({
    id: `${i}`,
    symbol: `${i}`,
    isStock: true,
    isBenchmark: false,
    exit: exit === null ? null : new Date(exit),
    returnPct: exit === null ? null : i,
    openReturnPct: exit === null ? null : i,
  });
  const stocks = (count: number) => ({
    ids: Array.from({ length: count }, (_, i) => `${i}`),
    rows: Array.from({ length: count }, (_, i) => [0.2, (i * 7) % 10]),
  });
  const label = (returns: DayReturn[], count = returns.length) =>
    realisedLabels(RULE, day, returns, stocks(count));
  const many = (count: number, exit?: string | null) =>
    Array.from({ length: count }, (_, i) => returned(i, exit));

  test('gives the lowest three of ten stocks SELL and the highest three BUY', () => {
    const labels = [...label(many(100)).values()];
    expect(labels.slice(0, 20)).toEqual(Array(20).fill('SELL'));
    expect(labels.slice(80)).toEqual(Array(20).fill('BUY'));
    expect(LABELS.map((each) => labels.filter((found) => found === each).length)).toEqual([30, 40, 30]);
  });

  test.each([
    ['labels none of 49 stocks', many(49), 49, 0],
    ['labels 50 stocks', many(50), 50, 50],
    ['labels the others if a tenth has no return', [...many(90), ...many(100, null).slice(90)], 100, 90],
    ['labels none if more have no return', [...many(89), ...many(100, null).slice(89)], 100, 0],
    ['leaves halted stocks out', [...many(90), ...many(100, '2026-04-01').slice(90)], 100, 90],
    ['does not wait for stocks without a bar on the day', many(60), 100, 60],
    ['leaves stocks without inputs out', many(100), 60, 60],
  ])('%s', (_, returns, withInputs, labelled) => {
    expect(label(returns, withInputs).size).toBe(labelled);
  });

  test('leaves the benchmark out', () => {
    const returns = many(60).map((row, i) => ({ ...row, isStock: i !== 0 }));
    expect([...label(returns).keys()]).not.toContain('0');
  });
});

describe('scoreOutcomes', () => {
  const db = useTestDatabase();
  let pipeline: Sql;
  let models: MemoryObjects;
  let members: Member[];

  beforeAll(async () => {
    pipeline = db.client('pipeline');
    members = await seedMarket(db.sql, AS_OF, 12);
    await db.sql`SELECT ensure_partitions('daily', ${AS_OF}, '2026-03-01')`;
    const columns = db.sql(['instrument_id', 'ts', ...COLUMN_FEATURE_NAMES]);
    await db.sql`INSERT INTO features (${columns}) SELECT ${columns} FROM market`;
    for (const [i, { id }] of members.entries())
      await insertBars(
        db.sql,
        id,
        Array.from({ length: 20 }, (_, day) => {
          const c = 100 + ((i * 37) % 101) * (day / 19) * 0.2;
          return [addDays(AS_OF, day + 1), c, c, c, c] as const;
        }).map((bar) => [...bar]),
      );
  });
  beforeEach(async () => {
    await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, track_record_market_returns CASCADE`;
    await seedModel(db.sql);
    await seedRun(db.sql, 'run-1');
    models = new MemoryObjects();
    models.bodies.set('v1.0.0/manifest.json', readFileSync('models/manifest.json'));
    for (const { id } of members.slice(0, 40))
      await seedCall(db.sql, { instrument: id, asOf: AS_OF, horizon: 20, close: 100 });
    vi.stubEnv('LOG_LEVEL', 'silent');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  const LAST = addDays(AS_OF, 20);
  const labels = async () =>
    Object.fromEntries(
      (
        await db.sql<{ id: string; label: string | null }[]>`
          SELECT r.instrument_id AS id, o.realised_label AS label
          FROM recommendation_outcomes o JOIN recommendations r ON r.id = o.recommendation_id`
      ).map(({ id, label }) => [id, label]),
    );

  /** The labels by the rule of the bundled release, from the view and the bars. */
  async function expected() {
    const rows = await db.sql<
      { id: string; forward: number; vol: number; vol_rank: number; illiquidity_rank: number }[]
    >`
      SELECT m.instrument_id AS id, b.c / m.close_price - 1 AS forward, m.vol_20d AS vol,
        m.vol_60d_rank AS vol_rank, m.illiquidity_20_rank AS illiquidity_rank
      FROM model_inputs m JOIN price_bars b ON b.instrument_id = m.instrument_id AND b.ts = ${LAST}::timestamptz
      WHERE m.ts = ${AS_OF}::timestamptz ORDER BY 1`;
    const of = (name: 'forward' | 'vol' | 'vol_rank' | 'illiquidity_rank') => rows.map((row) => row[name]);
    const neutral = neutralReturns(of('forward'), of('vol'), [of('vol_rank'), of('illiquidity_rank')], 20);
    const called = new Set(members.slice(0, 40).map(({ id }) => id));
    return Object.fromEntries(
      tails(neutral, 0.3)
        .map((label, i) => [rows[i]?.id ?? '', LABELS[label]] as const)
        .filter(([id]) => called.has(id)),
    );
  }

  test('labels outcomes by the rule of their model, among all stocks of the day', async () => {
    expect(await scoreUpTo(LAST, pipeline, models)).toEqual({ scored: 40 });
    const found = await labels();
    expect(found).toEqual(await expected());
    expect(new Set(Object.values(found))).toEqual(new Set(LABELS));
  });

  test.each<[string, () => unknown]>([
    ['the release is gone', () => models.bodies.clear()],
    [
      'the release has another rule',
      () => models.bodies.set('v1.0.0/manifest.json', Buffer.from('{"format": 1}')),
    ],
    [
      'the rule needs an input that is no longer computed',
      () => {
        const manifest = JSON.parse(readFileSync('models/manifest.json', 'utf8'));
        manifest.label.volatilityFeature = 'vol_of_old';
        models.bodies.set('v1.0.0/manifest.json', Buffer.from(JSON.stringify(manifest)));
      },
    ],
  ])('stores outcomes without labels if %s', async (_, change) => {
    change();
    expect(await scoreUpTo(LAST, pipeline, models)).toEqual({ scored: 40 });
    expect(new Set(Object.values(await labels()))).toEqual(new Set([null]));
  });

  test('stores nothing if the store of releases cannot be reached, so that a retry labels the outcomes', async () => {
    const broken = {
      get: async () => {
        throw new Error('no route to host');
      },
    };
    await expect(scoreUpTo(LAST, pipeline, broken)).rejects.toThrow('no route to host');
    expect(await labels()).toEqual({});
    await scoreUpTo(LAST, pipeline, models);
    expect(await labels()).toEqual(await expected());
  });
});
