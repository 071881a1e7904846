import { pathToFileURL } from 'node:url';
import { RELEASE_FILES, readRelease } from '../functions/infer/manifest.ts';
import { registerRelease } from '../functions/infer/registry.ts';
import { DATABASE_ROLES } from '../functions/shared/constants.ts';
import { connect } from '../functions/shared/database.ts';
import { openObjects } from '../functions/shared/objects.ts';
import type { Installation } from './installation.ts';

/** The folder of the release that comes with the project. */
export const BUNDLED_RELEASE = new URL('../models/', import.meta.url);

/**
 * Checks a release folder against its manifest.
 *
 * @throws ModelError naming the file that is missing or not what the manifest says
 */
export async function checkRelease(folder: URL): Promise<string> {
  const { manifest } = await readRelease(openObjects(folder.href), '.');
  return manifest.version;
}

/**
 * Copies a release into the object store that Infer reads and registers it.
 *
 * @returns the release's version
 */
export async function installRelease(installation: Installation, folder: URL): Promise<string> {
  const source = openObjects(folder.href);
  const { manifest, files } = await readRelease(source, '.');
  const objects = openObjects(pathToFileURL(`${installation.objects}/models/`).href);
  for (const name of RELEASE_FILES) await objects.put(`${manifest.version}/${name}`, files[name]);
  // The manifest goes last: a release without it does not count as one.
  await objects.put(
    `${manifest.version}/manifest.json`,
    (await source.get('manifest.json')) ?? new Uint8Array(),
  );
  const sql = connect(installation.login(DATABASE_ROLES.training));
  try {
    await registerRelease(sql, manifest, manifest.version);
  } finally {
    await sql.end();
  }
  return manifest.version;
}
