import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeDatabases, connect, database, reachingDatabase } from '../../../functions/shared/database.ts';
import { DatabaseUnreachableError, StorageError } from '../../../functions/shared/errors.ts';
import { type DatabaseSecret, readDatabaseSecret } from '../../../functions/shared/secrets.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

describe('reachingDatabase', () => {
  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'CONNECT_TIMEOUT',
    'CONNECTION_CLOSED',
    'CONNECTION_DESTROYED',
    'EPIPE',
    'ECONNRESET',
    'ETIMEDOUT',
    '28P01',
    '3D000',
    '57P01',
    '57P02',
    '53300',
  ])('turns %s into the retried error, with its cause', async (code) => {
    const cause = Object.assign(new Error('went wrong'), { code });
    const failed = await reachingDatabase(() => Promise.reject(cause)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DatabaseUnreachableError);
    expect(failed).toMatchObject({ message: 'database: went wrong', code: 'database_unreachable', cause });
  });

  test('names the code where the cause has no message', async () => {
    const cause = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
    await expect(reachingDatabase(() => Promise.reject(cause))).rejects.toThrow('database: ECONNREFUSED');
  });

  test.each([
    ['could not extend file "base/1/2": No space left on device', '53100'],
    ['could not open file "base/1/2": Read-only file system', '42501'],
  ])('turns "%s" into a fault of the storage', async (message, code) => {
    const cause = Object.assign(new Error(message), { code });
    const failed = await reachingDatabase(() => Promise.reject(cause)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(StorageError);
    expect(failed).toMatchObject({ code: 'storage', cause });
  });

  test.each([
    ['a broken rule', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['a defect', new TypeError('undefined is not a function')],
    ['a thrown word', 'no'],
  ])('passes %s through', async (_, thrown) => {
    await expect(reachingDatabase(() => Promise.reject(thrown))).rejects.toBe(thrown);
  });

  test('returns the result of the work', async () => {
    expect(await reachingDatabase(async () => 7)).toBe(7);
  });
});

describe('a real server', () => {
  let db: TestDatabase;
  let login: DatabaseSecret;
  let folder: string;
  let secret: string;
  beforeAll(async () => {
    db = await testDatabase({ migrated: false });
    login = await readDatabaseSecret(db.url('api'));
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boursomatic-database-'));
    secret = pathToFileURL(join(folder, 'secret.json')).href;
    await write(login);
  });
  afterEach(async () => {
    await closeDatabases();
    await rm(folder, { recursive: true });
  });
  const write = (value: DatabaseSecret) => writeFile(fileURLToPath(secret), JSON.stringify(value));
  const ask = async () => (await database(secret))`SELECT current_user AS who`;

  test('connects as the role of the secret, with sessions in UTC', async () => {
    expect(await ask()).toEqual([{ who: 'boursomatic_api' }]);
    expect(await (await database(secret))`SHOW TimeZone`).toEqual([{ TimeZone: 'UTC' }]);
  });

  test.each<[string, Partial<DatabaseSecret>]>([
    ['a wrong password', { password: 'hunter2' }],
    ['a database that there is not', { dbname: 'nowhere' }],
  ])('reports %s as unreachable, without the password', async (_, wrong) => {
    await write({ ...login, ...wrong });
    const refusal = await reachingDatabase(ask).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseUnreachableError);
    expect(String(refusal)).not.toContain('hunter2');
  });

  test('connects once the secret is corrected', async () => {
    await write({ ...login, password: 'hunter2' });
    await expect(ask()).rejects.toMatchObject({ code: '28P01' });
    await write(login);
    expect(await ask()).toHaveLength(1);
  });

  test('connects once a malformed secret is corrected', async () => {
    await writeFile(fileURLToPath(secret), '{}');
    await expect(ask()).rejects.toThrow('missing or malformed');
    await write(login);
    expect(await ask()).toHaveLength(1);
  });

  test('shares one client per secret until the clients are closed', async () => {
    const client = await database(secret);
    expect(await database(secret)).toBe(client);
    await closeDatabases();
    expect(await database(secret)).not.toBe(client);
    await expect(client`SELECT 1`).rejects.toMatchObject({ code: 'CONNECTION_ENDED' });
  });

  test('refuses a server without TLS unless the secret allows it', async () => {
    const { sslmode, ...strict } = login;
    expect(sslmode).toBe('disable');
    const sql = connect(strict);
    await expect(sql`SELECT 1`).rejects.toThrow();
    await sql.end();
  });

  test('reports a missing server as unreachable', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await new Promise((resolve) => server.close(resolve));
    await write({ ...login, port });
    await expect(reachingDatabase(ask)).rejects.toThrow(DatabaseUnreachableError);
    expect(await readFile(fileURLToPath(secret), 'utf8')).toContain(String(port));
  });
});
