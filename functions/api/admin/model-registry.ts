import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import { database, type Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import type { ObjectReader } from '../../shared/object-store.ts';
import { openStore } from '../core/open-store.ts';

/** The parts that change the active model. */
export interface ModelRegistry {
  /** A client of the training role: see {@link modelRegistry}. */
  sql: Sql;
  /** The releases. */
  objects: ObjectReader;
}

const Environment = z.object({
  [ENV.trainingDatabaseSecret]: z.string().min(1),
  [ENV.modelObjectsUrl]: z.string().min(1),
});

/**
 * Opens the model registry as the training role, the only role that may write model versions. Every endpoint shares
 * the API's role, so a fault in one of them cannot change the model. Only the admin function has this second login.
 *
 * @throws ConfigurationError if the environment names no secret or no store
 */
export async function modelRegistry(): Promise<ModelRegistry> {
  const { TRAINING_DATABASE_SECRET, MODEL_OBJECTS_URL } = readEnvironment(Environment);
  return {
    sql: await database(TRAINING_DATABASE_SECRET),
    objects: await openStore(ENV.modelObjectsUrl, MODEL_OBJECTS_URL),
  };
}
