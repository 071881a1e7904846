import * as z from 'zod';

/** Longest e-mail address that can be delivered to (RFC 5321). */
const LONGEST_EMAIL = 254;

const EMAIL_RULE = 'must be an e-mail address such as ada@example.com';

/** An e-mail address, without spaces around it and in lower case: however it is written, it is the same account. */
export const Email = z
  .string({ error: EMAIL_RULE })
  .trim()
  .toLowerCase()
  .max(LONGEST_EMAIL, `must have at most ${LONGEST_EMAIL} characters`)
  .check(z.email(EMAIL_RULE))
  .meta({ description: 'The e-mail address of the account; capitals do not matter.', format: 'email' });

/**
 * A password that is given to be compared. Normalised, because keyboards write the same character in different ways
 * (NIST SP 800-63B asks for NFKC); rules of length are for new ones.
 */
export const GivenPassword = z
  .string({ error: 'must be a text' })
  .min(1, 'is empty')
  .max(1024, 'is too long')
  .normalize('NFKC')
  .meta({ description: 'The password.', format: 'password' });

/** How a client is given the refresh token. */
export const SessionKind = z
  .enum(['body', 'cookie'], { error: 'must be body or cookie' })
  .default('body')
  .describe(
    'Where the refresh token goes: into the `body` of the answer, or into a `cookie` that no script of a page can read.',
  );
export type SessionKind = z.output<typeof SessionKind>;

/** A refresh token that a client gives back. */
export const GivenRefreshToken = z
  .string({ error: 'must be a text' })
  .max(200, 'is too long')
  .optional()
  .describe('The refresh token. Left out by pages, whose browser sends the cookie.');

/** What a login gives. */
export const SessionAnswer = z
  .strictObject({
    tokenType: z.literal('Bearer').describe('How the access token is sent: `Authorization: Bearer …`.'),
    accessToken: z.string().describe('The access token, a JWT.'),
    expiresIn: z.int().describe('Seconds until the access token expires.'),
    refreshToken: z
      .string()
      .nullable()
      .describe('Gets the next access token, once; null where it is in a cookie.'),
    sessionExpiresAt: z.iso.datetime().describe('When the session ends and a new login is due.'),
  })
  .meta({ id: 'Session', description: 'An access token, and what gets the next one.' });
export type SessionAnswer = z.output<typeof SessionAnswer>;
