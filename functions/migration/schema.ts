import { readFile } from 'node:fs/promises';
import type { Sql } from '../shared/database.ts';

/** The expected schema, one fact per line, written by `npm run db:verify -- --write`. */
export const EXPECTED_SCHEMA = new URL('../../sql/schema.txt', import.meta.url);

/**
 * Describes the schema `public` in sorted lines, one per fact: columns, constraints, indexes, triggers, views,
 * functions, owners and grants. Databases with equal lines have equal schemas. Partitions are left out: their parents
 * define them, and the data decides which exist.
 */
export async function describeSchema(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    WITH relation AS (
      SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl
      FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'v')
        AND c.relname <> 'schema_migrations'
    )
    SELECT format('table %s owner %s%s', relname, pg_get_userbyid(relowner),
      CASE relkind WHEN 'p' THEN ' partitioned by ' || pg_get_partkeydef(oid) WHEN 'v' THEN ' (view)' ELSE '' END) AS line
    FROM relation
    UNION ALL
    SELECT format('column %s.%s %s%s%s', r.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), ''))
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('constraint %s.%s %s', r.relname, k.conname, pg_get_constraintdef(k.oid))
    FROM relation r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype <> 'n' AND k.conparentid = 0
    UNION ALL
    SELECT format('index %s %s', r.relname, pg_get_indexdef(i.indexrelid))
    FROM relation r JOIN pg_index i ON i.indrelid = r.oid
    UNION ALL
    SELECT format('trigger %s %s', r.relname, pg_get_triggerdef(t.oid))
    FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT format('view %s %s', relname, md5(pg_get_viewdef(oid))) FROM relation WHERE relkind = 'v'
    UNION ALL
    SELECT format('function %s(%s) owner %s %s', p.proname, pg_get_function_identity_arguments(p.oid),
      pg_get_userbyid(p.proowner), md5(pg_get_functiondef(p.oid)))
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('grant %s on %s to %s', g.privilege_type, r.relname, pg_get_userbyid(g.grantee))
    FROM relation r, aclexplode(r.relacl) g WHERE g.grantee <> r.relowner
    UNION ALL
    SELECT format('grant %s on %s.%s to %s', g.privilege_type, r.relname, a.attname, pg_get_userbyid(g.grantee))
    FROM relation r JOIN pg_attribute a ON a.attrelid = r.oid AND NOT a.attisdropped, aclexplode(a.attacl) g
    UNION ALL
    SELECT format('grant %s on function %s to %s', g.privilege_type, p.proname,
      CASE g.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END)
    FROM pg_proc p, aclexplode(p.proacl) g WHERE p.pronamespace = 'public'::regnamespace AND g.grantee <> p.proowner
    UNION ALL
    SELECT format('grant %s on schema public to %s', g.privilege_type, pg_get_userbyid(g.grantee))
    FROM pg_namespace n, aclexplode(n.nspacl) g
    WHERE n.nspname = 'public' AND pg_get_userbyid(g.grantee) LIKE 'boursomatic\_%'
    ORDER BY 1`;
  return rows.map(({ line }) => line);
}

/** The expected facts that a schema lacks, and the facts that are not expected. */
export interface SchemaDifference {
  missing: string[];
  unexpected: string[];
}

/** Compares the schema with the expected one. Both lists are empty if they agree. */
export async function verifySchema(sql: Sql): Promise<SchemaDifference> {
  const actual = new Set(await describeSchema(sql));
  const expected = new Set((await readFile(EXPECTED_SCHEMA, 'utf8')).trimEnd().split('\n'));
  return {
    missing: [...expected].filter((line) => !actual.has(line)),
    unexpected: [...actual].filter((line) => !expected.has(line)),
  };
}
