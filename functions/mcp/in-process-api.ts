import type { Context } from 'aws-lambda';
import { permit } from '../api/core/access.ts';
import type { KeyHolder } from '../api/core/api-key-access.ts';
import type { AnyEndpoint, Services } from '../api/core/endpoint.ts';
import type { ApiRequest } from '../api/core/http.ts';
import { readInput } from '../api/core/input.ts';
import { toProblem } from '../api/core/problem.ts';
import { logFailure } from '../api/middleware/errors.ts';
import { reachingDatabase } from '../shared/database.ts';
import { type Answer, type Api, ApiProblem, type Operation, pathOf, queryString, type Sent } from './api.ts';
import { ENDPOINTS } from './endpoints.ts';

/** The request of a program, and who sent it. */
export interface Origin {
  request: ApiRequest;
  context: Context;
  holder: KeyHolder;
  services: Services;
}

/** The endpoints in this process, with the rights of the key that sent a request. */
export class InProcessApi implements Api {
  readonly #origin: Origin;

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  async call<O extends Operation>(operation: O, sent: Sent<O> = {}): Promise<Answer<O>> {
    const { request, context, holder, services } = this.#origin;
    const endpoint: AnyEndpoint = await ENDPOINTS[operation]();
    const event = requestOf(endpoint, sent, request);
    try {
      return await reachingDatabase(async () => {
        const caller = permit(endpoint.access, holder);
        const { body } = await endpoint.handle({ ...readInput(endpoint, event), caller, event }, services);
        return body as Answer<O>;
      });
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) logFailure(error, { event, context, status: problem.status });
      throw new ApiProblem(problem);
    }
  }
}

/** The request that a client would send for an operation. */
function requestOf(
  { method, path }: AnyEndpoint,
  { path: params, query, body }: { path?: object; query?: object; body?: unknown },
  origin: ApiRequest,
): ApiRequest {
  const { requestContext, headers } = origin;
  return {
    ...origin,
    routeKey: `${method} ${path}`,
    rawPath: pathOf(path, { ...params }),
    rawQueryString: queryString({ ...query }),
    headers: { ...headers, 'content-type': 'application/json' },
    pathParameters: { ...params },
    body: body === undefined ? '' : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { ...requestContext, http: { ...requestContext.http, method } },
  };
}
