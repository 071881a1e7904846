import { chown, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { syncFolder } from '../../functions/shared/durable-files.ts';
import { BoursomaticError, StorageError } from '../../functions/shared/errors.ts';
import { clusterElsewhere, placeCluster } from './cluster-place.ts';
import { keepReserve, releaseReserve } from './disk-reserve.ts';
import { beginLog, lastError, readLog, saysDiskFull } from './postgres-log.ts';
import { readServer, releasePidFile, settledServer, stopServer } from './postgres-process.ts';
import { binaries, exists, run, type ServerUser, serverUser } from './postgres-programs.ts';
import { processMark } from './process-mark.ts';

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
  /** Receives a line if the server started only because the reserve of the disk was released for it. */
  say?: ((line: string) => void) | undefined;
}

/** How long a start waits for a server that is starting or stopping, or for the sessions of a killed one. */
const SETTLING_MS = 180_000;

/** How long `pg_ctl` waits for a server that recovers from a crash or is frozen, in seconds. */
const START_SECONDS = '180';

/** Causes that pass: sessions of a killed server that still end, another start at the same time, a port just taken. */
const PASSING = /pre-existing shared memory|"postmaster\.pid" already exists|could not bind|no lock file/;

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
   * @throws StorageError if the server's disk is full
   * @throws BoursomaticError if the server does not start for another reason; the message ends with its log's last error
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
      const logged = await beginLog(logFile);
      try {
        const args = [
          '-D',
          data,
          '-w',
          '-t',
          START_SECONDS,
          '-s',
          '-l',
          logFile,
          '-o',
          serverFlags(port),
          'start',
        ];
        await run(programs.pgCtl, args, user, { signal: options.signal, isPatient: true });
        return { port, stop };
      } catch (cause) {
        const log = await readLog(logFile, logged);
        if (!options.signal?.aborted && PASSING.test(log) && Date.now() < end) {
          await wait(200);
          continue;
        }
        // A server that takes longer than pg_ctl waits must not start after its starter has given up.
        await stop(true);
        options.signal?.throwIfAborted();
        if (!saysDiskFull(log)) {
          throw new BoursomaticError(
            'postgres',
            `embedded Postgres in ${data} does not start: ${lastError(log)}`,
            { cause },
          );
        }
        if (!(await releaseReserve(dirname(data)))) {
          throw new StorageError(
            `embedded Postgres in ${data} does not start, because its disk is full: free some space`,
            { cause },
          );
        }
        options.say?.(
          `The disk of ${data} is full. Postgres starts in the space that was reserved for this: free some space.`,
        );
      }
    }
  }

  /** Whether the cluster's server is running. */
  async isRunning(): Promise<boolean> {
    return (await readServer((await this.#place()).data)) !== undefined;
  }

  /** Reserves space for a start on a full disk, if it is not reserved and there is room. */
  async keepReserve(signal?: AbortSignal): Promise<void> {
    await keepReserve(dirname((await this.#place()).data), signal);
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
      return { user, data: await placeCluster(this.#home, user) };
    })();
    this.#found.catch(() => {
      this.#found = undefined;
    });
    return this.#found;
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
      await syncFolder(dirname(data));
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

/**
 * Removes a cluster, wherever its files are. The server must be stopped.
 *
 * @param home - the folder that {@link PostgresCluster} was given
 */
export async function removeCluster(home: string): Promise<void> {
  const elsewhere = await clusterElsewhere(home);
  if (elsewhere) await rm(dirname(elsewhere), { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

/** Tuned for one machine. Every commit waits for the disk: an acknowledged change survives a crash. */
function serverFlags(port: number): string {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // As on the smallest managed database, so roles have the same limits.
    max_connections: '100',
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
