import { database } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { apiHandler } from './api-handler.ts';
import { ApiEnvironment } from './environment.ts';
import { readHealth } from './health.ts';
import { json } from './http.ts';

/** GET /v1/health: whether the service works, and how fresh what it serves is. */
export const handler = apiHandler(async () => {
  const environment = readEnvironment(ApiEnvironment);
  const open = () => database(environment.API_DATABASE_SECRET);
  return json(200, await readHealth(open, { notice: environment.DATA_NOTICE }));
});
