import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { CONFIRMATION_MINUTES } from '../core/confirmation.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { readUser } from '../resources/user.ts';
import { withPassword } from './credentials.ts';
import { GivenPassword, OptionalCode } from './fields.ts';

/** The body of POST /v1/auth/confirm. */
const Confirmation = z.strictObject({ password: GivenPassword, code: OptionalCode });

export const confirmEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/confirm',
  operationId: 'confirm',
  summary: 'Confirm who you are',
  description: `Permits operations that require a recent confirmation, for ${CONFIRMATION_MINUTES} minutes and in this session only. Failed attempts delay the next ones.`,
  access: 'user',
  body: Confirmation,
  answer: { status: 204, description: 'The session is confirmed.' },
  problems: [
    'wrong-credentials',
    'second-factor-required',
    'wrong-code',
    'too-many-attempts',
    'service-busy',
  ],
  handle: async ({ body, caller, event }, services) => {
    const { email } = await readUser(services.sql, caller.userId);
    const origin = await originOf(event, services);
    const credentials = { email, password: body.password, code: body.code, origin };
    await withPassword(services, { ...credentials, refusal: 'confirmation-refused' }, async (tx, userId) => {
      await tx`UPDATE sessions SET confirmed_at = ${wallClock()} WHERE id = ${caller.sessionId}`;
      await recordSecurityEvent(tx, {
        type: 'confirmed',
        userId,
        origin,
        detail: { sessionId: caller.sessionId },
      });
    });
    return { body: undefined };
  },
});
