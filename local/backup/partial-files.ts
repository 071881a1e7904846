import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processMark } from '../installation/process-mark.ts';

/** Between a file's name and the pid of the process that writes it. */
const PARTIAL = '.partial-';

/** The path at which this process writes a file before it moves the complete file to its place. */
export function partialOf(path: string): string {
  return `${path}${PARTIAL}${process.pid}`;
}

/** Removes what killed processes left of a file. A process that still writes keeps its part. */
export async function removePartials(path: string): Promise<void> {
  const prefix = `${basename(path)}${PARTIAL}`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const writer = Number.parseInt(name.slice(prefix.length), 10);
    if (writer === process.pid || (await processMark(writer)) === undefined)
      await rm(join(dirname(path), name), { force: true, recursive: true });
  }
}
