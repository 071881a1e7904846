import * as z from 'zod';
import { ENV } from './constants.ts';
import { database, type Sql } from './database.ts';
import { readEnvironment } from './environment.ts';

/** The pipeline role's client, from the environment. */
export function pipelineDatabase(): Promise<Sql> {
  const environment = readEnvironment(z.object({ [ENV.pipelineDatabaseSecret]: z.string() }));
  return database(environment[ENV.pipelineDatabaseSecret] ?? '', { max: 4 });
}
