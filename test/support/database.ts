import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, inject } from 'vitest';
import type { RoleName } from '../../functions/migration/roles.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { copyDatabase, TEMPLATES, using } from './postgres.ts';

/** A database for one test, in the shared Postgres server. */
export interface TestDatabase {
  name: string;
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

/** Makes a new database, as a copy of a template; migrated by default. */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.migrated === false ? TEMPLATES.empty : TEMPLATES.migrated;
  await using(inject('superuser'), (superuser) => copyDatabase(superuser, template, name));
  const dataDir = inject('dataDir');
  const loginOf = (role: RoleName) => ({ ...inject('logins')[role], dbname: name });
  const secretOf = (role: RoleName) => join(dataDir, 'secrets', `${name}-${role}.json`);
  for (const role of Object.values(DATABASE_ROLES))
    await writeFile(secretOf(role), JSON.stringify(loginOf(role)), { mode: 0o600 });
  const clients: Sql[] = [];
  const client = (role: keyof typeof DATABASE_ROLES) => {
    const made = connect(loginOf(DATABASE_ROLES[role]), { max: 4 });
    clients.push(made);
    return made;
  };
  return {
    name,
    url: (role) => pathToFileURL(secretOf(DATABASE_ROLES[role])).href,
    sql: client('migrator'),
    client,
    signingKeysUrl: inject('signingKeysUrl'),
    objects: join(dataDir, 'objects', name),
    close: async () => {
      await Promise.all(clients.map((made) => made.end({ timeout: 5 })));
    },
  };
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
    get name() {
      return database().name;
    },
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
