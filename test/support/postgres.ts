import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../functions/migration/migrate.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect } from '../../functions/shared/database.ts';
import type { DatabaseSecret } from '../../functions/shared/secrets.ts';
import { openInstallation, withLogin } from '../../local/installation/installation.ts';
import { readPasswords } from '../../local/installation/local-secrets.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of the one real Postgres server that all tests share. */
    dataDir: string;
    /** Login of the server's superuser. */
    superuser: DatabaseSecret;
  }
}

/** A migrated and empty database. Test files copy it. */
export const TEMPLATE = 'template';

/** Starts one Postgres server for the whole test run, in which each test file makes its own databases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-test-'));
  const installation = await openInstallation({ dataDir, database: TEMPLATE, owner: true });
  const superuser = {
    ...installation.login(DATABASE_ROLES.migrator),
    username: 'postgres',
    password: (await readPasswords(dataDir)).postgres,
    dbname: 'postgres',
  };
  await forgoDurability(superuser);
  await withLogin(installation, 'migrator', (sql) => migrate(sql));
  project.provide('dataDir', dataDir);
  project.provide('superuser', superuser);
  return async () => {
    await installation.close(true);
    await removeCluster(join(dataDir, 'postgres'));
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** No test of this server ends it in a crash, so its commits need not wait for the disk. */
async function forgoDurability(superuser: DatabaseSecret): Promise<void> {
  const sql = connect(superuser);
  try {
    await sql`ALTER SYSTEM SET fsync = off`;
    await sql`ALTER SYSTEM SET full_page_writes = off`;
    await sql`SELECT pg_reload_conf()`;
  } finally {
    await sql.end();
  }
}
