import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import { StorageError } from '../../../functions/shared/errors.ts';
import { type Installation, openInstallation } from '../../../local/installation/installation.ts';
import { removeCluster } from '../../../local/installation/postgres-server.ts';
import { makeDisk, noDisk, type SmallDisk } from '../../support/small-disk.ts';

const RESERVED = 32 * 2 ** 20;

let disk: SmallDisk;
let dataDir: string;
let said: string[];
const opened: Installation[] = [];
const clients: Sql[] = [];

beforeEach(async ({ skip }) => {
  skip(noDisk !== undefined, noDisk);
  disk = await makeDisk(400);
  dataDir = join(disk.folder, 'data');
  // The server's user must enter it, or the cluster would lie on another disk.
  await mkdir(dataDir, { mode: 0o755 });
  said = [];
});
afterEach(async () => {
  for (const sql of clients.splice(0)) await sql.end({ timeout: 1 });
  for (const installation of opened.splice(0)) await installation.close(true);
  if (noDisk) return;
  await removeCluster(join(dataDir, 'postgres'));
  await disk.remove();
});

async function open(folder = dataDir): Promise<Installation> {
  const installation = await openInstallation({
    dataDir: folder,
    database: 'one',
    owner: true,
    say: (line) => said.push(line),
  });
  opened.push(installation);
  return installation;
}

/** A client of Postgres' own superuser. */
async function superuser(installation: Installation, folder = dataDir): Promise<Sql> {
  const { postgres: password } = JSON.parse(await readFile(join(folder, 'secrets/passwords.json'), 'utf8'));
  const sql = connect({
    ...installation.login(DATABASE_ROLES.api),
    username: 'postgres',
    password,
  });
  clients.push(sql);
  return sql;
}

/** Writes to Postgres' log until it cannot go on. */
async function writeLog(sql: Sql): Promise<void> {
  for (let n = 0; n < 10; n++) {
    const isWritten = await sql`SELECT pg_logical_emit_message(true, 'test', repeat('a', 10000000))`.then(
      () => true,
      () => false,
    );
    if (!isWritten) return;
  }
  throw new Error('the log of Postgres went on on a full disk');
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await isTrue()); await wait(50))
    if (Date.now() > end) throw new Error(`not in time; said:\n${said.join('\n')}`);
}

const reserve = () =>
  stat(join(dataDir, 'postgres', 'reserve')).then(
    ({ size }) => size,
    () => 0,
  );
const answers = (sql: Sql) =>
  sql`SELECT 1`.then(
    () => true,
    () => false,
  );

describe('a disk that fills under Postgres', () => {
  test('costs a restart: Postgres starts in the reserved space, reads and writes, and the space is reserved again', async () => {
    const sql = await superuser(await open());
    await sql`CREATE TABLE accounts (name text)`;
    await sql`INSERT INTO accounts VALUES ('acknowledged')`;
    await until(async () => (await reserve()) === RESERVED);
    await disk.fill();
    await writeLog(sql);
    await until(() => said.includes('Postgres is running again.'));
    expect(said).toEqual([
      'Postgres ended unexpectedly. Starting it again…',
      expect.stringMatching(/^The disk of .* is full\. Postgres starts in the space that was reserved/),
      'Postgres is running again.',
    ]);
    expect(await reserve()).toBe(0);
    expect(await sql`SELECT name FROM accounts`).toEqual([{ name: 'acknowledged' }]);
    await sql`UPDATE accounts SET name = 'changed'`;
    await disk.free();
    await opened.pop()?.close();
    await open();
    await until(async () => (await reserve()) === RESERVED);
  });

  test('is named once if no space is reserved, and Postgres starts when there is room', async () => {
    const sql = await superuser(await open());
    await sql`CREATE TABLE accounts (name text)`;
    await until(async () => (await reserve()) === RESERVED);
    await disk.fill();
    await rm(join(dataDir, 'postgres', 'reserve'));
    await disk.free();
    await disk.fill();
    await writeLog(sql);
    await until(() => said.length > 1);
    await wait(3_000);
    expect(said).toEqual([
      'Postgres ended unexpectedly. Starting it again…',
      expect.stringMatching(
        /^embedded Postgres in .* does not start, because its disk is full: free some space\. Trying again until it starts\.$/,
      ),
    ]);
    expect(await answers(sql)).toBe(false);
    await disk.free();
    await until(() => said.includes('Postgres is running again.'));
    await until(() => answers(sql));
    await sql`INSERT INTO accounts VALUES ('new')`;
  });
});

describe('a start', () => {
  test('on a full disk takes the reserved space, and says so', async () => {
    await open();
    await until(async () => (await reserve()) === RESERVED);
    await opened.pop()?.close();
    await disk.fill();
    const sql = await superuser(await open());
    expect(said[0]).toMatch(
      /^The disk of .* is full\. Starting in the space that was reserved for this: free some space\.$/,
    );
    expect(await answers(sql)).toBe(true);
  });

  test('on a full disk without reserved space fails with the remedy, and leaves nothing', async () => {
    await disk.fill();
    const error = await open().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).toMatch(/its disk is full: free some space$/);
    await disk.free();
    expect(await answers(await superuser(await open()))).toBe(true);
  });

  test('in a read-only folder fails with the remedy', async () => {
    await open();
    await opened.pop()?.close();
    disk.setReadOnly(true);
    const error = await open().catch((thrown) => thrown);
    disk.setReadOnly(false);
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).toMatch(
      /owner\.pid: its file system is read-only: make it writable, or use another folder$/,
    );
  });
});

describe('a power cut', () => {
  test('keeps a new installation, with every acknowledged change', async () => {
    const installation = await open();
    const sql = connect(installation.login(DATABASE_ROLES.migrator));
    clients.push(sql);
    await sql`CREATE TABLE accounts (name text)`;
    for (let n = 1; n <= 2; n++) {
      await sql`INSERT INTO accounts VALUES (${`account ${n}`})`;
      const after = await disk.afterPowerCut();
      const folder = join(after.folder, 'data');
      try {
        const survived = await openInstallation({ dataDir: folder, database: 'one', owner: true });
        const found = connect(survived.login(DATABASE_ROLES.migrator));
        expect(await found`SELECT count(*)::int AS count FROM accounts`).toEqual([{ count: n }]);
        await found.end();
        await survived.close(true);
      } finally {
        await after.remove();
      }
    }
  });
});

test('a server that does not sync its files is named when its owner starts', async () => {
  const sql = await superuser(await open());
  expect(said).toEqual([]);
  await sql`ALTER SYSTEM SET fsync = off`;
  await opened.pop()?.close();
  await open();
  expect(said).toEqual([
    'The database server has fsync = off: a power cut can destroy the database. Set fsync = on in its configuration.',
  ]);
});
