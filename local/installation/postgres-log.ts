import { readFile, rename, stat } from 'node:fs/promises';

/** The next start renames a longer log, and replaces the log that was renamed before. */
const LONGEST_BYTES = 10 * 2 ** 20;

/**
 * Prepares the log of a server that starts.
 *
 * @returns from which byte on the server writes
 */
export async function beginLog(path: string): Promise<number> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size <= LONGEST_BYTES) return size;
  await rename(path, `${path}.1`);
  return 0;
}

/** Reads a server's log from a byte on. */
export async function readLog(path: string, from: number): Promise<string> {
  return (await readFile(path).catch(() => Buffer.alloc(0))).subarray(from).toString();
}

/** Whether a log says that the server could not write for lack of space. */
export function saysDiskFull(log: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(log);
}

/** The last lines of a log up to its last error, as one line. */
export function lastError(log: string): string {
  const lines = log.trimEnd().split('\n');
  const end = lines.findLastIndex((line) => /(FATAL|PANIC): /.test(line)) + 1 || lines.length;
  return lines.slice(Math.max(0, end - 3), end).join(' | ');
}
