import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { openInstallation } from '../../local/installation/installation.ts';
import { TEMPLATE } from './postgres.ts';

/** A database for one test, in the shared Postgres server. */
export interface TestDatabase {
  /** The `file:` URL of a role's secret, for a function's environment. */
  url(role: keyof typeof DATABASE_ROLES): string;
  /** A client of a role; by default of the migrator, which owns the schema. */
  sql: Sql;
  client(role: keyof typeof DATABASE_ROLES): Sql;
  /** `file:` URL of the keys that sign access tokens. */
  signingKeysUrl: string;
  /** A folder for this database's objects. */
  objects: string;
  close(): Promise<void>;
}

/** Makes a new database; migrated by default. */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const database = `test_${randomBytes(6).toString('hex')}`;
  if (options.migrated !== false) await copyTemplate(database);
  const installation = await openInstallation({ dataDir: inject('dataDir'), database });
  const clients: Sql[] = [];
  const client = (role: keyof typeof DATABASE_ROLES) => {
    const made = connect(installation.login(DATABASE_ROLES[role]), { max: 4 });
    clients.push(made);
    return made;
  };
  const sql = client('migrator');
  return {
    url: (role) => installation.secretUrl(DATABASE_ROLES[role]),
    sql,
    client,
    signingKeysUrl: installation.signingKeysUrl,
    objects: installation.objects,
    close: async () => {
      await Promise.all(clients.map((made) => made.end({ timeout: 5 })));
      await installation.close();
    },
  };
}

async function copyTemplate(database: string): Promise<void> {
  const sql = connect(inject('superuser'));
  try {
    await sql`CREATE DATABASE ${sql(database)} TEMPLATE ${sql(TEMPLATE)}`;
  } finally {
    await sql.end();
  }
}

/** Sets up one database for all tests of a file and closes it after the last one. */
export function useTestDatabase(): TestDatabase {
  let made: TestDatabase | undefined;
  const database = () => {
    if (!made) throw new Error('the database is made before the first test, not sooner');
    return made;
  };
  beforeAll(async () => {
    made = await testDatabase();
  });
  afterAll(() => made?.close());
  return {
    url: (role) => database().url(role),
    get sql() {
      return database().sql;
    },
    client: (role) => database().client(role),
    get signingKeysUrl() {
      return database().signingKeysUrl;
    },
    get objects() {
      return database().objects;
    },
    close: () => database().close(),
  };
}

/** The outcome of a statement: done, or the code of its error. */
export function outcomeOf(sql: Sql, statement: string): Promise<string> {
  return sql.unsafe(statement).then(
    () => 'done',
    (error) => error.code,
  );
}

/** The error code of a statement that the role has no right to. */
export const DENIED = '42501';
