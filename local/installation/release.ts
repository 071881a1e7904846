import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installRelease as install } from '../../functions/infer/install.ts';
import { type Release, readRelease } from '../../functions/infer/manifest.ts';
import { Model } from '../../functions/infer/model.ts';
import type { RegisterOptions, Registration } from '../../functions/infer/registry.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect } from '../../functions/shared/database.ts';
import { ModelError } from '../../functions/shared/errors.ts';
import { type ObjectStore, openObjects } from '../../functions/shared/objects.ts';
import type { Installation } from './installation.ts';

/** The folder of the release that comes with the project. */
export const BUNDLED_RELEASE = new URL('../../models/', import.meta.url);

/**
 * Reads a release folder and checks it against its manifest.
 *
 * @throws ModelError naming the file that is missing or not what the manifest says
 */
export function openRelease(folder: URL): Promise<Release> {
  const { store, name } = locate(folder);
  return readRelease(store, name);
}

/** A folder as messages should name it: by its own name, in the store that is its parent. */
function locate(folder: URL): { store: ObjectStore; name: string } {
  const path = fileURLToPath(folder);
  return { store: openObjects(pathToFileURL(`${dirname(path)}/`).href), name: basename(path) };
}

/**
 * Checks a release folder against its manifest.
 *
 * @throws ModelError naming the file that is missing or not what the manifest says
 */
export async function checkRelease(folder: URL): Promise<string> {
  const { manifest } = await openRelease(folder);
  return manifest.version;
}

/** The object store that holds an installation's releases, where Infer reads them. */
export function releaseStore(installation: Installation): ObjectStore {
  return openObjects(pathToFileURL(`${installation.objects}/models/`).href);
}

/**
 * Copies a release into the object store that Infer reads and registers it. A version that is registered keeps
 * the files that it has, unless they are damaged.
 *
 * @param options.first - which release becomes active where none is; by default any, so that a start has one
 * @throws ModelError if the release is not whole, or its version is registered with another training
 */
export async function installRelease(
  installation: Installation,
  folder: URL,
  options: Pick<RegisterOptions, 'first'> = {},
): Promise<Registration> {
  const { store, name } = locate(folder);
  const sql = connect(installation.login(DATABASE_ROLES.training));
  try {
    return await install(sql, { store, path: name }, releaseStore(installation), options);
  } finally {
    await sql.end();
  }
}

/**
 * Loads a release and scores one row with it: files that fit their manifest may still not fit each other.
 *
 * @throws ModelError if it cannot be loaded, or does not answer a row of its own features with numbers
 */
export async function assertScores(release: Release): Promise<void> {
  const { version, features } = release.manifest;
  const model = await Model.load(release);
  const [answer] = await model.predict([features.map(() => 0)]).catch((cause) => {
    throw new ModelError(`model ${version}: cannot score a row of its ${features.length} features`, {
      cause,
    });
  });
  const numbers = [...(answer?.probabilities ?? []), answer?.expectedReturn];
  if (numbers.length !== 4 || !numbers.every((number) => Number.isFinite(number)))
    throw new ModelError(`model ${version}: answers a row with what is not a number`);
}
