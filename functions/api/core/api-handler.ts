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
import { logger, metrics } from './telemetry.ts';

/** What a Lambda exports. Always async: from Node 24 on, Lambda knows no callbacks. */
export type ApiHandler = (request: ApiRequest, context: Context) => Promise<ApiResponse>;

/**
 * Makes a handler out of what answers a request: the one place that says what happens around every answer.
 *
 * @param answer - throws ApiError for what the client did wrong
 * @example export const handler = apiHandler(async (request) => json(200, await list(request)));
 */
export function apiHandler(answer: ApiHandler): ApiHandler {
  // After an answer or an error the last one runs first: what goes on every answer also goes on what errors() made.
  const composed = middy<ApiRequest, ApiResponse>()
    .use([
      injectLambdaContext(logger, { logEvent: false }),
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
