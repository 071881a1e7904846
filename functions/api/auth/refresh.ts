import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { count } from '../core/telemetry.ts';
import { COOKIE_HEADER, tokenInCookie } from './cookies.ts';
import { GivenRefreshToken, SessionAnswer } from './fields.ts';
import { sessionAnswer } from './session-answer.ts';
import { rotateToken } from './session-store.ts';

/** The body of POST /v1/auth/refresh. */
export const Refresh = z.strictObject({ refreshToken: GivenRefreshToken });

export const refreshEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/refresh',
  operationId: 'refresh',
  summary: 'Get the next access token',
  description: `Takes the refresh token from the body, or from the cookie if the header \`${COOKIE_HEADER}: 1\` is there, and answers the next one the same way. Each counts once: one that comes again ends the session, because somebody has a copy. Of two requests with the same token at the same time, one is answered 409 and the session goes on.`,
  access: 'public',
  body: Refresh,
  answer: { status: 200, schema: SessionAnswer, description: 'The session goes on.' },
  problems: ['session-ended', 'not-allowed', 'conflict'],
  handle: async ({ body, event }, services) => {
    const arrivedAt = wallClock();
    const token = body.refreshToken ?? tokenInCookie(event);
    if (token === undefined) throw sessionEnded('There is no refresh token.');
    const refreshed = await rotateToken(services.sql, token, arrivedAt);
    switch (refreshed.outcome) {
      case 'refreshed': {
        const kind = body.refreshToken === undefined ? 'cookie' : 'body';
        return sessionAnswer(services, refreshed.session, { kind, event, at: arrivedAt });
      }
      case 'overtaken':
        throw problem('conflict', 'Another request has just exchanged this token: use what that one got.');
      case 'reused':
        count('RefreshTokenReused', { sessionId: refreshed.sessionId });
        throw sessionEnded('The refresh token had been used before, so the session was ended. Log in again.');
      case 'ended':
        throw sessionEnded('The session is over. Log in again.');
    }
  },
});

function sessionEnded(detail: string) {
  return problem('session-ended', detail);
}
