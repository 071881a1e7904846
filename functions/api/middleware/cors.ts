import type middy from '@middy/core';
import { readEnvironment } from '../../shared/environment.ts';
import { ApiEnvironment } from '../core/environment.ts';
import type { ApiRequest, ApiResponse } from '../core/http.ts';
import { addVary } from './vary.ts';

/** Request headers that pages of other origins may send. */
const SENT = 'authorization, content-type, if-none-match, mcp-method, mcp-name, mcp-protocol-version';

/** Response headers that their scripts may read. */
const READ = 'content-disposition, etag, link, retry-after, www-authenticate, x-request-id';

/** Seconds for which a browser caches a preflight response. */
const REMEMBERED = '600';

/**
 * Lets pages of the configured origins read answers. They cannot send cookies, so they keep refresh tokens
 * themselves.
 */
export function cors(): middy.MiddlewareObj<ApiRequest, ApiResponse> {
  let origins: readonly string[] | undefined;
  const set = ({ event, response }: middy.Request<ApiRequest, ApiResponse>) => {
    origins ??= allowedOrigins();
    if (!response || origins.length === 0) return;
    addVary(response, 'origin');
    const { origin } = event.headers;
    if (origin === undefined || !origins.includes(origin)) return;
    const allowed: Record<string, string> = { 'access-control-allow-origin': origin };
    if (event.requestContext.http.method === 'OPTIONS') {
      allowed['access-control-allow-methods'] = String(response.headers?.allow ?? '');
      allowed['access-control-allow-headers'] = SENT;
      allowed['access-control-max-age'] = REMEMBERED;
    } else {
      allowed['access-control-expose-headers'] = READ;
    }
    response.headers = { ...response.headers, ...allowed };
  };
  return { name: 'cors', after: set, onError: set };
}

/** None if the environment is invalid; the handler then answers with an error. */
function allowedOrigins(): readonly string[] {
  try {
    return readEnvironment(ApiEnvironment).CORS_ORIGINS;
  } catch {
    return [];
  }
}
