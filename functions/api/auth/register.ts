import * as z from 'zod';
import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { originOf, recordSecurityEvent } from '../core/security-events.ts';
import { Email } from './fields.ts';
import { NewPassword, refuseWeak } from './new-password.ts';
import { inPasswordQueue } from './password-queue.ts';
import { hashPassword } from './passwords.ts';
import { countRegistration } from './throttle.ts';

/** The body of POST /v1/auth/register. */
const Registration = z.strictObject({ email: Email, password: NewPassword });

const Accepted = z
  .strictObject({
    status: z
      .literal('accepted')
      .describe('Always `accepted`, also if the e-mail address already has an account.'),
  })
  .meta({ id: 'Accepted', description: 'The response to a registration.' });

/**
 * Adds a user with default settings. A password that expires is a one-time password. If the e-mail address has an account, deleted or not, nothing changes.
 *
 * @returns the id of the user; undefined if the user was not added
 */
export async function addUser(
  sql: Sql | Transaction,
  {
    email,
    passwordHash,
    passwordExpiresAt = null,
    isAdmin = false,
  }: { email: string; passwordHash: string; passwordExpiresAt?: Date | null; isAdmin?: boolean },
): Promise<string | undefined> {
  const [made] = await sql<{ user_id: string }[]>`
    WITH made AS (
      INSERT INTO users (email, password_hash, password_expires_at, is_admin)
      VALUES (${email}, ${passwordHash}, ${passwordExpiresAt}, ${isAdmin})
      ON CONFLICT (email) DO NOTHING RETURNING id
    )
    INSERT INTO user_settings (user_id) SELECT id FROM made RETURNING user_id`;
  return made?.user_id;
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
  handle: async ({ body, event }, services) => {
    const { sql } = services;
    const origin = await originOf(event, services);
    await inPasswordQueue(async () => {
      await countRegistration(sql, origin.address, wallClock());
      await refuseWeak(body.password, body.email, 'password');
      // The hash is computed even for a known address, so that both cases take the same time.
      const passwordHash = await hashPassword(body.password);
      await sql.begin(async (tx) => {
        const userId = await addUser(tx, { email: body.email, passwordHash });
        if (userId !== undefined) await recordSecurityEvent(tx, { type: 'registered', userId, origin });
      });
    });
    return { body: { status: 'accepted' as const } };
  },
});
