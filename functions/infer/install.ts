import type { Sql } from '../shared/database.ts';
import { defined } from '../shared/invariant.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { RELEASE_FILES, readRelease } from './manifest.ts';
import { type RegisterOptions, type Registration, register } from './registry.ts';
import { evidenceFrom } from './release-evidence.ts';

/** The folder of a release within a store. */
export interface ReleaseSource {
  store: ObjectStore;
  path: string;
}

/**
 * Copies a release into the object store that Infer reads, and registers it. A registered version keeps its files
 * unless they are damaged.
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
    if (known && (await isWhole(objects, path))) return;
    for (const name of RELEASE_FILES) await objects.put(`${path}/${name}`, files[name]);
    // Written last, because a folder without a manifest is not a release.
    const body = await source.store.get(`${source.path}/manifest.json`);
    await objects.put(`${path}/manifest.json`, defined(body, 'manifest of the release that was just read'));
  };
  return register(sql, manifest, path, { first, place, evidence: evidenceFrom(objects, { manifest, path }) });
}

async function isWhole(objects: ObjectStore, path: string): Promise<boolean> {
  return readRelease(objects, path).then(
    () => true,
    () => false,
  );
}
