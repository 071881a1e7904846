import { describe, expect, test } from 'vitest';
import { GateRefusedError } from '../../../functions/infer/gate.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { show } from '../../../functions/infer/versions.ts';
import { BadInputError, ModelError } from '../../../functions/shared/errors.ts';
import {
  ALL,
  active,
  BETTER,
  db,
  lastEvent,
  objects,
  promote,
  registerAll,
  training,
} from './releases-support.ts';

const WHY = 'calibration: the expected calibration error of 0.5 is not within the limit of 0.02';

function replaceManifest(version: string, change: Partial<Manifest>): void {
  const made = ALL.find((manifest) => manifest.version === version);
  objects.bodies.set(`${version}/manifest.json`, Buffer.from(JSON.stringify({ ...made, ...change })));
}

describe('promote', () => {
  test('activates a version that passes the gate, and records the verdict', async () => {
    const promoted = await promote('v1.1.0');
    expect(promoted).toMatchObject({ previous: 'v1.0.0', changed: true, verdict: { passed: true } });
    expect(await active()).toEqual(['v1.1.0']);
    expect(await lastEvent('v1.1.0')).toMatchObject({ action: 'promote', passed: true, activated: true });
  });

  test('changes nothing for the active version', async () => {
    expect(await promote('v1.0.0')).toMatchObject({ changed: false });
    expect((await show(training, 'v1.0.0')).history).toHaveLength(2);
  });

  test('throws the verdict of a version that fails the gate, and records it', async () => {
    const refusal = await promote('v1.3.0').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(GateRefusedError);
    expect(refusal).toMatchObject({
      code: 'model',
      name: 'GateRefusedError',
      message: `model v1.3.0 fails the gate: ${WHY}`,
      verdict: {
        passed: false,
        checks: expect.arrayContaining([expect.objectContaining({ passed: false })]),
      },
    });
    expect(await active()).toEqual(['v1.0.0']);
    expect(await lastEvent('v1.3.0')).toMatchObject({ action: 'promote', passed: false, activated: false });
  });

  test('refuses a version that is worse than the active one', async () => {
    await promote('v1.1.0');
    await expect(promote('v1.2.0', { difference: [-0.02, -0.01] })).rejects.toThrow(
      'model v1.2.0 fails the gate: incumbent: on 1000 rows that v1.1.0 predicted too',
    );
    expect(await active()).toEqual(['v1.1.0']);
  });

  test('promotes a failing version by force, and records the reason', async () => {
    await promote('v1.3.0', { force: 'the data changed' });
    expect(await active()).toEqual(['v1.3.0']);
    expect(await lastEvent('v1.3.0')).toMatchObject({
      passed: false,
      activated: true,
      forcedReason: 'the data changed',
    });
  });

  test.each(['', ' \n'])('rejects force for the reason %j', async (force) => {
    const promoting = promote('v1.3.0', { force });
    await expect(promoting).rejects.toThrow(new BadInputError('force needs a reason'));
    expect(await active()).toEqual(['v1.0.0']);
  });

  test.each<[string, () => void, string]>([
    ['a damaged file', () => objects.bodies.set('v1.1.0/trees.json', Buffer.from('{}')), 'is not the file'],
    ['a missing file', () => objects.bodies.delete('v1.1.0/score.onnx'), 'v1.1.0/score.onnx: is missing'],
    [
      'better measures',
      () => replaceManifest('v1.1.0', { metrics: { ece: { value: 0 } } }),
      'is not the registered one',
    ],
    ['another training', () => replaceManifest('v1.1.0', { paramsHash: 'x' }), 'is not the registered one'],
    ['another version', () => replaceManifest('v1.1.0', { version: 'v1.1.1' }), 'is not the registered one'],
    [
      'another calibration',
      () => replaceManifest('v1.1.0', { calibration: { ...BETTER.calibration, direction: { slope: 5 } } }),
      'is not the registered one',
    ],
  ])('rejects %s even by force', async (_, damage, message) => {
    damage();
    const promoting = promote('v1.1.0', { force: 'I must' });
    await expect(promoting).rejects.toBeInstanceOf(ModelError);
    await expect(promoting).rejects.toThrow(message);
    expect(await active()).toEqual(['v1.0.0']);
  });
});

test('rejects a version even by force if the view lacks one of its inputs', async () => {
  const made = { ...BETTER, features: ['ret_1d', 'vol_20d', 'x'] };
  objects.bodies.set('v1.1.0/manifest.json', Buffer.from(JSON.stringify(made)));
  // As if it had been registered when the view had the input.
  await db.sql`DELETE FROM model_evidence`;
  await expect(promote('v1.1.0', { force: 'I must' })).rejects.toThrow(
    'needs inputs that the view model_inputs lacks: x',
  );
});

describe('concurrent promotions', () => {
  test('leave one version active, and judge the second against the first', async () => {
    for (let round = 0; round < 5; round++) {
      await db.sql`TRUNCATE model_versions CASCADE`;
      await registerAll();
      const judged: (string | undefined)[] = [];
      const ends = await Promise.all(
        ['v1.1.0', 'v1.2.0'].map((version) => promote(version).then(({ previous }) => judged.push(previous))),
      );
      expect(ends.sort()).toEqual([1, 2]);
      expect(judged[0]).toBe('v1.0.0');
      expect(await active()).toEqual([judged[1] === 'v1.1.0' ? 'v1.2.0' : 'v1.1.0']);
    }
  });

  test('never show a reader more or less than one active version', async () => {
    const reader = db.client('api');
    let done = false;
    const seen = new Set<number>();
    const versions = new Set<string>();
    const reading = (async () => {
      while (!done) {
        const rows = await reader<{ version: string }[]>`SELECT version FROM model_versions WHERE is_active`;
        seen.add(rows.length);
        for (const { version } of rows) versions.add(version);
      }
    })();
    for (let round = 0; round < 20; round++) {
      await Promise.all(['v1.1.0', 'v1.2.0'].map((v) => promote(v, { force: 'a test' })));
    }
    done = true;
    await reading;
    expect([...seen]).toEqual([1]);
    expect(versions.size).toBeGreaterThan(1);
  });
});
