import type { Sql } from '../../functions/shared/database.ts';
import { openInstallation, withLogin } from '../../local/installation/installation.ts';

/** Works on a database of a data folder as one of its roles, next to a service or without one. */
export async function inDatabase<T>(
  { dataDir, database }: { dataDir: string; database: string },
  role: Parameters<typeof withLogin>[1],
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const installation = await openInstallation({ dataDir, database });
  try {
    return await withLogin(installation, role, work);
  } finally {
    await installation.close();
  }
}
