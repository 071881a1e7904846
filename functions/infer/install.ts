import type { Sql } from '../shared/database.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { RELEASE_FILES, readRelease } from './manifest.ts';
import { type RegisterOptions, type Registration, register } from './registry.ts';

/** Where a release is: a folder of a store. */
export interface ReleaseSource {
  store: ObjectStore;
  path: string;
}

/**
 * Copies a release into the object store that Infer reads and registers it. A version that is registered keeps
 * the files that it has, unless they are damaged.
 *
 * @param sql - a client of the training role
 * @param objects - the store that Infer reads
 * @param options.first - which release becomes active where none is; by default any, so that a start has one
 * @throws ModelError if the release is not whole, or its version is registered with another training
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
    // The manifest goes last: a release without it does not count as one.
    const body = await source.store.get(`${source.path}/manifest.json`);
    await objects.put(`${path}/manifest.json`, body ?? new Uint8Array());
  };
  return register(sql, manifest, path, { first, place });
}

async function isWhole(objects: ObjectStore, path: string): Promise<boolean> {
  return readRelease(objects, path).then(
    () => true,
    () => false,
  );
}
