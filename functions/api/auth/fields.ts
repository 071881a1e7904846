import * as z from 'zod';

/** The longest address to which mail can be delivered (RFC 5321). */
const MAX_EMAIL_LENGTH = 254;

const EMAIL_RULE = 'must be an e-mail address such as ada@example.com';

/** An e-mail address, trimmed and in lower case, so that every spelling is the same account. */
export const Email = z
  .string({ error: EMAIL_RULE })
  .trim()
  .toLowerCase()
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)
  .check(z.email(EMAIL_RULE))
  .meta({ description: 'The e-mail address of the account. Case does not matter.', format: 'email' });

/**
 * A password to verify. It is normalised to NFKC as NIST SP 800-63B recommends, because keyboards encode the same
 * character differently. Only new passwords have a minimum length.
 */
export const GivenPassword = z
  .string({ error: 'must be a string' })
  .min(1, 'must not be empty')
  .max(1024, 'is too long')
  .normalize('NFKC')
  .meta({ description: 'The password.', format: 'password' });

const CODE_RULE = 'must be the six digits of the authenticator app, or a recovery code';

/**
 * A code of the second factor: six digits of an authenticator app, or a recovery code. Spaces, hyphens and case do not
 * matter.
 */
export const GivenCode = z
  .string({ error: CODE_RULE })
  .regex(/^(([0-9][ -]?){6}|([A-Za-z2-7][ -]?){24})$/, CODE_RULE)
  .transform((code) => code.replaceAll(/[ -]/g, '').toUpperCase())
  .meta({ description: 'The code of the authenticator app, or a recovery code.' });

/** The code that follows a password. */
export const OptionalCode = GivenCode.optional().describe(
  'The code of the authenticator app, or a recovery code. Required if the account has a second factor.',
);

/** How a client receives the refresh token. */
export const SessionKind = z
  .enum(['body', 'cookie'], { error: 'must be body or cookie' })
  .default('body')
  .describe(
    'Where to return the refresh token: in the `body` of the response, or in a `cookie` that scripts cannot read.',
  );
export type SessionKind = z.output<typeof SessionKind>;

/** A refresh token that a client exchanges or ends. */
export const GivenRefreshToken = z
  .string({ error: 'must be a string' })
  .max(200, 'is too long')
  .optional()
  .describe('The refresh token. Leave it out if the browser sends it in the cookie.');

/** The tokens of a session. */
export const SessionAnswer = z
  .strictObject({
    tokenType: z
      .literal('Bearer')
      .describe('The scheme of the access token: send it as `Authorization: Bearer …`.'),
    accessToken: z.string().describe('The access token, a JWT.'),
    expiresIn: z.int().describe('Seconds until the access token expires.'),
    refreshToken: z
      .string()
      .nullable()
      .describe('The token for the next call of `refresh`. It works once. Null if it is in the cookie.'),
    sessionExpiresAt: z.iso
      .datetime()
      .describe(
        'When the session ends unless it is refreshed, in UTC. A refresh extends it to at most 30 days after the login.',
      ),
  })
  .meta({ id: 'Session', description: 'A session: an access token, and a refresh token for the next one.' });
export type SessionAnswer = z.output<typeof SessionAnswer>;
