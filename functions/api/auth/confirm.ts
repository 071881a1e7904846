import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import { CONFIRMATION_MINUTES } from '../core/confirmation.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { readUser } from '../resources/user.ts';
import { withPassword } from './credentials.ts';
import { GivenPassword, OptionalCode, SessionAnswer, SessionKind } from './fields.ts';
import { sessionAnswer } from './session-answer.ts';
import { confirmSession } from './session-store.ts';

/** The body of POST /v1/auth/confirm. */
const Confirmation = z.strictObject({ password: GivenPassword, code: OptionalCode, session: SessionKind });

export const confirmEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/confirm',
  operationId: 'confirm',
  summary: 'Confirm who you are',
  description: `Permits operations that require a recent confirmation, for ${CONFIRMATION_MINUTES} minutes and in this session only. Returns new tokens of the session; the old ones no longer work. Failed attempts delay the next ones.`,
  access: 'user',
  body: Confirmation,
  answer: { status: 200, schema: SessionAnswer, description: 'New tokens of the confirmed session.' },
  problems: [
    'wrong-credentials',
    'second-factor-required',
    'wrong-code',
    'too-many-attempts',
    'service-busy',
  ],
  handle: async ({ body, caller, event }, services) => {
    const { email } = await readUser(services.sql, caller.userId);
    const at = wallClock();
    const origin = await originOf(event, services);
    const credentials = { email, password: body.password, code: body.code, origin };
    const session = await withPassword(
      services,
      { ...credentials, refusal: 'confirmation-refused' },
      async (tx, userId) => {
        const confirmed = await confirmSession(tx, caller, at);
        if (!confirmed) throw problem('not-signed-in', 'Your session has ended. Log in again.');
        const { sessionId } = confirmed;
        await recordSecurityEvent(tx, { type: 'confirmed', userId, origin, detail: { sessionId } });
        return confirmed;
      },
    );
    return sessionAnswer(services, session, { kind: body.session, event, at });
  },
});
