import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { Email } from './fields.ts';
import { isOwnEmail, NewPassword } from './new-password.ts';
import { inPasswordQueue } from './password-queue.ts';
import { hashPassword } from './passwords.ts';
import { countRegistration } from './throttle.ts';

/** The body of POST /v1/auth/register. */
const Registration = z
  .strictObject({ email: Email, password: NewPassword })
  .refine(({ email, password }) => !isOwnEmail(password, email), {
    path: ['password'],
    error: 'must not be the e-mail address',
  });

const Accepted = z
  .strictObject({
    status: z
      .literal('accepted')
      .describe('Always `accepted`, also if the e-mail address already has an account.'),
  })
  .meta({ id: 'Accepted', description: 'The response to a registration.' });

/**
 * Adds a user with default settings. If the e-mail address has an account, deleted or not, nothing changes.
 *
 * @returns whether the user was added
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
    'The response does not reveal whether the e-mail address already has an account. Log in next. If the login fails, the address has an account with another password.',
  access: 'public',
  body: Registration,
  answer: { status: 202, schema: Accepted, description: 'The registration was processed. Log in next.' },
  problems: ['too-many-attempts', 'service-busy'],
  handle: async ({ body, event }, { sql, addressOf }) => {
    const address = await addressOf(event);
    await inPasswordQueue(async () => {
      await countRegistration(sql, address, wallClock());
      // The hash is computed even for a known address, so that both cases take the same time.
      await addUser(sql, { email: body.email, passwordHash: await hashPassword(body.password) });
    });
    return { body: { status: 'accepted' as const } };
  },
});
