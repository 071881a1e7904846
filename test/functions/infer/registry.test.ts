import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { registerRelease } from '../../../functions/infer/registry.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { ModelError } from '../../../functions/shared/errors.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let db: TestDatabase;
let training: Sql;
beforeAll(async () => {
  db = await testDatabase();
  training = db.client('training');
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
});

function manifest(change: Partial<Manifest> = {}): Manifest {
  const file = { sha256: '0'.repeat(64), bytes: 1 };
  return {
    version: 'v1.0.0',
    trainedAt: '2026-03-01T10:00:00.123456+00:00',
    horizonDays: 20,
    features: ['ret_1d'],
    classes: ['SELL', 'HOLD', 'BUY'],
    baseRates: { SELL: 0.3, HOLD: 0.4, BUY: 0.3 },
    paramsHash: 'abc',
    calibration: { method: 'vector-scaling', scale: [1, 1, 1], bias: [0, 0, 0] },
    metrics: { logLoss: 1.05 },
    files: { 'classifier.onnx': file, 'regressor.onnx': file, 'trees.json': file },
    ...change,
  };
}

async function versions(): Promise<string[]> {
  const rows = await db.sql<{ version: string; is_active: boolean }[]>`
    SELECT version, is_active FROM model_versions ORDER BY version`;
  return rows.map(({ version, is_active }) => `${version} ${is_active ? 'active' : 'idle'}`);
}

describe('registerRelease', () => {
  test('activates the first release, and stores what its manifest says', async () => {
    expect(await registerRelease(training, manifest(), 'v1.0.0')).toBe(true);
    expect(
      await db.sql`SELECT version, trained_at, params_hash, metrics_json, model_path, is_active FROM model_versions`,
    ).toEqual([
      {
        version: 'v1.0.0',
        trained_at: new Date('2026-03-01T10:00:00.123Z'),
        params_hash: 'abc',
        metrics_json: { logLoss: 1.05 },
        model_path: 'v1.0.0',
        is_active: true,
      },
    ]);
  });

  test('leaves a second one idle', async () => {
    await registerRelease(training, manifest(), 'v1.0.0');
    expect(await registerRelease(training, manifest({ version: 'v1.1.0' }), 'v1.1.0')).toBe(true);
    expect(await versions()).toEqual(['v1.0.0 active', 'v1.1.0 idle']);
  });

  test('changes nothing for a release that it knows', async () => {
    await registerRelease(training, manifest(), 'v1.0.0');
    const before = await db.sql`SELECT * FROM model_versions`;
    expect(await registerRelease(training, manifest({ metrics: {} }), 'elsewhere')).toBe(false);
    expect(await db.sql`SELECT * FROM model_versions`).toEqual(before);
  });

  test.each<[string, Partial<Manifest>]>([
    ['other parameters', { paramsHash: 'def' }],
    ['another training', { trainedAt: '2026-03-02T10:00:00+00:00' }],
  ])('refuses a known version with %s', async (_, change) => {
    await registerRelease(training, manifest(), 'v1.0.0');
    const before = await db.sql`SELECT * FROM model_versions`;
    const registering = registerRelease(training, manifest(change), 'v1.0.0');
    await expect(registering).rejects.toBeInstanceOf(ModelError);
    await expect(registering).rejects.toThrow(
      'model v1.0.0 is registered already, and was trained otherwise: give it a new version',
    );
    expect(await db.sql`SELECT * FROM model_versions`).toEqual(before);
  });

  test('at once by several leaves exactly one active', async () => {
    const all = ['v1.0.0', 'v1.0.1', 'v1.0.2', 'v1.0.3'];
    // Each on a connection that is open already: what it takes to connect would put them in a row.
    await Promise.all(all.map(() => training`SELECT pg_sleep(0.1)`));
    for (let round = 0; round < 5; round++) {
      await db.sql`TRUNCATE model_versions CASCADE`;
      const added = await Promise.all(
        all.map((version) => registerRelease(training, manifest({ version }), version)),
      );
      expect(added).toEqual([true, true, true, true]);
      expect((await versions()).filter((line) => line.endsWith(' active'))).toHaveLength(1);
      expect(await versions()).toHaveLength(4);
    }
  });

  test('of one release at once adds it once', async () => {
    const added = await Promise.all([1, 2, 3].map(() => registerRelease(training, manifest(), 'v1.0.0')));
    expect(added.sort()).toEqual([false, false, true]);
    expect(await versions()).toEqual(['v1.0.0 active']);
  });
});
