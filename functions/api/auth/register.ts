import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { Email } from './fields.ts';
import { isOwnEmail, NewPassword } from './new-password.ts';
import { hashPassword } from './passwords.ts';
import { countRegistration } from './throttle.ts';

/** The body of POST /v1/auth/register. */
export const Registration = z
  .strictObject({ email: Email, password: NewPassword })
  .refine(({ email, password }) => !isOwnEmail(password, email), {
    path: ['password'],
    error: 'is the e-mail address',
  });

const Accepted = z
  .strictObject({ status: z.literal('accepted').describe('Always the same.') })
  .meta({ id: 'Accepted', description: 'The registration has been dealt with.' });

/**
 * Adds a user, with settings to begin with. Where there is one of that e-mail, deleted or not, nothing changes.
 *
 * @returns whether there was none
 */
export async function addUser(
  sql: Sql,
  { email, passwordHash, isAdmin = false }: { email: string; passwordHash: string; isAdmin?: boolean },
): Promise<boolean> {
  const made = await sql`
    WITH made AS (
      INSERT INTO users (email, password_hash, is_admin) VALUES (${email}, ${passwordHash}, ${isAdmin})
      ON CONFLICT (email) DO NOTHING RETURNING id
    )
    INSERT INTO user_settings (user_id) SELECT id FROM made`;
  return made.count === 1;
}

export const registerEndpoint = endpoint({
  group: 'auth',
  method: 'POST',
  path: '/v1/auth/register',
  operationId: 'register',
  summary: 'Register',
  description:
    'The answer is the same whether the e-mail address was free or not, so that nobody learns who has an account. Log in next: if that is refused, the address was taken.',
  access: 'public',
  body: Registration,
  answer: { status: 202, schema: Accepted, description: 'Dealt with. Log in next.' },
  problems: ['too-many-attempts'],
  handle: async ({ body, event }, { sql, addressOf }) => {
    await countRegistration(sql, await addressOf(event), wallClock());
    // Hashed in either case: the time tells nothing.
    await addUser(sql, { email: body.email, passwordHash: await hashPassword(body.password) });
    return { body: { status: 'accepted' as const } };
  },
});
