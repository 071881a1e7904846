import { removeSecondFactor } from '../api/auth/second-factor-store.ts';
import { recordSecurityEvent } from '../api/core/security-events.ts';
import type { Sql } from '../shared/database.ts';
import { BoursomaticError } from '../shared/errors.ts';

/**
 * Removes the second factor of a user who has lost the authenticator app and the recovery codes. The operator must first
 * make sure that the request comes from that user.
 *
 * @throws BoursomaticError if there is no such user
 */
export async function removeSecondFactorOf(
  sql: Sql,
  email: string,
): Promise<{ email: string; hasSecondFactor: false }> {
  await sql.begin(async (tx) => {
    const [user] = await tx<{ id: string }[]>`
      SELECT id FROM users WHERE email = ${email} AND NOT is_deleted FOR UPDATE`;
    if (!user) throw new BoursomaticError('unknown_user', `there is no user ${email}`);
    if (await removeSecondFactor(tx, user.id))
      await recordSecurityEvent(tx, {
        type: 'second-factor-disabled',
        userId: user.id,
        origin: null,
        detail: { by: 'operator' },
      });
  });
  return { email, hasSecondFactor: false };
}
