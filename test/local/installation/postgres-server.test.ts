import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, reachingDatabase, type Sql } from '../../../functions/shared/database.ts';
import { BoursomaticError, DatabaseUnreachableError } from '../../../functions/shared/errors.ts';
import { serverUser } from '../../../local/installation/postgres-programs.ts';
import { PostgresCluster, removeCluster } from '../../../local/installation/postgres-server.ts';

const PASSWORD = "it's a \\ secret";
const MODULE = new URL('../../../local/installation/postgres-server.ts', import.meta.url).href;

let folder: string;
let home: string;
let cluster: PostgresCluster;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-cluster-'));
  home = join(folder, 'postgres');
  cluster = new PostgresCluster(home, PASSWORD);
});
afterAll(async () => {
  await (await cluster.start({ owner: true })).stop();
  await removeCluster(home);
  await rm(folder, { recursive: true });
});

/** Runs a query on the server at a port. */
async function ask<T>(port: number, question: (sql: Sql) => Promise<T>, password = PASSWORD): Promise<T> {
  const sql = connect({
    host: '127.0.0.1',
    port,
    dbname: 'postgres',
    username: 'postgres',
    password,
    sslmode: 'disable',
  });
  try {
    return await reachingDatabase(() => question(sql));
  } finally {
    await sql.end();
  }
}

const alive = async (port: number) => (await ask(port, (sql) => sql`SELECT 1 AS one`))[0]?.one === 1;
const dataFolder = async (port: number) =>
  (await ask(port, (sql) => sql<{ path: string }[]>`SELECT current_setting('data_directory') AS path`))[0]
    ?.path ?? '';

describe('PostgresCluster', () => {
  test('starts Postgres 18 on the loopback address, in UTC and UTF-8', async () => {
    const server = await cluster.start();
    const [row] = await ask(
      server.port,
      (sql) => sql`
        SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('listen_addresses') AS at,
          current_setting('timezone') AS zone, current_setting('server_encoding') AS encoding`,
    );
    expect(row).toEqual({ version: 18, at: '127.0.0.1', zone: 'UTC', encoding: 'UTF8' });
    await server.stop();
  });

  test('rejects a wrong password', async () => {
    const server = await cluster.start();
    await expect(ask(server.port, (sql) => sql`SELECT 1`, 'another')).rejects.toThrow(
      /password authentication failed/,
    );
    await server.stop();
  });

  test('keeps its data across restarts', async () => {
    const first = await cluster.start();
    await ask(first.port, (sql) => sql`CREATE TABLE kept AS SELECT 42 AS answer`);
    await first.stop();
    await expect(alive(first.port)).rejects.toBeInstanceOf(DatabaseUnreachableError);
    const second = await cluster.start();
    expect(await ask(second.port, (sql) => sql`SELECT answer FROM kept`)).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  test('shares a running server, and only its starter stops it', async () => {
    const first = await cluster.start();
    const second = await new PostgresCluster(home, PASSWORD).start();
    expect(second.port).toBe(first.port);
    await second.stop();
    expect(await alive(first.port)).toBe(true);
    await first.stop();
  });

  test('lets an owner take over and stop the server of a killed process', async () => {
    const code = `
      const { PostgresCluster } = await import(${JSON.stringify(MODULE)});
      const { port } = await new PostgresCluster(process.argv[1], process.argv[2]).start({ owner: true });
      process.stdout.write(String(port), () => process.kill(process.pid, 'SIGKILL'));`;
    const killed = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      code,
      home,
      PASSWORD,
    ]).catch((error) => error);
    expect(killed.signal).toBe('SIGKILL');
    const port = Number(killed.stdout);
    expect(await alive(port)).toBe(true);
    const owner = await cluster.start({ owner: true });
    expect(owner.port).toBe(port);
    await owner.stop();
    await expect(alive(port)).rejects.toBeInstanceOf(DatabaseUnreachableError);
  });

  test('reports the last lines of the log if the server does not start', async () => {
    const server = await cluster.start();
    const data = await dataFolder(server.port);
    await server.stop();
    const path = join(data, 'postgresql.conf');
    const settings = await readFile(path, 'utf8');
    await writeFile(path, `${settings}\nnot_a_setting = 1\n`);
    try {
      const starting = cluster.start();
      await expect(starting).rejects.toBeInstanceOf(BoursomaticError);
      await expect(starting).rejects.toThrow(`embedded Postgres in ${data} does not start: `);
      await expect(starting).rejects.toThrow(/unrecognized configuration parameter "not_a_setting"/);
    } finally {
      await writeFile(path, settings);
    }
  });

  test('recreates an incomplete cluster, and removes all of its files', async () => {
    const half = new PostgresCluster(join(folder, 'half'), PASSWORD);
    const server = await half.start();
    const data = await dataFolder(server.port);
    await server.stop();
    await rm(join(data, 'PG_VERSION'));
    const again = await half.start();
    expect(await alive(again.port)).toBe(true);
    await again.stop();
    await removeCluster(join(folder, 'half'));
    await expect(stat(data)).rejects.toThrow(/ENOENT/);
    await expect(stat(join(folder, 'half'))).rejects.toThrow(/ENOENT/);
  });

  describe('of root', { skip: process.getuid?.() !== 0 }, () => {
    test('keeps its files in the home, and lets only the server’s user into the data folder', async () => {
      const dataDir = join(folder, 'data');
      await mkdir(dataDir, { mode: 0o700 });
      await chmod(folder, 0o711);
      const server = await new PostgresCluster(join(dataDir, 'postgres'), PASSWORD).start();
      expect(await dataFolder(server.port)).toBe(join(dataDir, 'postgres', 'cluster'));
      await server.stop();
      const { mode, gid } = await stat(dataDir);
      expect({ mode: mode & 0o777, gid }).toEqual({ mode: 0o710, gid: serverUser().gid });
    });

    test('keeps its files below /var/tmp if the server’s user cannot enter a folder above the data folder', async () => {
      const home = join(folder, 'closed', 'data', 'postgres');
      await mkdir(home, { recursive: true });
      await chmod(join(folder, 'closed'), 0o700);
      const server = await new PostgresCluster(home, PASSWORD).start();
      const data = await dataFolder(server.port);
      expect(data).toMatch(/^\/var\/tmp\/boursomatic-[0-9a-f]{12}\/cluster$/);
      await server.stop();
      await removeCluster(home);
      await expect(stat(data)).rejects.toThrow(/ENOENT/);
    });

    test('leaves a data folder that has another group unchanged', async () => {
      const dataDir = join(folder, 'shared');
      await mkdir(dataDir, { mode: 0o750 });
      await chown(dataDir, 0, 4321);
      await chmod(folder, 0o711);
      const home = join(dataDir, 'postgres');
      const server = await new PostgresCluster(home, PASSWORD).start();
      expect(await dataFolder(server.port)).toMatch(/^\/var\/tmp\//);
      await server.stop();
      const { mode, gid } = await stat(dataDir);
      expect({ mode: mode & 0o777, gid }).toEqual({ mode: 0o750, gid: 4321 });
      await removeCluster(home);
    });
  });
});
