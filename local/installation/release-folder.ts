import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { failures, GateRefusedError } from '../../functions/infer/gate.ts';
import { installRelease as install } from '../../functions/infer/install.ts';
import { type Release, readRelease } from '../../functions/infer/manifest.ts';
import { Model } from '../../functions/infer/model.ts';
import { promote, type RegisterOptions, type Registration } from '../../functions/infer/registry.ts';
import { list, show } from '../../functions/infer/versions.ts';
import { ModelError } from '../../functions/shared/errors.ts';
import type { ObjectStore } from '../../functions/shared/object-store.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { type Installation, withLogin } from './installation.ts';

/** Folder of the release in the repository. */
export const BUNDLED_RELEASE = new URL('../../models/', import.meta.url);

/** The folder that a --model option names; without one, the release in the repository. */
export function releaseFolder(directory?: string): URL {
  return directory === undefined ? BUNDLED_RELEASE : pathToFileURL(`${resolve(directory)}/`);
}

/**
 * Reads a release folder and verifies it against its manifest.
 *
 * @throws ModelError that names the file that is missing or differs from the manifest
 */
export function openRelease(folder: URL): Promise<Release> {
  const { store, name } = locate(folder);
  return readRelease(store, name);
}

/** Splits a folder into its parent, as an object store, and its name, so that messages show only the name. */
function locate(folder: URL): { store: ObjectStore; name: string } {
  const path = fileURLToPath(folder);
  return { store: openObjects(pathToFileURL(`${dirname(path)}/`).href), name: basename(path) };
}

/** `file:` URL of the object store with an installation's releases, from which Infer reads them. */
export function releaseStoreUrl({ objects }: Pick<Installation, 'objects'>): string {
  return pathToFileURL(`${objects}/models/`).href;
}

/** Opens that object store. */
export function releaseStore(installation: Installation): ObjectStore {
  return openObjects(releaseStoreUrl(installation));
}

/**
 * Copies a release into the object store that Infer reads, and registers it. A registered version keeps its files
 * unless they are damaged.
 *
 * @param options.first - which release becomes active if none is; by default any, so that a start has one
 * @throws ModelError if files are missing or damaged, or the version is registered with another training
 */
export function installRelease(
  installation: Installation,
  folder: URL,
  options: Pick<RegisterOptions, 'first'> = {},
): Promise<Registration> {
  const { store, name } = locate(folder);
  return withLogin(installation, 'training', (sql) =>
    install(sql, { store, path: name }, releaseStore(installation), options),
  );
}

/**
 * Installs a release. If it is newer than the active one, it goes through the gate once: a release that the gate refused,
 * or that a rollback replaced, is not promoted again.
 *
 * @returns the outcome of the gate in one line; undefined if it did not judge the release now
 */
export async function adoptRelease(installation: Installation, folder: URL): Promise<string | undefined> {
  const { version } = await installRelease(installation, folder);
  return withLogin(installation, 'training', async (sql) => {
    const active = (await list(sql)).find(({ isActive }) => isActive)?.version;
    if (active === undefined || version.localeCompare(active, 'en', { numeric: true }) <= 0) return undefined;
    const { history } = await show(sql, version);
    if (history.some(({ action }) => action === 'promote')) return undefined;
    try {
      await promote(sql, releaseStore(installation), version);
      return `Model ${version} passed the gate and is active, in place of ${active}.`;
    } catch (error) {
      if (!(error instanceof GateRefusedError)) throw error;
      return `Model ${version} is newer, but fails the gate, so ${active} stays active (npm run model -- promote ${version} --force REASON overrules it): ${failures(error.verdict)}`;
    }
  });
}

/**
 * Loads a release and scores one row with it: files that match their manifest may still not match each other.
 *
 * @throws ModelError if the model cannot be loaded, or its output for a row of its own features is not finite
 */
export async function assertScores(release: Release): Promise<void> {
  const { version, features } = release.manifest;
  const model = await Model.load(release);
  const [answer] = await model.score([features.map(() => 0)]).catch((cause) => {
    throw new ModelError(`model ${version}: cannot score a row of its ${features.length} features`, {
      cause,
    });
  });
  if (!Number.isFinite(answer?.score) || !Number.isFinite(answer?.move))
    throw new ModelError(`model ${version}: its output for a row is not two finite numbers`);
}
