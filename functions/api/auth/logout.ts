import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { subjectOf } from '../core/access.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
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
  handle: async ({ body, event }, services) => {
    const { sql } = services;
    const at = wallClock();
    const token = body.refreshToken ?? (await tokenInCookie(event, services));
    const sessionId =
      (token === undefined ? undefined : await sessionOfToken(sql, token)) ??
      (await subjectOf(event, services, at))?.sessionId;
    if (sessionId !== undefined) {
      const origin = await originOf(event, services);
      await sql.begin(async (tx) => {
        const [ended] = await endSessions(tx, { sessionId }, 'logout', at);
        if (!ended) return;
        await recordSecurityEvent(tx, {
          type: 'logout',
          userId: ended.userId,
          origin,
          detail: { sessionId },
        });
      });
    }
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
  handle: async ({ caller: { userId }, event }, services) => {
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      const ended = await endSessions(tx, { userId }, 'logout-everywhere', wallClock());
      await recordSecurityEvent(tx, {
        type: 'sessions-ended',
        userId,
        origin,
        detail: { sessions: ended.length },
      });
    });
    return { body: undefined, cookies: [noRefreshCookie(event)] };
  },
});
