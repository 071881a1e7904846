import { now } from '../shared/clock.ts';
import { database, reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { apiHandler } from './api-handler.ts';
import { ApiEnvironment } from './environment.ts';
import { json } from './http.ts';
import { parseQuery } from './query.ts';
import { listRecommendations, RecommendationsQuery } from './recommendations.ts';

/** GET /v1/recommendations: the active recommendations of a risk profile, the surest first. */
export const handler = apiHandler(async (request) => {
  const environment = readEnvironment(ApiEnvironment);
  const query = parseQuery(request, RecommendationsQuery);
  const list = await reachingDatabase(async () => {
    const sql = await database(environment.API_DATABASE_SECRET);
    return listRecommendations(sql, query, { at: now(), notice: environment.DATA_NOTICE });
  });
  return json(200, list);
});
