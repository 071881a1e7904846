import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { problemResponse, ServiceBusyError } from '../core/problem.ts';
import { readableStack } from '../core/readable-stack.ts';
import { logger } from '../core/telemetry.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Turns an error into a problem+json response. The client sees the details of its own errors. A server error is logged
 * under the request's id, and the client sees only its status.
 */
export function errors(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  return {
    name: 'errors',
    onError: (request) => {
      const response = problemResponse(request.error);
      const status = response.statusCode ?? 500;
      if (status >= 500) logFailure(request.error, { ...request, status });
      request.response = response;
    },
  };
}

/** Logs a server error under the id of its request. */
export function logFailure(
  error: unknown,
  { event, context, status }: Pick<middy.Request<ApiRequest>, 'event' | 'context'> & { status: number },
): void {
  // A busy service does its duty, and would fill the log.
  if (error instanceof ServiceBusyError) return;
  // Never log the event: its headers and body contain tokens and passwords.
  logger.error('api request failed', {
    requestId: requestIdOf({ event, context }),
    route: event.routeKey,
    status,
    ...describe(error),
  });
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

/** Removes secrets that a library may put into a message: credentials in a URL, `password=`, a bearer token, an API key. */
function redact(text: string): string {
  return text
    .replaceAll(/:\/\/[^\s/@]+@/g, '://[redacted]@')
    .replaceAll(/\b(password|passwd|pwd|secret|token|apikey|api_key)(["']?\s*[=:]\s*)\S+/gi, '$1$2[redacted]')
    .replaceAll(/\b(bearer|basic)\s+\S+/gi, '$1 [redacted]')
    .replaceAll(/\bbmk_[0-9A-Za-z]+/g, '[redacted]');
}
