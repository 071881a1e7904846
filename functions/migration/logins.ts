import { DATABASE_ROLES } from '../shared/constants.ts';
import { connect, type Sql } from '../shared/database.ts';
import type { DatabaseSecret } from '../shared/secrets.ts';
import { ensureRoles, type RoleName } from './roles.ts';

/**
 * Creates every role, and its login with its password. A login with another password, for example after its secret was
 * recreated, gets the password of the secret. Safe to repeat: a working password stays.
 *
 * @param admin - a client that may create roles, connected to the database itself
 * @throws ConfigurationError if the server is too old or the client may not create roles
 */
export async function ensureLogins(admin: Sql, logins: Record<RoleName, DatabaseSecret>): Promise<void> {
  await ensureRoles(admin, logins);
  const outdated: RoleName[] = [];
  for (const role of Object.values(DATABASE_ROLES)) {
    if (!(await canLogIn(logins[role]))) outdated.push(role);
  }
  if (outdated.length > 0) await ensureRoles(admin, logins, outdated);
}

/** Whether the server accepts the password of a login. */
export async function canLogIn(login: DatabaseSecret): Promise<boolean> {
  const sql = connect(login);
  try {
    await sql`SELECT 1`;
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '28P01') return false;
    // Postgres counts the connections of a role only after it has accepted the password.
    if (error instanceof Error && error.message.startsWith('too many connections for role')) return true;
    throw error;
  } finally {
    await sql.end();
  }
}
