import type middy from '@middy/core';
import type { ApiRequest, ApiResponse } from '../core/http.ts';

/**
 * What every answer of the API carries: data only, for the one who asked, never a page, a frame or a script.
 * Names are in lower case, as handlers write theirs, so that a handler's own value wins.
 */
const HEADERS = {
  'cache-control': 'private, no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Puts the security headers on every answer, errors included. */
export function securityHeaders(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  const set = (request: middy.Request<ApiRequest, ApiResponse>) => {
    if (request.response) request.response.headers = { ...HEADERS, ...request.response.headers };
  };
  return { name: 'security-headers', after: set, onError: set };
}
