import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processMark } from './process-mark.ts';

/** The path at which this process writes a file before it moves the complete file to its place. */
export function partialOf(path: string): string {
  return `${path}.partial-${process.pid}`;
}

/**
 * Removes incomplete files that killed processes left in a folder. Those of running processes stay.
 *
 * @param prefix - only files whose names begin so
 */
export async function removePartials(folder: string, prefix = ''): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number(/\.partial-(\d+)$/.exec(name)?.[1]);
    if (pid === process.pid || (pid > 0 && (await processMark(pid)) === undefined))
      await rm(join(folder, name), { force: true, recursive: true });
  }
}
