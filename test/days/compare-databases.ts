import type { Sql } from '../../functions/shared/database.ts';

/** The content of each table: the number of its rows, and a hash of them in any order. */
export type Tables = Record<string, string>;

/** Reads the content of every table of a database but that of the migrations, which a restore applies anew. */
export async function readTables(sql: Sql): Promise<Tables> {
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> 'schema_migrations' ORDER BY 1`;
  const contents: Tables = {};
  for (const { name } of tables) {
    const [row] = await sql<{ content: string }[]>`
      SELECT count(*) || ' rows ' || md5(coalesce(string_agg(hash, '' ORDER BY hash), '')) AS content
      FROM (SELECT md5(t::text) AS hash FROM ${sql(name)} t) rows`;
    contents[name] = row?.content ?? '';
  }
  return contents;
}

/** A sentence for each table whose content differs. */
export function differences(original: Tables, restored: Tables): string[] {
  const names = new Set([...Object.keys(original), ...Object.keys(restored)]);
  return [...names]
    .filter((name) => original[name] !== restored[name])
    .map((name) => `${name}: ${original[name]} in the original, ${restored[name]} in the restored database`);
}
