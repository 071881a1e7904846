import type { ObjectReader } from '../shared/object-store.ts';
import { readFiles, SERVING_FILES } from './manifest.ts';
import { Model } from './model.ts';

/** A registered version and the folder of its release. */
export interface StoredVersion {
  id: string;
  model_path: string;
}

/** Loads the release of a version; see {@link Model.load}. */
export type LoadModel = (version: StoredVersion) => Promise<Model>;

const loaded = new Map<string, Promise<Model>>();

/**
 * Loads the release of a version and verifies its files. Keeps the last used model in memory for the next call of a warm
 * container.
 *
 * @throws ModelError as `readFiles` of manifest.ts, or if the runtime cannot load a file
 */
export function loadModel({ id, model_path }: StoredVersion, objects: ObjectReader): Promise<Model> {
  let model = loaded.get(id);
  if (!model) {
    model = readFiles(objects, model_path, SERVING_FILES).then((release) => Model.load(release));
    model.catch(() => loaded.delete(id));
    loaded.clear();
    loaded.set(id, model);
  }
  return model;
}
