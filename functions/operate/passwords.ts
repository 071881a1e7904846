import { makeOneTimePassword, type OneTimePassword } from '../api/auth/one-time-password.ts';
import { hashPassword } from '../api/auth/passwords.ts';
import { endSessions } from '../api/auth/session-store.ts';
import { recordSecurityEvent } from '../api/core/security-events.ts';
import { revokeApiKeys } from '../api/resources/api-keys.ts';
import { wallClock } from '../shared/clock.ts';
import type { Sql } from '../shared/database.ts';
import { BoursomaticError } from '../shared/errors.ts';

/**
 * Replaces a forgotten password by a one-time password, ends all sessions and revokes all API keys. A second factor
 * stays. The operator must first make sure that the request comes from that user.
 *
 * @throws BoursomaticError if there is no such user
 */
export async function resetPassword(sql: Sql, email: string): Promise<OneTimePassword & { email: string }> {
  const at = wallClock();
  const made = makeOneTimePassword(at);
  const passwordHash = await hashPassword(made.password);
  await sql.begin(async (tx) => {
    const [user] = await tx<{ id: string }[]>`
      UPDATE users SET password_hash = ${passwordHash}, password_expires_at = ${made.passwordExpiresAt}
      WHERE email = ${email} AND NOT is_deleted RETURNING id`;
    if (!user) throw new BoursomaticError('unknown_user', `there is no user ${email}`);
    const ended = await endSessions(tx, { userId: user.id }, 'password-reset', at);
    const apiKeys = await revokeApiKeys(tx, { userId: user.id }, at);
    await recordSecurityEvent(tx, {
      type: 'password-reset',
      userId: user.id,
      origin: null,
      detail: { by: 'operator', sessions: ended.length, apiKeys },
    });
  });
  return { email, ...made };
}
