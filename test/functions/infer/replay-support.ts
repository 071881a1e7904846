import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, vi } from 'vitest';
import { SIMULATED, simulatedListings } from '../../../bench/simulated-market.ts';
import { DayScores } from '../../../functions/infer/day-scores.ts';
import { installRelease } from '../../../functions/infer/install.ts';
import type { LoadModel } from '../../../functions/infer/load-model.ts';
import { baseRatesOf, readFiles, readRelease, SERVING_FILES } from '../../../functions/infer/manifest.ts';
import { Model } from '../../../functions/infer/model.ts';
import { contributionsByName } from '../../../functions/infer/predictions.ts';
import { publishRun } from '../../../functions/infer/publish.ts';
import { publishedUniverse } from '../../../functions/infer/published-universe.ts';
import { type Replay, readCall, replay } from '../../../functions/infer/replay.ts';
import { fetchBatch } from '../../../functions/ingest/fetch.ts';
import type { Provider } from '../../../functions/ingest/providers/provider.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { Batch, parse } from '../../../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import type { ObjectReader } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { runPipeline } from '../../../local/pipeline/run-pipeline.ts';
import { Progress } from '../../../local/terminal/progress.ts';
import { type TestDatabase, useTestDatabase } from '../../support/database.ts';
import { seededRandom } from '../features/series.ts';
import { inferResult } from './publish-support.ts';

/** A Tuesday, and the first day of the bars: a year is the least history of a call. */
export const DAY = '2026-03-03';
const FIRST_DAY = '2025-03-03';

/** The `file:` URL of the database's store of releases. */
export const releasesOf = (db: TestDatabase) => pathToFileURL(`${db.objects}/models/`).href;

/**
 * Provides a database with simulated stocks and the bundled release, and runs the whole pipeline there.
 *
 * @param stocks - at least 50, so that the day has a universe
 */
export function useSimulatedRun(stocks: number) {
  const db = useTestDatabase();
  let api: Sql;
  beforeAll(async () => {
    vi.stubEnv(ENV.pipelineDatabaseSecret, db.url('pipeline'));
    vi.stubEnv(ENV.modelObjectsUrl, releasesOf(db));
    vi.stubEnv(ENV.rawObjectsUrl, pathToFileURL(`${db.objects}/raw/`).href);
    vi.stubEnv(ENV.publicationObjectsUrl, pathToFileURL(`${db.objects}/publications/`).href);
    vi.stubEnv(ENV.provider, 'sample');
    await db.sql`
      INSERT INTO instruments ${db.sql(simulatedListings(stocks).map((listing) => ({ ...listing, currency: 'USD' })))}`;
    const source = { store: openObjects(new URL('..', BUNDLED_RELEASE).href), path: 'models' };
    await installRelease(db.client('training'), source, openObjects(releasesOf(db)));
    await runDay(DAY);
    api = db.client('api');
  }, 180_000);
  afterAll(async () => {
    await closeDatabases();
    vi.unstubAllEnvs();
  });
  return {
    db,
    /** A client of the API's role. */
    get api() {
      return api;
    },
    /** Replays a call as the API's role. */
    replayed: async (id: string, releases: ObjectReader = openObjects(releasesOf(db))): Promise<Replay> =>
      replay(api, defined(await readCall(api, id), `call ${id}`), freshly(releases)),
  };
}

/** Runs the pipeline as of a day. */
export async function runDay(day: string, provider: Provider = SIMULATED): Promise<void> {
  vi.stubEnv(ENV.clock, `${day}T23:59:59.000Z`);
  await runPipeline({ from: FIRST_DAY }, new Progress(new PassThrough() as never), undefined, {
    Fetch: (event) =>
      fetchBatch(
        parse('batch', Batch, event),
        provider,
        openObjects(defined(process.env[ENV.rawObjectsUrl], ENV.rawObjectsUrl)),
      ),
  });
}

/** Loads releases without keeping them. */
export const freshly =
  (releases: ObjectReader): LoadModel =>
  async ({ model_path }) =>
    Model.load(await readFiles(releases, model_path, SERVING_FILES));

/**
 * Publishes the calls of one stock among made-up ones with the bundled release, as Infer and Publish do, without bars.
 *
 * @returns the id of the moderate call
 */
export async function seedReplayableCall(db: TestDatabase): Promise<string> {
  const release = await readRelease(openObjects(BUNDLED_RELEASE.href), '.');
  const { manifest } = release;
  const store = openObjects(releasesOf(db));
  for (const name of ['manifest.json', ...SERVING_FILES]) {
    const body = await openObjects(BUNDLED_RELEASE.href).get(name);
    await store.put(`replayed/${name}`, defined(body, name));
  }
  const [version] = await db.sql<[{ id: string }]>`
    INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path)
    VALUES (${manifest.version}, '2026-01-01', '2015-12-31', 'replayed', '{}', 'replayed') RETURNING id`;
  const [instrument] = await db.sql<[{ id: string }]>`
    INSERT INTO instruments (symbol, exchange) VALUES ('REPLAY', 'NASDAQ') RETURNING id`;
  await db.sql`INSERT INTO pipeline_runs (id, input) VALUES ('replayed', '{}')`;
  const random = seededRandom(5);
  const rows = Array.from({ length: 60 }, () => manifest.features.map(() => Math.fround(random())));
  const { day, predictions } = await DayScores.of(await Model.load(release), rows);
  const universe = publishedUniverse({ day: '2026-02-27', stocks: rows.length }, day);
  const { sha256, stocks } = universe;
  const row = defined(rows[0], 'row');
  const asOf = '2026-02-27T00:00:00.000Z';
  await publishRun(
    { ...inferResult('replayed'), asOf: '2026-02-27' },
    {
      modelVersionId: version.id,
      modelVersion: manifest.version,
      releaseSha256: release.sha256,
      horizonDays: manifest.horizonDays,
      baseRates: baseRatesOf(manifest),
      universes: [universe],
      instruments: [
        {
          instrumentId: instrument.id,
          symbol: 'REPLAY',
          asOf,
          universe: { day: universe.day, stocks, sha256 },
          ...defined(predictions[0], 'prediction'),
          contributions: contributionsByName(manifest.features, day.explain(row)),
          inputs: {
            vol_20d: 0.2,
            atr_14: 4,
            close_price: 100,
            ...Object.fromEntries(manifest.features.map((name, f) => [name, defined(row[f], name)])),
          },
        },
      ],
    },
    db.client('pipeline'),
  );
  const [call] = await db.sql<[{ id: string }]>`
    SELECT id FROM recommendations WHERE instrument_id = ${instrument.id} AND profile = 'moderate'`;
  return call.id;
}
