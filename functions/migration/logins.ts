import { DATABASE_ROLES } from '../shared/constants.ts';
import { connect, type Sql } from '../shared/database.ts';
import type { DatabaseSecret } from '../shared/secrets.ts';
import { ensureRoles, type RoleName } from './roles.ts';

/**
 * Makes every role, and lets each log in with the password of its login: where a role has another, as after its
 * secret was made anew, the secret wins. Safe to repeat; a password that works is left alone.
 *
 * @param admin - a client that may create roles, connected to the database itself
 * @param logins - the login of each role
 * @throws ConfigurationError if the server is too old or the client may not create roles
 */
export async function ensureLogins(admin: Sql, logins: Record<RoleName, DatabaseSecret>): Promise<void> {
  const passwords = Object.fromEntries(
    Object.values(DATABASE_ROLES).map((role) => [role, logins[role].password]),
  ) as Record<RoleName, string>;
  await ensureRoles(admin, passwords);
  const strangers: RoleName[] = [];
  for (const role of Object.values(DATABASE_ROLES)) {
    if (!(await canLogIn(logins[role]))) strangers.push(role);
  }
  if (strangers.length > 0) await ensureRoles(admin, passwords, strangers);
}

/** Whether the server takes a login's password. */
export async function canLogIn(login: DatabaseSecret): Promise<boolean> {
  const sql = connect(login);
  try {
    await sql`SELECT 1`;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '28P01') return false;
    throw error;
  } finally {
    await sql.end();
  }
}
