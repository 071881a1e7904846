import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { modelRegistry } from '../../../../functions/api/admin/model-registry.ts';
import { Promotion, promoteModel, rollBackModel } from '../../../../functions/api/admin/models.ts';
import { register } from '../../../../functions/infer/registry.ts';
import { ENV } from '../../../../functions/shared/constants.ts';
import { closeDatabases, type Sql } from '../../../../functions/shared/database.ts';
import { ConfigurationError } from '../../../../functions/shared/errors.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { evidenceOf, passingManifest, storeOf } from '../../infer/registry-support.ts';
import type { MemoryObjects } from '../../infer/support.ts';

const FIRST = passingManifest('v1.0.0');
const BETTER = passingManifest('v1.1.0');
const RIVAL = passingManifest('v1.2.0');
const FAILING = passingManifest('v1.3.0');
FAILING.metrics = { ...FAILING.metrics, ece: { value: 0.5, interval: [0.4, 0.6] } };
const ALL = [FIRST, BETTER, RIVAL, FAILING];

const db = useTestDatabase();
let sql: Sql;
let objects: MemoryObjects;
beforeAll(() => {
  sql = db.client('training');
});
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
  objects = storeOf(...ALL);
  for (const manifest of ALL)
    await register(sql, manifest, manifest.version, { evidence: evidenceOf(manifest) });
});

const promote = (version: string, force?: string) => promoteModel({ sql, objects }, version, force);
const rollBack = (version?: string) => rollBackModel({ sql, objects }, version);

describe('promoteModel', () => {
  test('activates a version and returns the verdict', async () => {
    expect(await promote('v1.1.0')).toEqual({
      version: 'v1.1.0',
      previous: 'v1.0.0',
      changed: true,
      verdict: { passed: true, checks: expect.arrayContaining([expect.objectContaining({ passed: true })]) },
    });
    expect(await promote('v1.1.0')).toMatchObject({ changed: false });
  });

  test('refuses a version that was compared with another than the active one, and says what to do', async () => {
    await promote('v1.1.0');
    await expect(promote('v1.2.0')).rejects.toMatchObject({
      status: 409,
      code: 'gate-refused',
      message:
        'Model v1.2.0 fails the gate: incumbent: the release was compared with v1.0.0, and v1.1.0 is active now; ' +
        'compare it again with npm run model, or on AWS with the Operate function.',
    });
    expect(await promote('v1.2.0', 'I compared them')).toMatchObject({ changed: true });
  });

  test('refuses a version that was never measured', async () => {
    await db.sql`DELETE FROM model_evidence`;
    await expect(promote('v1.1.0')).rejects.toMatchObject({
      code: 'gate-refused',
      message: expect.stringContaining('predictions: the release was not measured'),
    });
  });

  test('refuses a version that fails the gate, every time, unless it is forced', async () => {
    for (let round = 0; round < 2; round++) {
      await expect(promote('v1.3.0')).rejects.toMatchObject({
        status: 409,
        code: 'gate-refused',
        message: expect.stringMatching(/^Model v1\.3\.0 fails the gate: calibration: .*\.$/),
      });
    }
    expect(await promote('v1.3.0', 'the data changed')).toMatchObject({ version: 'v1.3.0', changed: true });
  });

  test('distinguishes a broken release from one that the gate refuses', async () => {
    await expect(promote('v1.3.0')).rejects.toMatchObject({ code: 'gate-refused' });
    objects.bodies.delete('v1.3.0/trees.json');
    await expect(promote('v1.3.0')).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      message: expect.stringContaining('trees.json'),
    });
  });

  test('answers 404 for a version that is not registered', async () => {
    await expect(promote('v9.9.9')).rejects.toMatchObject({ status: 404, code: 'unknown-model' });
  });

  test.each([[{ force: '' }], [{ force: '  ' }], [{ force: true }], [{ reason: 'x' }]])(
    'refuses %j',
    (body) => {
      expect(Promotion.safeParse(body).success).toBe(false);
    },
  );
});

describe('rollBackModel', () => {
  test('returns to the previous or to a named earlier version', async () => {
    await promote('v1.1.0', 'a test');
    expect(await rollBack()).toMatchObject({ version: 'v1.0.0', previous: 'v1.1.0', changed: true });
    expect(await rollBack('v1.1.0')).toMatchObject({ version: 'v1.1.0', previous: 'v1.0.0' });
  });

  test('refuses without an earlier version, and a version that was never active', async () => {
    await expect(rollBack()).rejects.toMatchObject({ status: 409, code: 'conflict' });
    await expect(rollBack('v1.1.0')).rejects.toMatchObject({ status: 404, code: 'unknown-model' });
    await expect(rollBack('v9.9.9')).rejects.toMatchObject({ status: 404, code: 'unknown-model' });
  });
});

describe('modelRegistry', () => {
  test('opens the training role and the releases that the environment names', async () => {
    process.env[ENV.trainingDatabaseSecret] = db.url('training');
    process.env[ENV.modelObjectsUrl] = 'file:///nowhere/';
    const opened = await modelRegistry();
    expect(await opened.sql`SELECT current_user AS me`).toEqual([{ me: 'boursomatic_training' }]);
    await closeDatabases();
    delete process.env[ENV.trainingDatabaseSecret];
    await expect(modelRegistry()).rejects.toThrow(ConfigurationError);
    delete process.env[ENV.modelObjectsUrl];
  });

  test("has rights that the API's role lacks", async () => {
    await expect(promoteModel({ sql: db.client('api'), objects }, 'v1.1.0', undefined)).rejects.toThrow(
      'permission denied',
    );
  });
});
