import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { readUser } from '../resources/user.ts';
import { type Credentials, withPassword } from './credentials.ts';
import { GivenPassword, OptionalCode, SessionAnswer, SessionKind } from './fields.ts';
import { NewPassword, refuseWeak } from './new-password.ts';
import { inPasswordQueue } from './password-queue.ts';
import { hashPassword } from './passwords.ts';
import { sessionAnswer } from './session-answer.ts';
import { beginSession, endSessions } from './session-store.ts';

/** The body of POST /v1/auth/password. */
const PasswordChange = z
  .strictObject({
    currentPassword: GivenPassword.describe('The current password.'),
    newPassword: NewPassword,
    code: OptionalCode,
    session: SessionKind,
  })
  .refine(({ currentPassword, newPassword }) => currentPassword !== newPassword, {
    path: ['newPassword'],
    error: 'must differ from the current password',
  });

export const changePasswordEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/password',
  operationId: 'changePassword',
  summary: 'Change the password',
  description: 'Ends all sessions on all devices, and starts a new one here.',
  access: 'user',
  body: PasswordChange,
  answer: { status: 200, schema: SessionAnswer, description: 'The new session.' },
  problems: [
    'wrong-credentials',
    'second-factor-required',
    'wrong-code',
    'too-many-attempts',
    'service-busy',
  ],
  handle: async ({ body, caller, event }, services) => {
    const { sql } = services;
    const { email } = await readUser(sql, caller.userId);
    await inPasswordQueue(() => refuseWeak(body.newPassword, email, 'newPassword'));
    const at = wallClock();
    const origin = await originOf(event, services);
    const credentials: Credentials = {
      email,
      password: body.currentPassword,
      code: body.code,
      origin,
      refusal: 'confirmation-refused',
    };
    const session = await withPassword(services, credentials, async (tx, userId) => {
      const newHash = await hashPassword(body.newPassword);
      await tx`UPDATE users SET password_hash = ${newHash} WHERE id = ${userId}`;
      await endSessions(tx, { userId }, 'password-changed', at);
      const begun = await beginSession(tx, { userId, userAgent: origin.userAgent }, at);
      await recordSecurityEvent(tx, {
        type: 'password-changed',
        userId,
        origin,
        detail: { sessionId: begun.sessionId },
      });
      return begun;
    });
    return sessionAnswer(services, session, { kind: body.session, event, at });
  },
});
