import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { migrate } from '../../functions/migration/migrate.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { openInstallation } from '../../local/installation/installation.ts';

/** A database of one test's own, in the shared real server. */
export interface TestDatabase {
  /** `file:` URL of a role's secret, as a function's environment would name it. */
  url(role: keyof typeof DATABASE_ROLES): string;
  /** A client of a role; the migrator's, who owns everything, by default. */
  sql: Sql;
  client(role: keyof typeof DATABASE_ROLES): Sql;
  /** `file:` URL of the keys that sign access tokens. */
  signingKeysUrl: string;
  /** A folder for this database's objects. */
  objects: string;
  close(): Promise<void>;
}

/** Makes a fresh database, migrated unless told otherwise. */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const installation = await openInstallation({
    dataDir: inject('dataDir'),
    database: `test_${randomBytes(6).toString('hex')}`,
  });
  const clients: Sql[] = [];
  const client = (role: keyof typeof DATABASE_ROLES) => {
    const made = connect(installation.login(DATABASE_ROLES[role]), { max: 4 });
    clients.push(made);
    return made;
  };
  const sql = client('migrator');
  if (options.migrated !== false) await migrate(sql);
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

/** One for all tests of a file: made before the first of them, closed after the last. */
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

/** How a statement ends: done, or with the code of an error. */
export function outcomeOf(sql: Sql, statement: string): Promise<string> {
  return sql.unsafe(statement).then(
    () => 'done',
    (error) => error.code,
  );
}

/** The code of a statement for which a role has no right. */
export const DENIED = '42501';
