import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { withPassword } from './credentials.ts';
import { Email, GivenPassword, OptionalCode, SessionAnswer, SessionKind } from './fields.ts';
import { NewPassword } from './new-password.ts';
import { recordLogin } from './record-login.ts';
import { sessionAnswer } from './session-answer.ts';
import { beginSession } from './session-store.ts';

/** The body of POST /v1/auth/login. */
const Login = z
  .strictObject({
    email: Email,
    password: GivenPassword,
    newPassword: NewPassword.optional().describe(
      'Your own password, which replaces a one-time password. Only with a one-time password.',
    ),
    code: OptionalCode,
    session: SessionKind,
  })
  .refine(({ password, newPassword }) => password !== newPassword, {
    path: ['newPassword'],
    error: 'must differ from the current password',
  });

export const loginEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/login',
  operationId: 'login',
  summary: 'Log in',
  description:
    'Starts a session. It ends 30 days after the login, and earlier after 14 days without use. Failed attempts delay the next ones. A one-time password of the operator requires `newPassword`. The response does not reveal whether the e-mail address has an account.',
  access: 'public',
  body: Login,
  answer: { status: 200, schema: SessionAnswer, description: 'The session.' },
  problems: [
    'wrong-credentials',
    'password-change-required',
    'second-factor-required',
    'wrong-code',
    'conflict',
    'too-many-attempts',
    'service-busy',
  ],
  handle: async ({ body, event }, services) => {
    const { email, password, newPassword, code, session: kind } = body;
    const at = wallClock();
    const origin = await originOf(event, services);
    const session = await withPassword(
      services,
      { email, password, newPassword, code, origin, refusal: 'login-refused' },
      async (tx, userId) => {
        const begun = await beginSession(tx, { userId, userAgent: origin.userAgent }, at);
        if (newPassword !== undefined)
          await recordSecurityEvent(tx, {
            type: 'password-changed',
            userId,
            origin,
            detail: { sessionId: begun.sessionId },
          });
        await recordLogin(tx, begun, origin);
        return begun;
      },
    );
    return sessionAnswer(services, session, { kind, event, at });
  },
});
