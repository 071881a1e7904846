import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { subjectOf } from '../core/access.ts';
import { endpoint } from '../core/endpoint.ts';
import { COOKIE_HEADER, noRefreshCookie, tokenInCookie } from './cookies.ts';
import { GivenRefreshToken } from './fields.ts';
import { endSessions, sessionOfToken } from './session-store.ts';

/** The body of POST /v1/auth/logout. */
const Logout = z.strictObject({ refreshToken: GivenRefreshToken });

export const logoutEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/logout',
  operationId: 'logout',
  summary: 'Log out',
  description: `Ends the session of the refresh token, and invalidates its access tokens. The token is in the body, or in the cookie with the header \`${COOKIE_HEADER}: 1\`. Without a refresh token of a session, it ends the session of the access token. The response does not reveal whether the session existed.`,
  access: 'public',
  body: Logout,
  answer: { status: 204, description: 'The session has ended.' },
  problems: ['not-allowed'],
  handle: async ({ body, event }, { sql, tokens }) => {
    const at = wallClock();
    const token = body.refreshToken ?? tokenInCookie(event);
    const sessionId =
      (token === undefined ? undefined : await sessionOfToken(sql, token)) ??
      (await subjectOf(event, tokens, at))?.sessionId;
    if (sessionId !== undefined) await endSessions(sql, { sessionId }, 'logout', at);
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});

export const logoutEverywhereEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/logout-everywhere',
  operationId: 'logoutEverywhere',
  summary: 'Log out everywhere',
  description: 'Ends this session too, and invalidates all access tokens.',
  access: 'user',
  confirmation: 'recent',
  answer: { status: 204, description: 'All sessions have ended.' },
  handle: async ({ caller, event }, { sql }) => {
    await endSessions(sql, { userId: caller.userId }, 'logout-everywhere', wallClock());
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});
