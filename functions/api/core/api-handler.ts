import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { compression } from '../middleware/compression.ts';
import { conditional } from '../middleware/conditional.ts';
import { cors } from '../middleware/cors.ts';
import { errors } from '../middleware/errors.ts';
import { headerLimit } from '../middleware/header-limit.ts';
import { publishMetrics } from '../middleware/publish-metrics.ts';
import { requestId } from '../middleware/request-id.ts';
import { securityHeaders } from '../middleware/security-headers.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { applyLogLevel, logger, metrics } from './telemetry.ts';

/** The handler that a Lambda exports. It is async, because Lambda supports no callbacks from Node 24 on. */
export type ApiHandler = (request: ApiRequest, context: Context) => Promise<ApiResponse>;

/**
 * Wraps a function that answers requests in the middleware of every answer.
 *
 * @param answer - throws ApiError for an error of the client
 * @example export const handler = apiHandler(async (request) => json(200, await list(request)));
 */
export function apiHandler(answer: ApiHandler): ApiHandler {
  // Middy runs these in reverse after an answer or an error, so that the headers also go on the answers of errors().
  const composed = middy<ApiRequest, ApiResponse>()
    .use([
      injectLambdaContext(logger, { logEvent: false }),
      // After the logger's own middleware, which resets the level.
      { before: applyLogLevel },
      publishMetrics(metrics),
      requestId(),
      securityHeaders(),
      cors(),
      errors(),
      headerLimit(),
      compression(),
      conditional(),
    ])
    .handler(answer);
  return (request, context) => composed(request, context);
}
