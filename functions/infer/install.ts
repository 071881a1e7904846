import type { Sql } from '../shared/database.ts';
import { defined } from '../shared/invariant.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { filesOf, type Manifest, ReleaseFormatError, readManifest, readRelease } from './manifest.ts';
import { type RegisterOptions, type Registration, register } from './registry.ts';
import { evidenceFrom } from './release-evidence.ts';
import type { VersionRow } from './versions.ts';

/** The folder of a release within a store. */
export interface ReleaseSource {
  store: ObjectStore;
  path: string;
}

/**
 * Copies a release into the object store that Infer reads, and registers it. A registered version keeps its files
 * unless they are damaged. With `first` any, the release also replaces an active one whose format this version of the
 * program cannot load, because otherwise there would be nothing to serve.
 *
 * @param sql - a client of the training role
 * @param objects - the store that Infer reads
 * @param options.first - which release becomes active if none is; by default any, so that the first run has a model
 * @throws ModelError if the release is incomplete, or its version is registered from another training
 */
export async function installRelease(
  sql: Sql,
  source: ReleaseSource,
  objects: ObjectStore,
  { first = 'any' }: Pick<RegisterOptions, 'first'> = {},
): Promise<Registration> {
  const { manifest, files } = await readRelease(source.store, source.path);
  const path = manifest.version;
  const place = async (known: boolean) => {
    const whole = known ? await wholeRelease(objects, path) : undefined;
    if (whole) return whole;
    for (const name of filesOf(manifest)) await objects.put(`${path}/${name}`, defined(files[name], name));
    // Written last, because a folder without a manifest is not a release.
    const body = await source.store.get(`${source.path}/manifest.json`);
    await objects.put(`${path}/manifest.json`, defined(body, 'manifest of the release that was just read'));
    return manifest;
  };
  const evidence = evidenceFrom(objects);
  const faultOf = (active: VersionRow) => formatFault(objects, active);
  return register(sql, manifest, path, { first, place, evidence, ...(first === 'any' && { faultOf }) });
}

/** The manifest of a release if all of its files match. */
async function wholeRelease(objects: ObjectStore, path: string): Promise<Manifest | undefined> {
  return readRelease(objects, path).then(
    ({ manifest }) => manifest,
    () => undefined,
  );
}

/** Why an active release cannot be loaded, if its format is the reason. Damaged files may be restored. */
async function formatFault(
  objects: ObjectStore,
  { version, model_path }: VersionRow,
): Promise<string | undefined> {
  try {
    await readManifest(objects, model_path);
  } catch (error) {
    if (error instanceof ReleaseFormatError) return `replaces ${version}: ${error.message}`;
  }
  return undefined;
}
