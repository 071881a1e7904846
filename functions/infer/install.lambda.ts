import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
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

/** The result of a deployment's release. */
export interface InstallAnswer {
  version: string;
  /** Whether the version was new. */
  added: boolean;
  /** Whether it became active, because no version was. */
  activated: boolean;
}

/**
 * Uploads and registers the release that comes with the project. An active model stays active; only an operator or
 * retraining promotes another.
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
