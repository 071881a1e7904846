import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Reads a mark of a running process: when it started. The system gives a pid to another program later, so that only
 * pid and mark together name one process.
 *
 * @returns undefined if no such process is running
 */
export async function processMark(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') return linuxMark(pid);
  const [started] = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  }).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  // Windows has no ps: there, the pid alone decides.
  return started || (isAlive(pid) ? 'running' : undefined);
}

async function linuxMark(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  // The second field, the program's name in brackets, may itself contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  // A zombie has ended; only its parent has not noticed.
  return !startTicks || state === 'Z' ? undefined : `${boot.trim()} ${startTicks}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
