import { connect, reachingDatabase } from '../../functions/shared/database.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';

/** Settings of a whole server without which a power cut can destroy the database. No role can set them for itself. */
const NEEDED = ['fsync', 'full_page_writes'];

/** Names each setting of a server with which a power cut can destroy the database. */
export async function warnOfUnsafeServer(login: DatabaseSecret, say: (line: string) => void): Promise<void> {
  const sql = connect(login);
  try {
    const off = await reachingDatabase(
      () => sql<{ name: string }[]>`
        SELECT name FROM pg_settings WHERE name IN ${sql(NEEDED)} AND setting = 'off' ORDER BY name`,
    );
    for (const { name } of off)
      say(
        `The database server has ${name} = off: a power cut can destroy the database. Set ${name} = on in its configuration.`,
      );
  } finally {
    await sql.end({ timeout: 1 });
  }
}
