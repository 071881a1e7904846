import * as z from 'zod';
import { ENV } from './constants.ts';
import { database, type Sql } from './database.ts';
import { readEnvironment } from './environment.ts';

const Environment = z.object({
  [ENV.pipelineDatabaseSecret]: z.string(),
  // A local process handles several batches concurrently. A Lambda handles one, and its stack sets this to 1.
  [ENV.databaseConnections]: z.coerce.number().int().min(1).default(4),
});

/** Returns the client of the pipeline role that the environment names. */
export function pipelineDatabase(): Promise<Sql> {
  const environment = readEnvironment(Environment);
  return database(environment.PIPELINE_DATABASE_SECRET, { max: environment.DATABASE_CONNECTIONS });
}
