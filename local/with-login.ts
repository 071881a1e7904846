import { DATABASE_ROLES } from '../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../functions/shared/database.ts';
import type { Installation } from './installation.ts';

/**
 * Does work as one of the database's roles, with a client that is closed afterwards.
 *
 * @throws DatabaseUnreachableError if the server cannot be reached or refuses the login
 * @example await withLogin(installation, 'migrator', migrate);
 */
export async function withLogin<T>(
  installation: Installation,
  role: keyof typeof DATABASE_ROLES,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const sql = connect(installation.login(DATABASE_ROLES[role]));
  try {
    return await reachingDatabase(() => work(sql));
  } finally {
    await sql.end();
  }
}
