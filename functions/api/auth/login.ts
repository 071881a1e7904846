import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf } from '../core/security-events.ts';
import { withPassword } from './credentials.ts';
import { Email, GivenPassword, OptionalCode, SessionAnswer, SessionKind } from './fields.ts';
import { recordLogin } from './record-login.ts';
import { sessionAnswer } from './session-answer.ts';
import { beginSession } from './session-store.ts';

/** The body of POST /v1/auth/login. */
const Login = z.strictObject({
  email: Email,
  password: GivenPassword,
  code: OptionalCode,
  session: SessionKind,
});

export const loginEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/login',
  operationId: 'login',
  summary: 'Log in',
  description:
    'Starts a session of 30 days. Failed attempts delay the next ones. The response does not reveal whether the e-mail address has an account.',
  access: 'public',
  body: Login,
  answer: { status: 200, schema: SessionAnswer, description: 'The session.' },
  problems: [
    'wrong-credentials',
    'second-factor-required',
    'wrong-code',
    'too-many-attempts',
    'service-busy',
  ],
  handle: async ({ body, event }, services) => {
    const { email, password, code, session: kind } = body;
    const at = wallClock();
    const origin = await originOf(event, services);
    const session = await withPassword(
      services,
      { email, password, code, origin, refusal: 'login-refused' },
      async (tx, userId) => {
        const begun = await beginSession(tx, { userId, userAgent: origin.userAgent }, at);
        await recordLogin(tx, begun, origin);
        return begun;
      },
    );
    return sessionAnswer(services, session, { kind, event, at });
  },
});
