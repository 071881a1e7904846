import type { ApiRequest } from '../core/http.ts';
import { problem } from '../core/problem.ts';

/**
 * The header without which a cookie does not count. A page of another site cannot send it unless the API allows that
 * site's origin, so it cannot use a visitor's cookie, whatever the browser thinks of SameSite.
 */
export const COOKIE_HEADER = 'x-boursomatic';

const NAME = 'boursomatic-refresh';

/** Sent to where it is needed and nowhere else. */
const PATH = '/v1/auth';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** The `Set-Cookie` that keeps a refresh token in the browser, out of the reach of scripts. */
export function refreshCookie(event: ApiRequest, token: string, expiresAt: Date): string {
  return cookie(event, token, `Expires=${expiresAt.toUTCString()}`);
}

/** The `Set-Cookie` that takes it out of the browser again. */
export function noRefreshCookie(event: ApiRequest): string {
  return cookie(event, '', 'Max-Age=0');
}

/**
 * The refresh token in a request's cookie, undefined where there is none.
 *
 * @throws ApiError (403) if there is one, without the header that must come with it
 */
export function tokenInCookie(event: ApiRequest): string | undefined {
  const name = `${nameFor(event)}=`;
  const found = event.cookies?.find((line) => line.startsWith(name))?.slice(name.length);
  if (!found) return undefined;
  if (event.headers[COOKIE_HEADER] === undefined)
    throw problem('not-allowed', `A cookie counts only together with the header ${COOKIE_HEADER}: 1.`);
  return found;
}

function cookie(event: ApiRequest, value: string, lifetime: string): string {
  const attributes = ['HttpOnly', 'SameSite=Strict', `Path=${PATH}`, lifetime];
  if (!isLocal(event)) attributes.push('Secure');
  return [`${nameFor(event)}=${value}`, ...attributes].join('; ');
}

/** With the prefix, browsers take it over TLS alone: nobody on the way can plant another. */
function nameFor(event: ApiRequest): string {
  return isLocal(event) ? NAME : `__Secure-${NAME}`;
}

/** A browser on the same machine talks in the clear, and some keep no Secure cookie then. */
function isLocal({ headers }: ApiRequest): boolean {
  return headers['x-forwarded-proto'] === 'http' && LOOPBACK.test(headers.host ?? '');
}
