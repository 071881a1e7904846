import type { Sql } from '../../functions/shared/database.ts';

/** Settings of a whole server without which a power cut can destroy the database. No role can set them for itself. */
const NEEDED = ['fsync', 'full_page_writes'];

/** A line for each setting of a server with which a power cut can destroy the database; empty for a safe one. */
export async function durabilityWarnings(sql: Sql): Promise<string[]> {
  const off = await sql<{ name: string }[]>`
    SELECT name FROM pg_settings WHERE name IN ${sql(NEEDED)} AND setting = 'off' ORDER BY name`;
  return off.map(
    ({ name }) =>
      `The database server has ${name} = off: a power cut can destroy the database. Set ${name} = on in its configuration.`,
  );
}
