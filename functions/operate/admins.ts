import type { Sql } from '../shared/database.ts';
import { BoursomaticError } from '../shared/errors.ts';

/**
 * Makes a user an administrator, or one like others: the way to the first one, before anybody may grant it over the
 * API.
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
