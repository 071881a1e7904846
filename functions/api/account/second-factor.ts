import * as z from 'zod';
import { GivenCode } from '../auth/fields.ts';
import { endpoint } from '../core/endpoint.ts';

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
  handle: async () => {
    throw new Error('not implemented');
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
  handle: async () => {
    throw new Error('not implemented');
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
  handle: async () => {
    throw new Error('not implemented');
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
  handle: async () => {
    throw new Error('not implemented');
  },
});
