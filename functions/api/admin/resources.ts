import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import { database, type Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import type { ObjectStore } from '../../shared/objects.ts';

/** What changing the active model needs. */
export interface ModelRegistry {
  /** A client of the training role: see {@link modelRegistry}. */
  sql: Sql;
  /** The releases. */
  objects: ObjectStore;
}

/**
 * Opens what changing the active model needs. Its client is the training role's, which alone may write model
 * versions: the API's role is every endpoint's, and a fault in one of them must not reach the model. So only this
 * group's function has the second login, and only these operations use it.
 *
 * @throws ConfigurationError if the environment names no secret or no store
 */
export async function modelRegistry(): Promise<ModelRegistry> {
  const environment = readEnvironment(
    z.object({
      [ENV.trainingDatabaseSecret]: z.string().min(1),
      [ENV.modelObjectsUrl]: z.string().min(1),
    }),
  );
  // Models change rarely: the client of the store, the largest of all, is loaded by the first change.
  const { openObjects } = await import('../../shared/objects.ts');
  return {
    sql: await database(environment[ENV.trainingDatabaseSecret] ?? ''),
    objects: openObjects(environment[ENV.modelObjectsUrl] ?? ''),
  };
}
