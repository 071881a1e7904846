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
  if (!isInUse(pid)) return undefined;
  if (process.platform === 'linux') return linuxMark(pid);
  const [started] = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  }).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  // Windows has no ps: there, the pid alone decides.
  return started || (isInUse(pid) ? 'running' : undefined);
}

/** Reads the parent and the command line of a process; undefined if it is not running. */
export async function readProcess(pid: number): Promise<{ parent: number; command: string } | undefined> {
  try {
    if (process.platform === 'linux') {
      const [stat, command] = await Promise.all([
        readFile(`/proc/${pid}/stat`, 'utf8'),
        readFile(`/proc/${pid}/cmdline`, 'utf8'),
      ]);
      return { parent: Number(statFields(stat)[1]), command: command.replaceAll('\0', ' ') };
    }
    const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=,command=', '-p', String(pid)]);
    const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? [];
    return command === undefined ? undefined : { parent: Number(parent), command };
  } catch {
    return undefined;
  }
}

/** The fields of /proc/PID/stat after the program's name, which may itself contain spaces and brackets. */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function linuxMark(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ]);
  const fields = statFields(stat);
  const [state, startTicks] = [fields[0], fields[19]];
  // A zombie has ended; only its parent has not noticed.
  return !startTicks || state === 'Z' ? undefined : `${boot.trim()} ${startTicks}`;
}

/** Whether any process has a pid, a zombie included. */
export function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
