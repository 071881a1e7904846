import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { removeCluster } from '../../local/installation/postgres-server.ts';

const command = (name: string) => fileURLToPath(new URL(`../../local/commands/${name}`, import.meta.url));

/** The service as `npm start` runs it on its sample, in a process of its own. */
export interface ServiceProcess {
  url: string;
  child: ChildProcess;
  /** How the process ended; undefined while it runs. */
  ended(): string | undefined;
  /** Everything that it has printed. */
  output(): string;
  /** A client of Postgres' own superuser, which may read and terminate every session. */
  superuser(): Promise<Sql>;
  /** Stops it as Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Starts the service in a data folder and waits until it serves.
 *
 * @throws Error with its output if it ends instead
 */
export async function startService(dataDir: string, options: string[] = []): Promise<ServiceProcess> {
  const child = spawn(
    process.execPath,
    [command('start.ts'), '--port', '0', '--data-dir', dataDir, ...options],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LOG_LEVEL: 'error', DATABASE_URL: '' },
    },
  );
  let said = '';
  let end: string | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/v1\/docs/.exec(said)?.[1];
      if (found) resolve(found);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', (code, signal) => {
      end = signal ?? `exit ${code}`;
      reject(new Error(`the service ended with ${end}:\n${said}`));
    });
  });
  return {
    url,
    child,
    ended: () => end,
    output: () => said,
    superuser: async () => {
      const { postgres: password } = JSON.parse(
        await readFile(join(dataDir, 'secrets', 'passwords.json'), 'utf8'),
      );
      const login = JSON.parse(
        await readFile(join(dataDir, 'secrets', 'boursomatic_sample-boursomatic_api.json'), 'utf8'),
      );
      return connect({ ...login, username: 'postgres', password }, { max: 2 });
    },
    stop: async () => {
      if (end !== undefined) return;
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await closed;
    },
  };
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
