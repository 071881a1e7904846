import type { Services } from '../core/endpoint.ts';
import { type ApiRequest, endpointOf } from '../core/http.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';

/**
 * The header that must accompany the cookie. A page of another site cannot send it unless the API allows its origin. This
 * prevents cross-site requests with a visitor's cookie even in browsers without SameSite.
 */
export const COOKIE_HEADER = 'x-boursomatic';

const NAME = 'boursomatic-refresh';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** The `Set-Cookie` header that stores a refresh token where no script can read it. */
export function refreshCookie(event: ApiRequest, token: string, expiresAt: Date): string {
  return cookie(event, token, `Expires=${expiresAt.toUTCString()}`);
}

/** The `Set-Cookie` header that removes the refresh token. */
export function noRefreshCookie(event: ApiRequest): string {
  return cookie(event, '', 'Max-Age=0');
}

/**
 * The refresh token in a request's cookie; undefined if there is none. A refusal is recorded as a security event.
 *
 * @throws ApiError (403) if the cookie is there without the header that must accompany it
 */
export async function tokenInCookie(
  event: ApiRequest,
  services: Pick<Services, 'sql' | 'addressOf'>,
): Promise<string | undefined> {
  const name = `${nameFor(event)}=`;
  const found = event.cookies?.find((line) => line.startsWith(name))?.slice(name.length);
  if (!found) return undefined;
  if (event.headers[COOKIE_HEADER] === undefined) {
    await recordSecurityEvent(services.sql, {
      type: 'cookie-refused',
      userId: null,
      origin: await originOf(event, services),
      detail: { endpoint: endpointOf(event) },
    });
    throw problem(
      'not-allowed',
      `The refresh cookie is accepted only with the header ${COOKIE_HEADER}: 1. Send both.`,
    );
  }
  return found;
}

function cookie(event: ApiRequest, value: string, lifetime: string): string {
  const attributes = ['HttpOnly', 'SameSite=Strict', 'Path=/', lifetime];
  if (!isLocal(event)) attributes.push('Secure');
  return [`${nameFor(event)}=${value}`, ...attributes].join('; ');
}

/**
 * Browsers accept a cookie with the `__Host-` prefix only over TLS, from this host and for all of its paths. Neither the
 * network nor another host of the domain can replace it.
 */
function nameFor(event: ApiRequest): string {
  return isLocal(event) ? NAME : `__Host-${NAME}`;
}

/** Whether the request came without TLS from the same machine. Some browsers then refuse Secure cookies. */
function isLocal({ headers }: ApiRequest): boolean {
  return headers['x-forwarded-proto'] === 'http' && headers.host !== undefined && LOOPBACK.test(headers.host);
}
