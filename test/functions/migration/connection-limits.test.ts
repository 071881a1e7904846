import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { connectionLimits } from '../../../functions/migration/connection-limits.ts';
import { canLogIn } from '../../../functions/migration/logins.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { connect, reachingDatabase, type Sql } from '../../../functions/shared/database.ts';
import { DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { useTestDatabase } from '../../support/database.ts';

const database = useTestDatabase();
const clients: Sql[] = [];
afterAll(() => Promise.all(clients.map((client) => client.end())));

async function loginOf(username: string, password: string) {
  const login = JSON.parse(await readFile(new URL(database.url('api')), 'utf8'));
  return { ...login, username, password };
}

function open(login: Parameters<typeof connect>[0]): Sql {
  const client = connect(login);
  clients.push(client);
  return client;
}

test('every role has its share of the connections of its server', async () => {
  const [server] = await database.sql`SELECT current_setting('max_connections')::int AS max`;
  const roles = await database.sql<{ rolname: string; rolconnlimit: number }[]>`
    SELECT rolname, rolconnlimit FROM pg_roles WHERE rolname IN ${database.sql(Object.values(DATABASE_ROLES))}`;
  expect(Object.fromEntries(roles.map(({ rolname, rolconnlimit }) => [rolname, rolconnlimit]))).toEqual(
    connectionLimits(server?.max),
  );
});

test.each([25, 60, 100, 600, 5000])(
  'on a server with %d connections, all roles together leave some',
  (max) => {
    const limits = Object.values(connectionLimits(max));
    const sum = limits.reduce((total, limit) => total + limit, 0);
    expect(sum).toBeLessThanOrEqual(max - Math.min(15, max * 0.15));
    for (const limit of limits) expect(limit).toBeGreaterThanOrEqual(3);
  },
);

describe('a role that holds all of its connections', () => {
  test('is refused with the error that callers retry, and keeps its password', async () => {
    const role = `limited_${randomBytes(4).toString('hex')}`;
    const passwords = JSON.parse(await readFile(new URL('passwords.json', database.url('api')), 'utf8'));
    const admin = open(await loginOf('postgres', passwords.postgres));
    await admin.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'secret' CONNECTION LIMIT 1`);
    try {
      const login = await loginOf(role, 'secret');
      await open(login)`SELECT 1`;
      const refused = reachingDatabase(async () => open(login)`SELECT 1`);
      await expect(refused).rejects.toThrow(DatabaseUnreachableError);
      await expect(refused).rejects.toThrow('too many connections for role');
      expect(await canLogIn(login)).toBe(true);
    } finally {
      await Promise.all(clients.slice(1).map((client) => client.end()));
      await admin.unsafe(`DROP ROLE ${role}`);
    }
  });
});
