import * as z from 'zod';
import { ENV } from './constants.ts';
import { database, type Sql } from './database.ts';
import { readEnvironment } from './environment.ts';

const Environment = z.object({
  [ENV.pipelineDatabaseSecret]: z.string(),
  // In one process several batches are under way at once; a Lambda, which has one, is told to hold one connection.
  [ENV.databaseConnections]: z.coerce.number().int().min(1).default(4),
});

/** The pipeline role's client, from the environment. */
export function pipelineDatabase(): Promise<Sql> {
  const environment = readEnvironment(Environment);
  return database(environment.PIPELINE_DATABASE_SECRET, { max: environment.DATABASE_CONNECTIONS });
}
