import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { ApiRequest, ApiResponse } from './http.ts';
import { errors } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';

/** What a Lambda exports. Always async: from Node 24 on, Lambda knows no callbacks. */
export type ApiHandler = (request: ApiRequest, context: Context) => Promise<ApiResponse>;

/**
 * Makes an endpoint's handler: the one place that says what happens around every answer.
 *
 * @param answer - parses the request, calls the logic, answers; throws ApiError for what the client did wrong
 * @example
 * export const handler = apiHandler(async (request) => {
 *   const query = parseQuery(request, Query);
 *   return json(200, await list(query));
 * });
 */
export function apiHandler(answer: ApiHandler): ApiHandler {
  // After an answer or an error the last one runs first, so the headers also go on what errors() made.
  const composed = middy<ApiRequest, ApiResponse>()
    .use([requestId(), securityHeaders(), errors()])
    .handler(answer);
  return (request, context) => composed(request, context);
}
