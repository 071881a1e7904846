import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/**
 * The default headers of every answer: private data that no page may frame or execute. The names are in lower case, as
 * in handlers, so that a handler can override a value.
 */
const HEADERS = {
  'cache-control': 'private, no-store',
  'content-security-policy': [
    "default-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    'sandbox',
  ].join('; '),
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Adds the security headers to every answer, including errors. */
export function securityHeaders(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const set = (request: middy.Request<ApiRequest, ApiResponse>) => {
    if (request.response) request.response.headers = { ...HEADERS, ...request.response.headers };
  };
  return { name: 'security-headers', after: set, onError: set };
}
