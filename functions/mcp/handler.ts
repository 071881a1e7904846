import { authenticateProgram } from '../api/core/access.ts';
import { type ApiHandler, apiHandler } from '../api/core/api-handler.ts';
import { checkBodySize } from '../api/core/body.ts';
import type { OpenServices } from '../api/core/endpoint.ts';
import { ApiEnvironment } from '../api/core/environment.ts';
import type { ApiRequest } from '../api/core/http.ts';
import { problem } from '../api/core/problem.ts';
import { reachingDatabase } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { answerMcp } from './http.ts';
import { InProcessApi } from './in-process-api.ts';
import { mcpServer } from './server.ts';

const ALLOWED = 'POST, OPTIONS';

/** Makes the Lambda handler of the server for assistants, which needs an API key. */
export function mcpHandler(services: OpenServices): ApiHandler {
  return apiHandler(async (request, context) => {
    const { method } = request.requestContext.http;
    if (method === 'OPTIONS') return { statusCode: 204, headers: { allow: ALLOWED } };
    if (method !== 'POST')
      throw problem(
        'method-not-allowed',
        `This path supports ${ALLOWED}. It has no sessions and no streams.`,
        {
          headers: { allow: ALLOWED },
        },
      );
    checkOrigin(request, readEnvironment(ApiEnvironment).CORS_ORIGINS);
    checkBodySize(request);
    const opened = await services();
    const holder = await reachingDatabase(() => authenticateProgram(request, opened));
    return answerMcp(request, () =>
      mcpServer(new InProcessApi({ request, context, holder, services: opened })),
    );
  });
}

/**
 * Refuses pages of other origins, as the protocol demands against DNS rebinding. Programs send no origin. The gateway has
 * checked the Host header.
 *
 * @throws ApiError (403)
 */
function checkOrigin({ headers: { origin, host } }: ApiRequest, allowed: readonly string[]): void {
  if (origin === undefined || allowed.includes(origin)) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw problem(
    'not-allowed',
    'Pages of this origin may not use the server for assistants. A setting of the service allows further origins.',
  );
}
