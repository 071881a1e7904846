import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../functions/migration/migrate.ts';
import { letMigratorUse, type RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { type Installation, openInstallation } from '../../local/installation/installation.ts';
import { readPasswords } from '../../local/installation/local-secrets.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of the one real Postgres server that all tests share. */
    dataDir: string;
    /** Login of the server's superuser. */
    superuser: DatabaseSecret;
    /** Logins of the roles, whose passwords no test may change. */
    logins: Record<RoleName, DatabaseSecret>;
    signingKeysUrl: string;
  }
}

/** Databases that tests copy: one with roles and nothing else, and a migrated one. */
export const TEMPLATES = { empty: 'template_empty', migrated: 'template_migrated' } as const;

/** Starts one Postgres server for the whole test run, in which each test file makes its own databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-test-'));
  const installation = await openInstallation({ dataDir, database: TEMPLATES.empty, owner: true });
  const roles = Object.values(DATABASE_ROLES);
  project.provide('dataDir', dataDir);
  project.provide('superuser', await makeTemplates(dataDir, installation));
  project.provide(
    'logins',
    Object.fromEntries(roles.map((role) => [role, installation.login(role)])) as Record<
      RoleName,
      DatabaseSecret
    >,
  );
  project.provide('signingKeysUrl', installation.signingKeysUrl);
  return async () => {
    await installation.close(true);
    await removeCluster(join(dataDir, 'postgres'));
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** @returns the login of the superuser */
async function makeTemplates(dataDir: string, installation: Installation): Promise<DatabaseSecret> {
  const migrator = installation.login(DATABASE_ROLES.migrator);
  const { postgres: password } = await readPasswords(dataDir);
  const superuser = { ...migrator, username: 'postgres', password, dbname: 'postgres' };
  await using(superuser, async (sql) => {
    // No test of this server ends it in a crash, so its commits need not wait for the disk.
    await sql`ALTER SYSTEM SET fsync = off`;
    await sql`ALTER SYSTEM SET full_page_writes = off`;
    await sql`SELECT pg_reload_conf()`;
    await copyDatabase(sql, TEMPLATES.empty, TEMPLATES.migrated);
  });
  await using({ ...migrator, dbname: TEMPLATES.migrated }, migrate);
  return superuser;
}

/** Copies a database that nobody is connected to. The rights on the database itself are no part of the copy. */
export async function copyDatabase(superuser: Sql, template: string, name: string): Promise<void> {
  await superuser`CREATE DATABASE ${superuser(name)} TEMPLATE ${superuser(template)}`;
  await letMigratorUse(superuser, name);
}

/** Connects as a login, runs the work, and closes the connection. */
export async function using<T>(login: DatabaseSecret, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(login);
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
