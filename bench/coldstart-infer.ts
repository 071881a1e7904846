import { readFiles, SERVING_FILES } from '../functions/infer/manifest.ts';
import { Model } from '../functions/infer/model.ts';
import { Folder } from '../functions/shared/folder.ts';

export { handler } from '../functions/infer/infer.lambda.ts';

/** Loads the release in a folder, as the first run of Infer does after it has read the files. */
export async function load(folder: string): Promise<Model> {
  return Model.load(await readFiles(new Folder(folder), '.', SERVING_FILES));
}
