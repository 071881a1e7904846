import type { Sql } from '../shared/database.ts';
import { BoursomaticError } from '../shared/errors.ts';

/**
 * Grants or revokes a user's administrator rights. The first administrator needs it, because the API lets only
 * administrators grant them.
 *
 * @throws BoursomaticError if there is no such user
 */
export async function setAdmin(
  sql: Sql,
  email: string,
  isAdmin: boolean,
): Promise<{ email: string; isAdmin: boolean }> {
  const changed = await sql`
    UPDATE users SET is_admin = ${isAdmin} WHERE email = ${email} AND NOT is_deleted`;
  if (changed.count === 0) throw new BoursomaticError('unknown_user', `there is no user ${email}`);
  return { email, isAdmin };
}
