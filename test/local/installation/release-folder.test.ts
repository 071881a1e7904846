import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { storeEvidence } from '../../../functions/infer/evidence-store.ts';
import { rollback } from '../../../functions/infer/registry.ts';
import { activeVersion, findVersion, list } from '../../../functions/infer/versions.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { type Installation, openInstallation, withLogin } from '../../../local/installation/installation.ts';
import {
  adoptRelease,
  installRelease,
  openRelease,
  releaseStore,
} from '../../../local/installation/release-folder.ts';
import { evidenceOf } from '../../functions/infer/registry-support.ts';
import { newDatabase } from '../commands/command-support.ts';
import { release } from '../commands/model-support.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await openInstallation({ dataDir: inject('dataDir'), database: await newDatabase() });
});
afterAll(() => installation.close());

const asUrl = (folder: string) => pathToFileURL(`${folder}/`);
const active = () =>
  withLogin(installation, 'training', async (sql) =>
    (await list(sql)).filter(({ isActive }) => isActive).map(({ version }) => version),
  );

/** Registers a release with figures that pass the gate. */
async function registerPassing(version: string): Promise<URL> {
  const folder = await release(version);
  await installRelease(installation, asUrl(folder));
  const { manifest } = await openRelease(asUrl(folder));
  await withLogin(installation, 'training', (sql) =>
    sql.begin(async (tx) => {
      const evidence = await evidenceOf(manifest, [0.001, 0.02])(tx, { manifest, path: version }, undefined);
      const { id } = defined(await findVersion(tx, version), version);
      await storeEvidence(tx, id, { manifest, active: await activeVersion(tx), evidence });
    }),
  );
  return asUrl(folder);
}

describe('the release of a new version of the program', () => {
  test('becomes active at the first start, which prints nothing about it', async () => {
    expect(await adoptRelease(installation, asUrl(await release('v1.9.0')))).toBeUndefined();
    expect(await active()).toEqual(['v1.9.0']);
  });

  test('stays inactive if the gate refuses it, which one start says', async () => {
    const newer = asUrl(await release('v1.10.0'));
    expect(await adoptRelease(installation, newer)).toMatch(
      /^Model v1\.10\.0 is newer, but fails the gate, so v1\.9\.0 stays active \(.*\): predictions: /,
    );
    expect(await adoptRelease(installation, newer)).toBeUndefined();
    expect(await active()).toEqual(['v1.9.0']);
  });

  test('becomes active if it passes the gate, and not again after a rollback', async () => {
    const newer = await registerPassing('v1.11.0');
    expect(await adoptRelease(installation, newer)).toBe(
      'Model v1.11.0 passed the gate and is active, in place of v1.9.0.',
    );
    expect(await active()).toEqual(['v1.11.0']);
    await withLogin(installation, 'training', (sql) => rollback(sql, releaseStore(installation)));
    expect(await adoptRelease(installation, newer)).toBeUndefined();
    expect(await active()).toEqual(['v1.9.0']);
  });

  test('stays inactive if it is older than the active one', async () => {
    const older = await registerPassing('v1.8.0');
    expect(await adoptRelease(installation, older)).toBeUndefined();
    expect(await active()).toEqual(['v1.9.0']);
  });
});
