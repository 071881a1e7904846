import { spawnSync } from 'node:child_process';
import { readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { run, type ServerUser } from './postgres-programs.ts';
import { isInUse, processMark } from './process-mark.ts';

/** A pid that no system gives to a process. */
const NO_PID = '2147483646';

/** Stops a server; one that does not stop in time is ended without a checkpoint, then killed. */
export async function stopServer(
  pgCtl: string,
  data: string,
  user: ServerUser,
  quickly: boolean,
): Promise<void> {
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
export async function readServer(data: string): Promise<RunningServer | undefined> {
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
export async function settledServer(data: string, end: number): Promise<number | undefined> {
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
        `embedded Postgres in ${data} is still ${server.status} after three minutes: end its process ${server.pid}`,
      );
    await wait(50);
  }
}

/**
 * Makes a pid file whose process has ended no obstacle if its pid is still in use: by another program, or by the ended
 * process itself where nothing reaps it, as in a container without an init. The rest of the file stays: Postgres finds
 * in it whether sessions of the killed server are still running.
 */
export async function releasePidFile(data: string): Promise<void> {
  const path = join(data, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!text) return void (await rm(path, { force: true }));
  if (!pid || (await isServerOf(pid, data)) || !isInUse(pid)) return;
  await writeFile(path, text.replace(/^-?\d+/, NO_PID));
}
