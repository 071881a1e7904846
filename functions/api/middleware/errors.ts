import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { problemResponse } from '../core/problem.ts';
import { readableStack } from '../core/readable-stack.ts';
import { logger } from '../core/telemetry.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Turns whatever a handler threw into a problem+json answer. A client's error is told to the client; one of
 * the service itself is logged under the request's id, and the client learns its status and no more.
 */
export function errors(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'errors',
    onError: (request) => {
      const response = problemResponse(request.error);
      const status = response.statusCode ?? 500;
      if (status >= 500) {
        // Never the event: its headers and body hold tokens and passwords.
        logger.error('api request failed', {
          requestId: requestIdOf(request),
          route: request.event.routeKey,
          status,
          ...describe(request.error),
        });
      }
      request.response = response;
    },
  };
}

function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  return {
    error: error.name,
    ...('code' in error && { code: String(error.code) }),
    reason: redact(error.message),
    stack: redact(readableStack(error.stack ?? '')),
  };
}

/** Takes out what a library may have put into its message: a URL's login, a password=, a bearer token. */
function redact(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/@]+@/g, '://[redacted]@')
    .replaceAll(/\b(password|passwd|pwd|secret|token|apikey|api_key)(["']?\s*[=:]\s*)\S+/gi, '$1$2[redacted]')
    .replaceAll(/\b(bearer|basic)\s+\S+/gi, '$1 [redacted]');
}
