import * as z from 'zod';
import { GivenCode } from '../auth/fields.ts';
import {
  activateSecondFactor,
  prepareSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '../auth/second-factor-store.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { readUser } from '../resources/user.ts';

const NewFactor = z
  .strictObject({
    secret: z.string().describe('The secret in Base32, to type into an authenticator app.'),
    uri: z.string().describe('The same secret as an `otpauth` URI, for a QR code.'),
  })
  .meta({ id: 'NewSecondFactor', description: 'The secret of a second factor. The API shows it only once.' });

const RecoveryCodes = z
  .strictObject({
    recoveryCodes: z
      .array(z.string())
      .length(10)
      .describe('Ten codes. Each replaces the code of the authenticator app once.'),
  })
  .meta({ id: 'RecoveryCodes', description: 'New recovery codes. The API shows them only once.' });

export const createSecondFactorEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/second-factor',
  operationId: 'createSecondFactor',
  summary: 'Prepare a second factor',
  description:
    'Generates the secret of an authenticator app (TOTP, RFC 6238). Login does not require codes until `activateSecondFactor`. Replaces an earlier secret that was not activated.',
  access: 'user',
  confirmation: 'recent',
  answer: { status: 201, schema: NewFactor, description: 'The secret.' },
  problems: ['conflict'],
  handle: async ({ caller }, { sql, cipher }) => {
    const { userId } = caller;
    const { email } = await readUser(sql, userId);
    return { body: await prepareSecondFactor(sql, cipher, { userId, email }) };
  },
});

export const activateSecondFactorEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/second-factor/activate',
  operationId: 'activateSecondFactor',
  summary: 'Activate the second factor',
  description:
    'From now on, login and confirmation require a code of the authenticator app, or a recovery code.',
  access: 'user',
  confirmation: 'recent',
  body: z.strictObject({ code: GivenCode.describe('The current code of the authenticator app.') }),
  answer: {
    status: 200,
    schema: RecoveryCodes,
    description: 'The recovery codes. Keep them in a safe place.',
  },
  problems: ['wrong-code', 'conflict'],
  handle: async ({ body, caller, event }, services) => {
    const { userId, sessionId } = caller;
    const origin = await originOf(event, services);
    const recoveryCodes = await services.sql.begin(async (tx) => {
      const codes = await activateSecondFactor(tx, services.cipher, userId, body.code);
      await recordSecurityEvent(tx, { type: 'second-factor-enabled', userId, origin, detail: { sessionId } });
      return codes;
    });
    return { body: { recoveryCodes } };
  },
});

export const renewRecoveryCodesEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/second-factor/recovery-codes',
  operationId: 'renewRecoveryCodes',
  summary: 'Get new recovery codes',
  description: 'The earlier recovery codes stop working.',
  access: 'user',
  confirmation: 'recent',
  answer: {
    status: 200,
    schema: RecoveryCodes,
    description: 'The recovery codes. Keep them in a safe place.',
  },
  problems: ['conflict'],
  handle: async ({ caller, event }, services) => {
    const { userId, sessionId } = caller;
    const origin = await originOf(event, services);
    const recoveryCodes = await services.sql.begin(async (tx) => {
      const codes = await renewRecoveryCodes(tx, userId);
      await recordSecurityEvent(tx, {
        type: 'recovery-codes-renewed',
        userId,
        origin,
        detail: { sessionId },
      });
      return codes;
    });
    return { body: { recoveryCodes } };
  },
});

export const removeSecondFactorEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/second-factor',
  operationId: 'removeSecondFactor',
  summary: 'Remove the second factor',
  description: 'Login then requires only the password. Also removes a secret that was not activated.',
  access: 'user',
  confirmation: 'recent',
  answer: { status: 204, description: 'The account has no second factor.' },
  handle: async ({ caller, event }, services) => {
    const { userId, sessionId } = caller;
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      if (await removeSecondFactor(tx, userId))
        await recordSecurityEvent(tx, {
          type: 'second-factor-disabled',
          userId,
          origin,
          detail: { sessionId },
        });
    });
    return { body: undefined };
  },
});
