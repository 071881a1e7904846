import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import { openInstallation, withLogin } from '../../../local/installation/installation.ts';
import { PostgresCluster, removeCluster } from '../../../local/installation/postgres-server.ts';

const PASSWORD = 'a password';
const MODULE = new URL('../../../local/installation/postgres-server.ts', import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-crash-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function ask<T>(port: number, question: (sql: Sql) => Promise<T>, password = PASSWORD): Promise<T> {
  const login = { host: '127.0.0.1', port, dbname: 'postgres', username: 'postgres', sslmode: 'disable' };
  const sql = connect({ ...login, password });
  try {
    return await question(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function dataFolder(home: string): Promise<string> {
  const elsewhere = await readFile(join(home, 'cluster-is-at'), 'utf8').catch(() => '');
  return elsewhere.trim() || join(home, 'cluster');
}

/** Starts the server of a cluster in a process of its own, which then waits to be killed. */
function startElsewhere(home: string): ChildProcess {
  const code = `
    const { PostgresCluster } = await import(${JSON.stringify(MODULE)});
    await new PostgresCluster(process.argv[1], process.argv[2]).start({ owner: true });
    process.stdout.write('started');
    setInterval(() => {}, 1000);`;
  return spawn(process.execPath, ['--input-type=module', '-e', code, home, PASSWORD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills the server and all of its sessions at once, as a power failure does. */
async function killServer(data: string): Promise<void> {
  const postmaster = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
  const children = (await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')).trim();
  process.kill(postmaster, 'SIGSTOP');
  for (const pid of [postmaster, ...children.split(' ').filter(Boolean).map(Number)]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // A session has ended in the meantime.
    }
  }
}

describe('a start after a kill', () => {
  test.each([50, 400, 1200])('creates the cluster anew after a kill %d ms into its creation', async (ms) => {
    const home = join(folder, `killed-${ms}`);
    const child = startElsewhere(home);
    const killed = new Promise((resolve) => child.once('close', resolve));
    for (;;) {
      const data = await dataFolder(home);
      const parent = join(data, '..');
      if (
        (await readdir(parent).catch(() => [])).some(
          (name) => name.startsWith('cluster') && name !== 'cluster-is-at',
        )
      )
        break;
      await wait(5);
    }
    await wait(ms);
    child.kill('SIGKILL');
    await killed;
    const cluster = new PostgresCluster(home, PASSWORD);
    const server = await cluster.start({ owner: true });
    expect(await ask(server.port, (sql) => sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
    await server.stop();
    const left = await readdir(join(await dataFolder(home), '..'));
    expect(left.filter((name) => name !== 'cluster' && name !== 'cluster-is-at')).toEqual([]);
    await removeCluster(home);
  });

  test('is not stopped by a pid file whose pid another program has now', async () => {
    const home = join(folder, 'reused');
    const cluster = new PostgresCluster(home, PASSWORD);
    await (await cluster.start({ owner: true })).stop();
    const data = await dataFolder(home);
    await writeFile(
      join(data, 'postmaster.pid'),
      `${process.pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n   123456    789\nready   \n`,
    );
    const server = await cluster.start({ owner: true });
    expect(await ask(server.port, (sql) => sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
    await server.stop();
    await removeCluster(home);
  });
});

test.runIf(process.platform === 'linux')(
  'keeps every acknowledged change when Postgres is killed',
  async () => {
    const home = join(folder, 'acknowledged');
    const cluster = new PostgresCluster(home, PASSWORD);
    let server = await cluster.start({ owner: true });
    await ask(server.port, (sql) => sql`CREATE TABLE accounts (email text PRIMARY KEY)`);
    for (let n = 1; n <= 10; n++) {
      const sql = connect({
        host: '127.0.0.1',
        port: server.port,
        dbname: 'postgres',
        username: 'postgres',
        password: PASSWORD,
        sslmode: 'disable',
      });
      await sql`INSERT INTO accounts VALUES (${`user${n}@example.com`})`;
      await killServer(await dataFolder(home));
      await sql.end({ timeout: 0 });
      server = await cluster.start({ owner: true });
      const [row] = await ask(server.port, (after) => after`SELECT count(*)::int AS accounts FROM accounts`);
      expect(row?.accounts).toBe(n);
    }
    await server.stop();
    await removeCluster(home);
  },
);

describe('a server that is killed while a start prepares the database', () => {
  beforeAll(async () => {
    const dataDir = join(folder, 'preparing');
    await (await openInstallation({ dataDir, database: 'zero', owner: true })).close(true);
  });
  afterAll(() => removeCluster(join(folder, 'preparing', 'postgres')));

  test('is started again, and the step is repeated', async () => {
    const dataDir = join(folder, 'preparing');
    const installation = await openInstallation({ dataDir, database: 'one', owner: true });
    let attempts = 0;
    try {
      const step = () =>
        withLogin(installation, 'migrator', async (sql) => {
          attempts++;
          if (attempts === 1) await killServer(await dataFolder(join(dataDir, 'postgres')));
          return sql`SELECT 1 AS one`;
        });
      expect(await installation.overRestarts(step)).toEqual([{ one: 1 }]);
      expect(attempts).toBeGreaterThan(1);
    } finally {
      await installation.close(true);
    }
  });

  test('is started again before it has the database', async () => {
    const dataDir = join(folder, 'preparing');
    const data = await dataFolder(join(dataDir, 'postgres'));
    const opening = openInstallation({ dataDir, database: 'two', owner: true });
    const until = Date.now() + 20_000;
    for (let isReady = false; !isReady && Date.now() < until; await wait(1))
      isReady = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).includes('ready');
    await killServer(data);
    const installation = await opening;
    try {
      const sql = connect(installation.login(DATABASE_ROLES.api));
      expect(await sql`SELECT current_database() AS name`).toEqual([{ name: 'two' }]);
      await sql.end();
    } finally {
      await installation.close(true);
    }
  });
});

describe('a damaged secret', () => {
  afterAll(() => removeCluster(join(folder, 'damaged', 'postgres')));
  const open = (dataDir: string) => openInstallation({ dataDir, database: 'one', owner: true });

  test.each([
    ['passwords.json', '{"postgres":"abc', /the next start sets new passwords/],
    ['passwords.json', '', /the next start sets new passwords/],
    ['signing-keys.json', '{"keys":[', /sign in again/],
    ['signing-keys.json', '', /sign in again/],
  ])('%s with the text %j is named, with what to do', async (name, text, cost) => {
    const dataDir = join(folder, 'damaged');
    await (await open(dataDir)).close();
    const path = join(dataDir, 'secrets', name);
    await writeFile(path, text);
    const error = await open(dataDir).catch((thrown) => thrown);
    expect(error.code).toBe('configuration');
    expect(error.message).toContain(path);
    expect(error.message).toMatch(/restore it .*or remove it/i);
    expect(error.message).toMatch(cost);
    expect(await readdir(dataDir)).not.toContain('owner.pid');
    await rm(path);
    const again = await open(dataDir);
    expect(await stat(path)).toBeDefined();
    await again.close();
  });
});

describe('a DATABASE_URL of something else', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  async function listen(respond: (data: Buffer) => string | undefined): Promise<number> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        const text = respond(data);
        if (text) socket.write(text);
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  // Both wait for the deadline of ten seconds.
  test.concurrent.each([
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\nConnection: keep-alive\r\n\r\n'],
    ['is silent', undefined],
  ])('ends in an error within its deadline if it %s', async (_, text) => {
    const port = await listen(() => text);
    const began = Date.now();
    const error = await openInstallation({
      dataDir: await mkdtemp(join(folder, 'url-')),
      database: 'unused',
      databaseUrl: `postgres://someone:hunter2@127.0.0.1:${port}/nowhere`,
      owner: true,
    }).catch((thrown) => thrown);
    expect(error.code).toBe('database_unreachable');
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).toContain('DATABASE_URL');
    expect(error.message).not.toContain('hunter2');
    expect(Date.now() - began).toBeLessThan(12_000);
  });
});
