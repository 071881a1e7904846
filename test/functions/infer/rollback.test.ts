import { describe, expect, test } from 'vitest';
import * as registry from '../../../functions/infer/registry.ts';
import { register, rollback } from '../../../functions/infer/registry.ts';
import { list } from '../../../functions/infer/versions.ts';
import * as migrations from '../../../functions/migration/migrate.ts';
import { BadInputError, ModelError } from '../../../functions/shared/errors.ts';
import { DENIED, outcomeOf, testDatabase } from '../../support/database.ts';
import { evidenceOf } from './registry-support.ts';
import { active, BETTER, db, FIRST, lastEvent, objects, promote, training } from './releases-support.ts';

describe('rollback', () => {
  const force = 'a test';
  const back = async (version?: string) => (await rollback(training, objects, version)).version;

  test('goes back one version per call until the first', async () => {
    await promote('v1.1.0');
    await promote('v1.2.0', { force });
    expect(await rollback(training, objects)).toMatchObject({ version: 'v1.1.0', previous: 'v1.2.0' });
    expect(await active()).toEqual(['v1.1.0']);
    expect(await lastEvent('v1.1.0')).toMatchObject({ action: 'rollback', activated: true });
    expect(await back()).toBe('v1.0.0');
    await expect(back()).rejects.toThrow(
      new ModelError('no model was active before v1.0.0, so there is nothing to roll back to'),
    );
    expect(await active()).toEqual(['v1.0.0']);
  });

  test('activates any version that was active, also a later one', async () => {
    await promote('v1.1.0');
    await promote('v1.3.0', { force });
    expect(await back('v1.0.0')).toBe('v1.0.0');
    expect(await back('v1.3.0')).toBe('v1.3.0');
    expect(await back()).toBe('v1.0.0');
  });

  test('rejects a version that was never active', async () => {
    await expect(promote('v1.3.0')).rejects.toThrow(ModelError);
    await expect(back('v1.3.0')).rejects.toThrow(
      new BadInputError('model v1.3.0 was never active; promote it instead'),
    );
    expect(await active()).toEqual(['v1.0.0']);
  });

  test('changes nothing for the active version', async () => {
    expect(await rollback(training, objects, 'v1.0.0')).toMatchObject({ changed: false });
  });

  test('rejects a damaged release', async () => {
    await promote('v1.1.0');
    objects.bodies.delete('v1.0.0/trees.json');
    await expect(back()).rejects.toThrow('model v1.0.0/trees.json: is missing');
    expect(await active()).toEqual(['v1.1.0']);
  });
});

test('rolls back to a model that was active before promotions were recorded', async () => {
  const old = await testDatabase();
  const recorded = await migrations.migrationStatus(old.sql);
  const steps = recorded.length - recorded.findIndex(({ name }) => name === 'create-model-promotions');
  await migrations.rollback(old.sql, steps);
  await old.sql`
    INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
    VALUES ('v1.0.0', ${FIRST.trainedAt}, ${FIRST.paramsHash}, ${old.sql.json(FIRST.metrics as never)}, 'v1.0.0', true)`;
  await migrations.migrate(old.sql);
  const client = old.client('training');
  await register(client, BETTER, 'v1.1.0');
  await registry.promote(client, objects, 'v1.1.0', { evidence: evidenceOf(BETTER) });
  expect((await list(client)).map(({ verdict }) => verdict?.passed)).toEqual([undefined, true]);
  expect(await rollback(client, objects)).toMatchObject({ version: 'v1.0.0', previous: 'v1.1.0' });
  await old.close();
});

describe('the table model_promotions', () => {
  const code = (role: 'training' | 'pipeline' | 'api', statement: string) =>
    outcomeOf(db.client(role), statement);

  test('lets only training insert, everybody read, and nobody change rows', async () => {
    for (const role of ['training', 'pipeline', 'api'] as const) {
      expect(await code(role, 'SELECT * FROM model_promotions')).toBe('done');
      expect(await code(role, 'UPDATE model_promotions SET passed = true')).toBe(DENIED);
      expect(await code(role, 'DELETE FROM model_promotions')).toBe(DENIED);
      if (role !== 'training')
        expect(await code(role, 'INSERT INTO model_promotions DEFAULT VALUES')).toBe(DENIED);
    }
  });

  test.each([
    ['an unknown action', "'delete', true, '[]', NULL"],
    ['a verdict that is not a list', "'promote', true, '{}', NULL"],
    ['a reason of spaces', "'promote', true, '[]', '  '"],
    ['a registration that was forced', "'register', true, '[]', 'why'"],
    ['a rollback that failed', "'rollback', false, '[]', NULL"],
  ])('rejects %s', async (_, values) => {
    const inserting = db.sql.unsafe(
      `INSERT INTO model_promotions (model_version_id, action, passed, verdict, forced_reason)
       SELECT id, ${values} FROM model_versions WHERE version = 'v1.0.0'`,
    );
    await expect(inserting).rejects.toMatchObject({ code: '23514' });
  });
});
