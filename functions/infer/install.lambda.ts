import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ENV } from '../shared/constants.ts';
import { database, reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { openObjects } from '../shared/objects.ts';
import { log } from '../shared/telemetry.ts';
import { installRelease } from './install.ts';

const Environment = z.object({
  [ENV.trainingDatabaseSecret]: z.string(),
  [ENV.modelObjectsUrl]: z.string(),
  [ENV.releaseFolder]: z.string(),
});

/** What a deployment's release came to. */
export interface InstallAnswer {
  version: string;
  /** The version was new. */
  added: boolean;
  /** It became the active one, because there was none. */
  activated: boolean;
}

/**
 * Uploads and registers the release that comes with the project. Where a model is active already, it stays: promoting
 * is an operator's or retraining's to do.
 */
export async function handler(): Promise<InstallAnswer> {
  const environment = readEnvironment(Environment);
  const folder = resolve(environment.RELEASE_FOLDER);
  const source = {
    store: openObjects(pathToFileURL(`${dirname(folder)}/`).href),
    path: basename(folder),
  };
  const objects = openObjects(environment.MODEL_OBJECTS_URL);
  return reachingDatabase(async () => {
    const sql = await database(environment.TRAINING_DATABASE_SECRET);
    const { version, added, activated } = await installRelease(sql, source, objects);
    log('info', 'release', { version, added, activated });
    return { version, added, activated };
  });
}
