import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { COOKIE_HEADER, noRefreshCookie, tokenInCookie } from './cookies.ts';
import { GivenRefreshToken } from './fields.ts';
import { endSessions, sessionOfToken } from './session-store.ts';

/** The body of POST /v1/auth/logout. */
export const Logout = z.strictObject({ refreshToken: GivenRefreshToken });

export const logoutEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/logout',
  operationId: 'logout',
  summary: 'Log out',
  description: `Ends the session of the refresh token in the body, or in the cookie if the header \`${COOKIE_HEADER}: 1\` is there, with its access tokens. The answer is the same where there is no such session.`,
  access: 'public',
  body: Logout,
  answer: { status: 204, description: 'The session is over.' },
  problems: ['not-allowed'],
  handle: async ({ body, event }, { sql }) => {
    const token = body.refreshToken ?? tokenInCookie(event);
    const sessionId = token === undefined ? undefined : await sessionOfToken(sql, token);
    if (sessionId !== undefined) await endSessions(sql, { sessionId }, 'logout', wallClock());
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});

export const logoutEverywhereEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/logout-everywhere',
  operationId: 'logoutEverywhere',
  summary: 'End all sessions',
  description: 'This one too. Access tokens that are still young count no longer either.',
  access: 'user',
  answer: { status: 204, description: 'No session is left.' },
  handle: async ({ caller, event }, { sql }) => {
    await endSessions(sql, { userId: caller.userId }, 'logout-everywhere', wallClock());
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});
