import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';
import { database, type Sql } from '../../shared/database.ts';
import { readEnvironment } from '../../shared/environment.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { Folder } from '../../shared/folder.ts';
import type { ObjectReader, ObjectStore } from '../../shared/object-store.ts';

/** What changing the active model needs. */
export interface ModelRegistry {
  /** A client of the training role: see {@link modelRegistry}. */
  sql: Sql;
  /** The releases. */
  objects: ObjectReader;
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
  return {
    sql: await database(environment[ENV.trainingDatabaseSecret] ?? ''),
    objects: await openStore(ENV.modelObjectsUrl, environment[ENV.modelObjectsUrl] ?? ''),
  };
}

/**
 * The store that a variable names: it is needed rarely here, so what signs requests is loaded by the first need.
 *
 * @throws ConfigurationError for a URL of neither kind
 */
export async function openStore(variable: string, url: string): Promise<ObjectStore> {
  if (url.startsWith('s3://')) {
    const { SignedBucket } = await import('../../shared/signed-bucket.ts');
    return new SignedBucket(url.slice('s3://'.length));
  }
  if (url.startsWith('file:')) return new Folder(fileURLToPath(url));
  throw new ConfigurationError(`${variable}: neither an s3:// nor a file: URL: ${url}`);
}
