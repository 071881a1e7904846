import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listModels } from '../../../functions/api/market/list-models.ts';
import { handler } from '../../../functions/infer/install.lambda.ts';
import { installRelease } from '../../../functions/infer/install.ts';
import { RELEASE_FILES, ReleaseFormatError } from '../../../functions/infer/manifest.ts';
import { promote, rollback } from '../../../functions/infer/registry.ts';
import { list, show } from '../../../functions/infer/versions.ts';
import { ENV } from '../../../functions/shared/constants.ts';
import { closeDatabases, type Sql } from '../../../functions/shared/database.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { BUNDLED_RELEASE } from '../../../local/installation/release-folder.ts';
import { versionsText } from '../../../local/reports/model-report.ts';
import { useTestDatabase } from '../../support/database.ts';
import { passingManifest } from './registry-support.ts';
import { MemoryObjects } from './support.ts';

const SOURCE = { store: openObjects(BUNDLED_RELEASE.href), path: '.' };

/** What an installation of before release format 2 has: figures without intervals, and no predictions. */
const OLD_METRICS = { rank_ic: 0.0314, icir: 0.2, ece: 0.012, precision: 0.41 };
const OLD_MANIFEST = {
  version: 'v0.3.0',
  trainedAt: '2026-02-01T00:00:00Z',
  paramsHash: 'old',
  features: ['ret_1d'],
  metrics: OLD_METRICS,
  files: { 'classifier.onnx': {}, 'regressor.onnx': {}, 'trees.json': {} },
};

const WHY =
  'replaces v0.3.0: model v0.3.0/manifest.json: is of release format 1, which this version cannot load; ' +
  'train a release of format 2';

const db = useTestDatabase();
let training: Sql;
beforeAll(() => {
  training = db.client('training');
});
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
});

/** Makes v0.3.0 the active version of the database and the store, as an earlier version of the program did. */
async function useOldRelease(objects: ObjectStore): Promise<void> {
  await objects.put('v0.3.0/manifest.json', Buffer.from(JSON.stringify(OLD_MANIFEST)));
  for (const name of Object.keys(OLD_MANIFEST.files))
    await objects.put(`v0.3.0/${name}`, Buffer.from('a file'));
  await db.sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v0.3.0', ${OLD_MANIFEST.trainedAt}, 'old', ${db.sql.json(OLD_METRICS)}, 'v0.3.0', true)`;
  await db.sql`
    INSERT INTO model_promotions (model_version_id, action, passed, verdict)
    SELECT id, 'promote', true, '[]' FROM model_versions`;
}

const activeOnes = async () =>
  (await list(training)).filter(({ isActive }) => isActive).map(({ version }) => version);

describe('the upgrade of an installation whose active release has format 1', () => {
  let objects: MemoryObjects;
  beforeEach(async () => {
    objects = new MemoryObjects();
    await useOldRelease(objects);
  });

  test('activates the installed release, and records the reason', async () => {
    const { version, added, activated } = await installRelease(training, SOURCE, objects);
    expect([version, added, activated]).toEqual(['v1.0.0', true, true]);
    expect(await activeOnes()).toEqual(['v1.0.0']);
    expect((await show(training, 'v1.0.0')).history).toMatchObject([
      { action: 'register', activated: false },
      { action: 'promote', activated: true, forcedReason: WHY },
    ]);
    for (const name of [...RELEASE_FILES, 'manifest.json'])
      expect(objects.bodies.has(`v1.0.0/${name}`), name).toBe(true);
  });

  test('happens once, also if the release was registered before', async () => {
    await installRelease(training, SOURCE, objects, { first: 'passing' });
    expect(await activeOnes()).toEqual(['v0.3.0']);
    expect(await installRelease(training, SOURCE, objects)).toMatchObject({ added: false, activated: true });
    expect(await installRelease(training, SOURCE, objects)).toMatchObject({ added: false, activated: false });
    expect((await show(training, 'v1.0.0')).history).toHaveLength(2);
  });

  test('keeps the old release with its figures, and refuses to activate it', async () => {
    await installRelease(training, SOURCE, objects);
    expect((await list(training))[0]).toMatchObject({
      version: 'v0.3.0',
      isActive: false,
      metrics: OLD_METRICS,
    });
    expect(versionsText(await list(training))).toMatch(/│ v0\.3\.0 +│ +│ 2026-02-01 │ 0\.0314 +│ 0\.0120 /);
    expect((await listModels(db.client('api'), { notice: null })).items).toContainEqual(
      expect.objectContaining({ version: 'v0.3.0', isActive: false, precision: 0.41 }),
    );
    const why = new ReleaseFormatError(
      'model v0.3.0/manifest.json: is of release format 1, which this version cannot load; train a release of format 2',
    );
    await expect(promote(training, objects, 'v0.3.0')).rejects.toThrow(why);
    await expect(promote(training, objects, 'v0.3.0', { force: 'I must' })).rejects.toThrow(why);
    await expect(rollback(training, objects)).rejects.toThrow(why);
    expect(await activeOnes()).toEqual(['v1.0.0']);
  });
});

test('an active release of format 2 stays active, also if its files are damaged', async () => {
  const objects = new MemoryObjects();
  const own = passingManifest('v1.1.0');
  await objects.put('v1.1.0/manifest.json', Buffer.from(JSON.stringify(own)));
  await db.sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.1.0', ${own.trainedAt}, 'own', '{}', 'v1.1.0', true)`;
  for (const damage of [undefined, '{', '{"format":2}']) {
    if (damage) await objects.put('v1.1.0/manifest.json', Buffer.from(damage));
    expect(await installRelease(training, SOURCE, objects)).toMatchObject({ activated: false });
  }
  expect(await activeOnes()).toEqual(['v1.1.0']);
});

describe('the function of a deployment', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-install-'));
    process.env[ENV.trainingDatabaseSecret] = db.url('training');
    process.env[ENV.modelObjectsUrl] = pathToFileURL(`${folder}/`).href;
    process.env[ENV.releaseFolder] = fileURLToPath(BUNDLED_RELEASE);
  });
  afterEach(async () => {
    await closeDatabases();
    for (const name of [ENV.trainingDatabaseSecret, ENV.modelObjectsUrl, ENV.releaseFolder])
      delete process.env[name];
    await rm(folder, { recursive: true });
  });

  test('activates the release in place of one of format 1', async () => {
    await useOldRelease(openObjects(pathToFileURL(`${folder}/`).href));
    expect(await handler()).toEqual({ version: 'v1.0.0', added: true, activated: true });
    expect(await activeOnes()).toEqual(['v1.0.0']);
    expect(await handler()).toEqual({ version: 'v1.0.0', added: false, activated: false });
  });
});
