import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionLimits } from '../../../functions/migration/connection-limits.ts';
import { ensureLogins } from '../../../functions/migration/logins.ts';
import { migrate } from '../../../functions/migration/migrate.ts';
import type { RoleName } from '../../../functions/migration/roles.ts';
import { verifySchema } from '../../../functions/migration/schema.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import type { DatabaseSecret } from '../../../functions/shared/secrets.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { type Installation, openInstallation, withLogin } from '../../../local/installation/installation.ts';
import {
  PostgresCluster,
  type PostgresServer,
  removeCluster,
} from '../../../local/installation/postgres-server.ts';
import { DENIED, outcomeOf } from '../../support/database.ts';
import { using } from '../../support/postgres.ts';
import { lastLine, runCommand } from '../commands/command-support.ts';

const ROLES = Object.values(DATABASE_ROLES);

let folder: string;
let server: PostgresServer;
let superuser: Sql;
/** As on a managed server: it may create roles and databases, and is no superuser. */
let admin: DatabaseSecret;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-given-'));
  server = await new PostgresCluster(join(folder, 'postgres'), 'of the superuser').start({ owner: true });
  const login = { host: '127.0.0.1', port: server.port, dbname: 'postgres', sslmode: 'disable' };
  superuser = connect({ ...login, username: 'postgres', password: 'of the superuser' });
  await superuser`CREATE ROLE operator LOGIN CREATEROLE CREATEDB PASSWORD 'secret'`;
  admin = { ...login, username: 'operator', password: 'secret' };
  await using(admin, async (sql) => {
    for (const name of ['alpha', 'beta', 'gamma', 'delta', 'shop']) await sql`CREATE DATABASE ${sql(name)}`;
  });
});
afterAll(async () => {
  await superuser.end();
  await server.stop(true);
  await removeCluster(join(folder, 'postgres'));
  await rm(folder, { recursive: true });
});

const urlOf = (dbname: string) => databaseUrl({ ...admin, dbname });
const open = (name: string, dbname: string): Promise<Installation> =>
  openInstallation({ dataDir: join(folder, name), database: 'unused', databaseUrl: urlOf(dbname) });

async function whoIs(login: DatabaseSecret) {
  return using(login, async (sql) => {
    const [row] = await sql`
      SELECT session_user AS login, current_user AS role, current_setting('statement_timeout') AS timeout`;
    return row;
  });
}

/** The outcome of a connection: done, or the code of the refusal. */
async function connecting(login: DatabaseSecret): Promise<string> {
  const sql = connect(login);
  const outcome = await outcomeOf(sql, 'SELECT 1');
  await sql.end();
  return outcome;
}

/** Logins with the names of the roles themselves, as on AWS and in earlier versions. */
function fixedLogins(dbname: string): Record<RoleName, DatabaseSecret> {
  const login = (role: RoleName) => ({ ...admin, dbname, username: role, password: `of ${role}` });
  return Object.fromEntries(ROLES.map((role) => [role, login(role)])) as Record<RoleName, DatabaseSecret>;
}

describe('two installations on one server', () => {
  let alpha: Installation;
  let beta: Installation;
  beforeAll(async () => {
    [alpha, beta] = await Promise.all([open('a', 'alpha'), open('b', 'beta')]);
    await Promise.all([alpha, beta].map((one) => withLogin(one, 'migrator', migrate)));
  });

  test('log in by names of their own, and act as the roles', async () => {
    for (const one of [alpha, beta])
      for (const role of ROLES) {
        const { username } = one.login(role);
        expect(username).toMatch(new RegExp(`^${role}_[0-9a-f]{8}$`));
        expect(await whoIs(one.login(role))).toEqual({
          login: username,
          role,
          timeout: role === DATABASE_ROLES.api ? '5s' : '0',
        });
      }
    expect(alpha.login(DATABASE_ROLES.api).username).not.toBe(beta.login(DATABASE_ROLES.api).username);
  });

  test('both have the schema, with the owner and the grants of every other database', async () => {
    for (const one of [alpha, beta])
      expect(await withLogin(one, 'migrator', verifySchema)).toEqual({ missing: [], unexpected: [] });
  });

  test('cannot connect to the database of the other', async () => {
    for (const role of ROLES) {
      expect(await connecting({ ...alpha.login(role), dbname: 'beta' })).toBe(DENIED);
      expect(await connecting({ ...beta.login(role), dbname: 'alpha' })).toBe(DENIED);
    }
  });

  test('keep working after the other was opened again', async () => {
    for (const name of ['a', 'b', 'a']) await (await open(name, name === 'a' ? 'alpha' : 'beta')).close();
    for (const one of [alpha, beta])
      for (const role of ROLES) expect(await connecting(one.login(role))).toBe('done');
  });

  test('have their share of the connections each', async () => {
    const rows = await superuser<{ name: string; limit: number }[]>`
      SELECT rolname AS name, rolconnlimit AS limit FROM pg_roles WHERE rolname LIKE 'boursomatic%\\_________'`;
    const limits = connectionLimits(100);
    for (const one of [alpha, beta])
      for (const role of ROLES)
        expect(rows).toContainEqual({ name: one.login(role).username, limit: limits[role] });
  });

  test('have no right but that of the role, and act as no other', async () => {
    await using(alpha.login(DATABASE_ROLES.api), async (sql) => {
      expect(await outcomeOf(sql, 'SELECT FROM users')).toBe('done');
      expect(await outcomeOf(sql, `SET ROLE ${DATABASE_ROLES.pipeline}`)).toBe(DENIED);
      expect(await outcomeOf(sql, 'SET ROLE NONE')).toBe('done');
      expect(await outcomeOf(sql, 'SELECT FROM users')).toBe(DENIED);
    });
    const members =
      await superuser`SELECT rolname FROM pg_roles WHERE rolname IN ${superuser(ROLES)} AND rolcanlogin`;
    expect(members).toEqual([]);
  });

  test('run at the same time', async () => {
    const start = (name: string, dbname: string) =>
      runCommand('start.ts', ['--once', '--json', '--sample', '--data-dir', join(folder, name)], {
        env: { DATABASE_URL: urlOf(dbname), LOG_LEVEL: 'warn' },
      });
    const runs = await Promise.all([start('a', 'alpha'), start('b', 'beta')]);
    for (const { code, out, error } of runs) {
      expect({ code, error: code === 0 ? '' : error }).toEqual({ code: 0, error: '' });
      expect(lastLine(out)).toMatchObject({ status: 'succeeded', modelVersion: 'v1.0.0' });
    }
    expect(runs[0]?.error).toContain(`Sample data in 127.0.0.1:${server.port}/alpha\n`);

    const vendor = ['--once', '--provider', 'yahoo', '--data-dir', join(folder, 'a')];
    const refusal = await runCommand('start.ts', vendor, { env: { DATABASE_URL: urlOf('alpha') } });
    expect(refusal.code).toBe(2);
    expect(refusal.error.trimEnd().split('\n').at(-1)).toBe(
      `boursomatic: 127.0.0.1:${server.port}/alpha holds the sample, which never mixes with real data: name another database in DATABASE_URL, or use --sample`,
    );
    expect(existsSync(join(folder, 'a', 'installation.json'))).toBe(false);
  }, 300_000);
});

test('two data folders share a database, and neither locks the other out', async () => {
  const [first, second] = await Promise.all([open('a', 'alpha'), open('c', 'alpha')]);
  await (await open('a', 'alpha')).close();
  const role = DATABASE_ROLES.pipeline;
  expect(first.login(role).username).not.toBe(second.login(role).username);
  for (const one of [first, second]) expect(await connecting(one.login(role))).toBe('done');
});

test('a folder without its passwords gets new ones for the same logins', async () => {
  const before = (await open('a', 'alpha')).login(DATABASE_ROLES.api);
  await rm(join(folder, 'a', 'secrets', 'passwords.json'));
  const after = (await open('a', 'alpha')).login(DATABASE_ROLES.api);
  expect(after).toEqual({ ...before, password: expect.not.stringMatching(before.password) });
  expect(await connecting(after)).toBe('done');
});

describe('logins with the names of the roles, as on AWS and in earlier versions,', () => {
  test('can follow an installation in its database, which keeps working', async () => {
    const installation = await open('d', 'delta');
    await withLogin(installation, 'migrator', migrate);
    const logins = fixedLogins('delta');
    await using({ ...admin, dbname: 'delta' }, (sql) => ensureLogins(sql, logins));
    for (const role of ROLES) {
      expect(await whoIs(logins[role])).toMatchObject({ login: role, role });
      expect(await connecting(installation.login(role))).toBe('done');
      expect(await connecting({ ...logins[role], dbname: 'alpha' })).toBe(DENIED);
    }
    // An operator may take the right to log in away, and a deployment gives it back.
    await using(admin, (sql) => sql`ALTER ROLE boursomatic_api NOLOGIN`);
    await using({ ...admin, dbname: 'delta' }, (sql) => ensureLogins(sql, logins));
    expect(await connecting(logins[DATABASE_ROLES.api])).toBe('done');
  });

  test('keep their database when an installation is opened there, and lose no data', async () => {
    const logins = fixedLogins('gamma');
    await using({ ...admin, dbname: 'gamma' }, async (sql) => {
      await ensureLogins(sql, logins);
      // The rights of earlier versions: the right to connect was everybody's.
      for (const role of ROLES) await sql`REVOKE CONNECT ON DATABASE gamma FROM ${sql(role)}`;
    });
    await using(logins[DATABASE_ROLES.migrator], migrate);
    await using(logins[DATABASE_ROLES.api], async (sql) => {
      await sql`INSERT INTO users (email, password_hash) VALUES ('ada@example.com', 'x')`;
    });
    const installation = await open('e', 'gamma');
    await withLogin(installation, 'migrator', async (sql) => {
      expect(await migrate(sql)).toEqual([]);
      expect(await sql`SELECT email FROM users`).toEqual([{ email: 'ada@example.com' }]);
    });
    for (const role of ROLES) expect(await connecting(logins[role])).toBe('done');
    const stranger = (await open('b', 'beta')).login(DATABASE_ROLES.api);
    expect(await connecting({ ...stranger, dbname: 'gamma' })).toBe(DENIED);
  });
});

test.each([
  'CREATE TABLE customers (id int)',
  'CREATE TABLE schema_migrations (version text); CREATE TABLE users (id int)',
])('the database of another program is refused and stays as it was: %s', async (statements) => {
  const login = { ...admin, dbname: 'shop' };
  const rights = () =>
    superuser`SELECT datacl::text FROM pg_database WHERE datname = 'shop'`.then(([row]) => row?.datacl);
  await using(login, (sql) => sql.unsafe(`DROP OWNED BY CURRENT_USER; ${statements}`));
  const before = await rights();
  await expect(open('s', 'shop')).rejects.toThrow(
    /\/shop holds tables of something else, such as (customers|users): /,
  );
  expect(await rights()).toBe(before);
});
