import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';

const command = (name: string) => fileURLToPath(new URL(`../../local/commands/${name}`, import.meta.url));

/** A process of the service, from its first moment on. */
export interface LaunchedService {
  child: ChildProcess;
  /** How the process ended; undefined while it runs. */
  ended(): string | undefined;
  /** Resolves when the process has ended. */
  end: Promise<string>;
  /** Everything that it has printed. */
  output(): string;
}

/** The service as `npm start` runs it on its sample, in a process of its own. */
export interface ServiceProcess extends LaunchedService {
  url: string;
  /** A client of Postgres' own superuser, which may read and terminate every session. */
  superuser(): Promise<Sql>;
  /** Stops it as Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Starts the service in a data folder without waiting.
 *
 * @param program - the module to run, `npm start`'s own by default
 * @param isLeader - it leads a process group of its own
 * @param environment - further variables
 */
export function launchService(
  dataDir: string,
  options: string[] = [],
  {
    program = command('start.ts'),
    isLeader = false,
    environment = {},
  }: { program?: string; isLeader?: boolean; environment?: Readonly<Record<string, string>> } = {},
): LaunchedService {
  const child = spawn(process.execPath, [program, '--data-dir', dataDir, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: isLeader,
    env: { ...process.env, LOG_LEVEL: 'error', DATABASE_URL: '', ...environment },
  });
  let said = '';
  let ended: string | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const end = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => {
      ended = signal ?? `exit ${code}`;
      resolve(ended);
    }),
  );
  return { child, ended: () => ended, end, output: () => said };
}

/** The address at which a service serves, once it has printed it. */
export function servedUrl(output: string): string | undefined {
  return /(http:\/\/127\.0\.0\.1:\d+)\/v1\/docs/.exec(output)?.[1];
}

/** Whether a service has made the run of its start, or has found that none is due. */
export function isSettled(output: string): boolean {
  return /^Next run: /m.test(output);
}

/**
 * Starts the service in a data folder, and waits until it serves and the run of its start has ended.
 *
 * @throws Error with its output if it ends instead
 */
export async function startService(dataDir: string, options: string[] = []): Promise<ServiceProcess> {
  const launched = launchService(dataDir, ['--port', '0', ...options]);
  let url = servedUrl(launched.output());
  for (; url === undefined || !isSettled(launched.output()); url = servedUrl(launched.output())) {
    if (launched.ended())
      throw new Error(`the service ended with ${launched.ended()}:\n${launched.output()}`);
    await wait(20);
  }
  return {
    ...launched,
    url,
    superuser: () => connectSuperuser(dataDir),
    stop: async () => {
      if (launched.ended() !== undefined) return;
      launched.child.kill('SIGTERM');
      await launched.end;
    },
  };
}

/** Connects to a database of a data folder's running server as its superuser; to the sample's by default. */
export async function connectSuperuser(dataDir: string, database = 'boursomatic_sample'): Promise<Sql> {
  const { postgres: password } = JSON.parse(
    await readFile(join(dataDir, 'secrets', 'passwords.json'), 'utf8'),
  );
  const login = JSON.parse(
    await readFile(join(dataDir, 'secrets', `${database}-boursomatic_api.json`), 'utf8'),
  );
  return connect({ ...login, username: 'postgres', password }, { max: 2 });
}

/** The folder of a data folder's cluster, which is elsewhere if the server has a user of its own. */
export async function clusterOf(dataDir: string): Promise<string> {
  const elsewhere = await readFile(join(dataDir, 'postgres', 'cluster-is-at'), 'utf8').catch(() => '');
  return elsewhere.trim() || join(dataDir, 'postgres', 'cluster');
}

/** Makes an administrator in a data folder, next to a running service. */
export async function createAdmin(
  dataDir: string,
  login: { email: string; password: string },
): Promise<void> {
  const child = spawn(process.execPath, [command('admin.ts'), 'create', login.email, '--data-dir', dataDir], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  defined(child.stdin, 'stdin').end(`${login.password}\n`);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`admin create ended with ${code}: ${said}`);
}

/** Removes a data folder with its cluster. The service must have stopped. */
export async function removeData(dataDir: string): Promise<void> {
  await removeCluster(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}
