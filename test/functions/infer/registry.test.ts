import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { promote, type Registration, register, rollback } from '../../../functions/infer/registry.ts';
import { list, show } from '../../../functions/infer/versions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { BadInputError, ModelError } from '../../../functions/shared/errors.ts';
import { useTestDatabase } from '../../support/database.ts';
import { evidenceOf, passingManifest, storeOf } from './registry-support.ts';

const db = useTestDatabase();
let training: Sql;
beforeAll(() => {
  training = db.client('training');
});
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
});

/** A manifest without measures, which fails the gate. */
function manifest(change: Partial<Manifest> = {}): Manifest {
  return { ...passingManifest('v1.0.0'), metrics: { logLoss: 1.05 }, ...change };
}

/** Registers a release that passes the gate. */
function passing(version: string): Promise<Registration> {
  const made = passingManifest(version);
  return register(training, made, version, { evidence: evidenceOf(made) });
}

async function versions(): Promise<string[]> {
  const all = await list(training);
  return all.map(({ version, isActive }) => `${version} ${isActive ? 'active' : 'idle'}`);
}

/** The record in order: the version, the action, whether the gate passed, and the reason if it was forced. */
async function events() {
  const rows = await db.sql`
    SELECT v.version, p.action, p.passed, p.forced_reason AS reason
    FROM model_promotions p JOIN model_versions v ON v.id = p.model_version_id ORDER BY p.id`;
  return rows.map(({ version, action, passed, reason }) =>
    [version, action, passed ? 'passed' : 'failed', ...(reason ? [reason] : [])].join(' '),
  );
}

describe('register', () => {
  test('activates a first release that passes and stores its manifest', async () => {
    const made = passingManifest('v1.0.0');
    expect(await passing('v1.0.0')).toMatchObject({ added: true, activated: true });
    expect(
      await db.sql`SELECT version, trained_at, params_hash, metrics_json, model_path, is_active FROM model_versions`,
    ).toEqual([
      {
        version: 'v1.0.0',
        trained_at: new Date('2026-03-01T10:00:00.123Z'),
        params_hash: 'abc',
        metrics_json: made.metrics,
        model_path: 'v1.0.0',
        is_active: true,
      },
    ]);
    expect(await events()).toEqual(['v1.0.0 register passed', 'v1.0.0 promote passed']);
  });

  test('keeps a failing first release inactive, with the failed checks', async () => {
    const { activated, verdict } = await register(training, manifest(), 'v1.0.0');
    expect([activated, verdict.passed]).toEqual([false, false]);
    expect(await versions()).toEqual(['v1.0.0 idle']);
    expect(await events()).toEqual(['v1.0.0 register failed']);
    const [row] = await db.sql`SELECT verdict FROM model_promotions`;
    expect(row?.verdict).toEqual(verdict.checks);
    expect(row?.verdict).toContainEqual({
      name: 'predictions',
      passed: false,
      detail: expect.stringContaining('was not measured'),
    });
  });

  test('activates any first release with the option, new or known, and records it as forced', async () => {
    await register(training, manifest(), 'v1.0.0');
    const known = await register(training, manifest(), 'v1.0.0', { first: 'any' });
    expect(known).toMatchObject({ added: false, activated: true });
    const forced = 'v1.0.0 promote failed first release: no model was active';
    expect(await events()).toEqual(['v1.0.0 register failed', forced]);
    const other = manifest({ version: 'v1.1.0' });
    expect(await register(training, other, 'v1.1.0', { first: 'any' })).toMatchObject({ activated: false });
    expect(await versions()).toEqual(['v1.0.0 active', 'v1.1.0 idle']);
  });

  test('keeps a second release inactive even if it passes', async () => {
    await passing('v1.0.0');
    const second = await passing('v1.1.0');
    expect(second).toMatchObject({ added: true, activated: false, verdict: { passed: true } });
    expect(await versions()).toEqual(['v1.0.0 active', 'v1.1.0 idle']);
  });

  test('changes nothing for a registered release', async () => {
    await register(training, manifest(), 'v1.0.0', { first: 'any' });
    const before = await db.sql`SELECT * FROM model_versions`;
    const again = await register(training, manifest({ metrics: {} }), 'elsewhere', { first: 'any' });
    expect(again).toMatchObject({ added: false, activated: false });
    expect(await db.sql`SELECT * FROM model_versions`).toEqual(before);
    expect(await events()).toHaveLength(2);
  });

  test.each<[string, Partial<Manifest>]>([
    ['other parameters', { paramsHash: 'def' }],
    ['another training', { trainedAt: '2026-03-02T10:00:00+00:00' }],
  ])('rejects a registered version with %s before it changes a file', async (_, change) => {
    await register(training, manifest(), 'v1.0.0', { first: 'any' });
    const before = await db.sql`SELECT * FROM model_versions`;
    let placed = false;
    const place = async () => {
      placed = true;
      return manifest();
    };
    const registering = register(training, manifest(change), 'v1.0.0', { place });
    await expect(registering).rejects.toBeInstanceOf(ModelError);
    await expect(registering).rejects.toThrow(
      'model v1.0.0 is already registered from another training; give this one a new version',
    );
    expect(placed).toBe(false);
    expect(await db.sql`SELECT * FROM model_versions`).toEqual(before);
  });

  test.each(['ret_2d', 'instrument_id', 'Ret_1d'])(
    'refuses the feature %s, which is not an input',
    async (name) => {
      const registering = register(training, manifest({ features: ['ret_1d', name] }), 'v1.0.0');
      await expect(registering).rejects.toThrow(
        new ModelError(`model v1.0.0 needs inputs that the view model_inputs lacks: ${name}`),
      );
      expect(await versions()).toEqual([]);
    },
  );

  test('registers nothing if copying the files fails', async () => {
    const place = () => Promise.reject(new Error('the disk is full'));
    await expect(register(training, manifest(), 'v1.0.0', { place })).rejects.toThrow('the disk is full');
    expect(await versions()).toEqual([]);
  });

  test('activates exactly one of several concurrent releases', async () => {
    const all = ['v1.0.0', 'v1.0.1', 'v1.0.2', 'v1.0.3'];
    // Opens the connections first, because connecting would serialise the calls.
    await Promise.all(all.map(() => training`SELECT pg_sleep(0.1)`));
    for (let round = 0; round < 5; round++) {
      await db.sql`TRUNCATE model_versions CASCADE`;
      const made = await Promise.all(
        all.map((version) => register(training, manifest({ version }), version, { first: 'any' })),
      );
      expect(made.map(({ added }) => added)).toEqual([true, true, true, true]);
      expect((await versions()).filter((line) => line.endsWith(' active'))).toHaveLength(1);
      expect(await versions()).toHaveLength(4);
    }
  });

  test('adds a release once if it is registered concurrently', async () => {
    const made = await Promise.all([1, 2, 3].map(() => passing('v1.0.0')));
    expect(made.map(({ added }) => added).sort()).toEqual([false, false, true]);
    expect(await versions()).toEqual(['v1.0.0 active']);
  });
});

describe('list and show', () => {
  test('return every version in order, with its measures and record', async () => {
    for (const version of ['v1.10.0', 'v1.9.0', 'v0.99999999999.0']) await passing(version);
    expect(await versions()).toEqual(['v0.99999999999.0 idle', 'v1.9.0 idle', 'v1.10.0 active']);
    const shown = await show(training, 'v1.10.0');
    expect(shown).toMatchObject({
      isActive: true,
      metrics: { ece: { value: 0.01 } },
      verdict: { passed: true },
      history: [
        { action: 'register', activated: false, passed: true },
        { action: 'promote', activated: true, passed: true, forcedReason: null },
      ],
    });
    expect(shown.history[0]?.checks).toHaveLength(7);
  });

  test('reject an unknown version as bad input', async () => {
    const unknown = new BadInputError('model v9.9.9 is not registered');
    await expect(show(training, 'v9.9.9')).rejects.toThrow(unknown);
    await expect(promote(training, storeOf(), 'v9.9.9')).rejects.toThrow(unknown);
    await expect(rollback(training, storeOf(), 'v9.9.9')).rejects.toThrow(unknown);
  });
});
