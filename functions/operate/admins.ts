import { recordSecurityEvent } from '../api/core/security-events.ts';
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
  await sql.begin(async (tx) => {
    const [user] = await tx<{ id: string; is_admin: boolean }[]>`
      SELECT id, is_admin FROM users WHERE email = ${email} AND NOT is_deleted FOR UPDATE`;
    if (!user) throw new BoursomaticError('unknown_user', `there is no user ${email}`);
    if (user.is_admin === isAdmin) return;
    await tx`UPDATE users SET is_admin = ${isAdmin} WHERE id = ${user.id}`;
    await recordSecurityEvent(tx, {
      type: isAdmin ? 'admin-granted' : 'admin-revoked',
      userId: user.id,
      origin: null,
      detail: { by: 'operator' },
    });
  });
  return { email, isAdmin };
}
