import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf } from '../core/security-events.ts';
import { count } from '../core/telemetry.ts';
import { COOKIE_HEADER, tokenInCookie } from './cookies.ts';
import { GivenRefreshToken, SessionAnswer } from './fields.ts';
import { sessionAnswer } from './session-answer.ts';
import { rotateToken } from './session-store.ts';

/** The body of POST /v1/auth/refresh. */
const Refresh = z.strictObject({ refreshToken: GivenRefreshToken });

export const refreshEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/refresh',
  operationId: 'refresh',
  summary: 'Get the next access token',
  description: `Takes the refresh token from the body, or from the cookie with the header \`${COOKIE_HEADER}: 1\`, and returns the next one in the same place. Each refresh token works once. A second use ends the session, because the token may have been stolen. There is one exception: within 10 seconds, and before the next token is used, a second use gets 409 and the session continues, because two tabs may send one token.`,
  access: 'public',
  body: Refresh,
  answer: { status: 200, schema: SessionAnswer, description: 'New tokens of the same session.' },
  problems: ['session-ended', 'not-allowed', 'conflict'],
  handle: async ({ body, event }, services) => {
    const token = body.refreshToken ?? (await tokenInCookie(event, services));
    if (token === undefined) throw sessionEnded('The request has no refresh token. Log in.');
    const refreshed = await rotateToken(services.sql, token, await originOf(event, services));
    switch (refreshed.outcome) {
      case 'refreshed': {
        const kind = body.refreshToken === undefined ? 'cookie' : 'body';
        return sessionAnswer(services, refreshed.session, { kind, event, at: wallClock() });
      }
      case 'overtaken':
        throw problem(
          'conflict',
          'Another request has just exchanged this refresh token. Use the token from its response, or send the new cookie.',
        );
      case 'reused':
        count('RefreshTokenReused', { sessionId: refreshed.sessionId });
        throw sessionEnded(
          'The refresh token was already used, so the session was ended for safety. Log in again.',
        );
      case 'ended':
        throw sessionEnded('The session has ended. Log in again.');
    }
  },
});

function sessionEnded(detail: string) {
  return problem('session-ended', detail);
}
