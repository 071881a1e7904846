import { readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listModels, ModelList } from '../../../../functions/api/market/list-models.ts';
import { ModelDetail, readModel } from '../../../../functions/api/market/read-model.ts';
import { edgesOf } from '../../../../functions/infer/edge.ts';
import { Manifest } from '../../../../functions/infer/manifest.ts';
import { register } from '../../../../functions/infer/registry.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { MODEL_NOTICE, seedModelAndRun, seedRecommendation } from '../recommendations/support.ts';
import { clientView } from './support.ts';

const NOW = new Date('2026-12-01T08:00:00Z');

const db = useTestDatabase();
let api: Sql;
let manifest: Manifest;
let metrics: KnownMetrics;
beforeAll(async () => {
  api = db.client('api');
  const text = await readFile(new URL('../../../../models/manifest.json', import.meta.url), 'utf8');
  const value: { metrics: KnownMetrics } = JSON.parse(text);
  manifest = Manifest.parse(value);
  metrics = value.metrics;
});

beforeEach(() => db.sql`TRUNCATE model_versions, pipeline_runs, instruments CASCADE`);

interface Bin {
  confidence: number;
}

interface Known {
  value: number;
  interval: [number, number];
}

/** The parts of the released manifest that these tests need. */
interface KnownMetrics {
  e5_rank_ic: Known;
  precision: number;
  f1_score: number;
  folds: { measured: boolean }[];
  reliability: { BUY: [Bin, ...Bin[], Bin] };
  baselines: { momentum_12_1: { e5_rank_ic: Known & { difference: Known } } };
}

const ends = ([low, high]: [number, number]) => ({ low, high });

const list = async () => clientView(ModelList, await listModels(api, { notice: 'Sample data.' }));
const read = async (version?: string) =>
  clientView(ModelDetail, await readModel(api, version, { now: NOW, notice: 'Sample data.' }));

describe('before any model is registered', () => {
  test('lists no models', async () => {
    expect(await list()).toEqual({ items: [], notice: 'Sample data.' });
  });

  test('answers 404 to a request for the active model', async () => {
    await expect(read()).rejects.toMatchObject({
      code: 'unknown-model',
      status: 404,
      message: 'No model is active. An administrator must promote one.',
    });
  });
});

describe('with registered models', () => {
  beforeEach(async () => {
    await seedModelAndRun(db.sql);
    await seedRecommendation(db.sql, { symbol: 'AAPL' });
    await seedRecommendation(db.sql, { symbol: 'MSFT', isActive: false });
    await db.sql`UPDATE model_versions SET is_active = false`;
    await register(db.client('training'), manifest, 'models/release', { first: 'any' });
  });

  test("lists the rows of the founding document's fourth query", async () => {
    const text = await readFile(
      new URL('../../../../sql/queries/4-model-performance.sql', import.meta.url),
      'utf8',
    );
    const rows = await db.sql.unsafe(text);
    const { items } = await list();
    expect(
      items.map(({ version, trainedAt, precision, f1, recommendationsCount }) => ({
        version,
        trained_at: new Date(trainedAt),
        precision: precision === null ? null : String(precision),
        f1: f1 === null ? null : String(f1),
        recommendations_count: String(recommendationsCount),
      })),
    ).toEqual([...rows]);
    expect(
      items.map((item) => [item.version, item.isActive, item.modelDataTo, item.recommendationsCount]),
    ).toEqual([
      [manifest.version, true, '2015-12-31', 0],
      ['v1.2.3', false, '2015-12-31', 2],
      ['v1.1.0', false, null, 0],
    ]);
  });

  test('returns the active version with its card', async () => {
    const model = await read();
    expect(model).toEqual(await read(manifest.version));
    expect(model).toMatchObject({
      version: manifest.version,
      isActive: true,
      ageDays: 3988,
      modelDataTo: '2015-12-31',
      modelNotice: MODEL_NOTICE,
      precision: metrics.precision,
      f1: metrics.f1_score,
      recommendationsCount: 0,
      paramsHash: manifest.paramsHash,
      notice: 'Sample data.',
    });
    expect(model.gate?.checks.map(({ name }) => name)).toContain('parity');
  });

  test('shows every measure with baselines and intervals on the card', async () => {
    const { card } = await read();
    const rankIc = card.measures[0];
    expect(rankIc).toMatchObject({
      name: 'e5_rank_ic',
      value: metrics.e5_rank_ic.value,
      interval: ends(metrics.e5_rank_ic.interval),
    });
    expect(rankIc?.baselines.map(({ name }) => name)).toEqual([
      'momentum_12_1',
      'short_term_reversal',
      'weekly_reversal',
    ]);
    const momentum = metrics.baselines.momentum_12_1.e5_rank_ic;
    expect(rankIc?.baselines[0]).toMatchObject({
      value: momentum.value,
      interval: ends(momentum.interval),
      difference: ends(momentum.difference.interval),
    });
    expect(card.measures.map(({ name }) => name)).toHaveLength(20);
    expect(card.measures.find(({ name }) => name === 'ece')?.interval?.low).toBeGreaterThan(0);
    expect(card.costBpsOneWay).toBe(10);
    const measured = metrics.folds.filter((fold) => fold.measured);
    expect(card.folds).toHaveLength(measured.length);
    expect(measured.length).toBeLessThan(metrics.folds.length);
    for (const fold of card.folds) {
      expect(fold.rankIc).toBeGreaterThan(0);
      expect(fold.rows).toBeGreaterThan(100_000);
    }
    for (const bins of Object.values(card.reliability)) expect(bins).toHaveLength(10);
    expect(card.hitRates.BUY.hitRate).toBeGreaterThan(card.hitRates.BUY.baseRate ?? 1);
  });

  test("states the model's limits with its own figures on the card", async () => {
    const { card } = await read();
    const [low, high] = metrics.e5_rank_ic.interval.map((value: number) => value.toFixed(2));
    const share = (bin: Bin) => `${(bin.confidence * 100).toFixed(0)}%`;
    const bins = metrics.reliability.BUY;
    expect(card.limits[0]).toContain(`: ${low} to ${high},`);
    expect(card.limits).toContain(
      'Over the month of its calls, its ranking is not proven to do better than simply buying last year’s winners.',
    );
    expect(card.limits.join()).not.toContain('losers');
    expect(card.limits).toContain(
      `It is never certain: its average chance for a BUY is ${share(bins[0])} in its weakest cases and ${share(bins.at(-1) as Bin)} in its strongest.`,
    );
  });

  test('says for each profile whether an edge after costs is shown, with the figures', async () => {
    const { edges } = await read();
    expect(edges.map(({ profile, status }) => [profile, status])).toEqual([
      ['conservative', 'shown'],
      ['moderate', 'not_shown_yet'],
      ['aggressive', 'not_shown_yet'],
    ]);
    expect(edges).toEqual(edgesOf(metrics));
    const statuses = (await read('v1.1.0')).edges.map(({ status }) => status);
    expect(statuses).toEqual(['not_measured', 'not_measured', 'not_measured']);
  });

  test('states what is not proven, until its figures prove it', async () => {
    const metricsOf = (low: number) => ({
      log_loss_gain_direction: { value: 0.001, interval: [low, 0.002] },
      baselines: {
        weekly_reversal: {
          e5_rank_ic: { value: 0.01, difference: { interval: [low, 0.01] } },
          e5_rank_icir: { value: 0.1, difference: { interval: [low, 0.1] } },
        },
      },
    });
    const limits = async (low: number) => {
      await db.sql`
        UPDATE model_versions SET metrics_json = ${db.sql.json(metricsOf(low))} WHERE version = 'v1.1.0'`;
      return (await read('v1.1.0')).card.limits.join(' ');
    };
    const none = await limits(-0.0003);
    expect(none).toContain('chances of up rather than down are not proven');
    expect(none).toContain('not proven to do better than simply buying last week’s losers');
    const some = await limits(0.0003);
    expect(some).not.toContain('chances of up');
    expect(some).not.toContain('last week’s losers');
  });

  test('leaves metrics of another shape out of the card', async () => {
    expect(await read('v1.1.0')).toMatchObject({
      precision: null,
      gate: null,
      card: {
        rows: null,
        measures: [],
        folds: [],
        reliability: { BUY: [] },
        hitRates: { BUY: { hitRate: null } },
      },
    });
    const odd = {
      rank_ic: 'high',
      precision: [1],
      folds: { a: 1 },
      reliability: { BUY: [{ confidence: 'x' }] },
      ece: 0.1,
    };
    await db.sql`UPDATE model_versions SET metrics_json = ${db.sql.json(odd)} WHERE version = 'v1.1.0'`;
    const { card, precision } = await read('v1.1.0');
    expect(precision).toBeNull();
    expect(card.measures).toMatchObject([{ name: 'ece', value: 0.1, interval: null, baselines: [] }]);
    expect(card.limits[0]).toBe(
      'Its ranking of stocks was measured without a margin of error, so it may be no better than chance.',
    );
    expect((await list()).items.at(-1)).toMatchObject({ version: 'v1.1.0', precision: null, f1: null });
  });

  test('answers 404 for an unknown version', async () => {
    await expect(read('v9.9.9')).rejects.toMatchObject({
      code: 'unknown-model',
      status: 404,
      message: 'There is no model v9.9.9. See /v1/models.',
    });
  });
});
