import { randomBytes } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDurably } from '../../functions/shared/durable-files.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { processMark } from './process-mark.ts';

/**
 * Makes this process the only owner of a data folder. The file of an owner that has ended is replaced, even if
 * another program has its pid now.
 *
 * @returns a function that gives the folder up
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 * @throws StorageError if the folder cannot be written
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'owner.pid');
  const mine = await ownerText(process.pid);
  // Of several processes, one creates the file.
  while (!(await createDurably(path, { body: mine }))) await removeStale(dataDir, path);
  return async () => {
    if ((await readOwner(path)) === mine) await rm(path, { force: true });
  };
}

/** The text that marks a process as the owner: its pid and when it started. */
export async function ownerText(pid: number): Promise<string> {
  return `${pid}\n${defined(await processMark(pid), `start of process ${pid}`)}\n`;
}

async function removeStale(dataDir: string, path: string): Promise<void> {
  const text = await readOwner(path);
  await assertEnded(dataDir, text);
  const taken = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, taken);
  } catch {
    // Another process has removed it at the same time.
    return;
  }
  // Between reading and renaming, another process may have become the owner: give its file back.
  if ((await readOwner(taken)) === text) await rm(taken, { force: true });
  else await rename(taken, path);
}

async function assertEnded(dataDir: string, owner: string): Promise<void> {
  const [pid, mark] = owner.split('\n');
  if (!mark || Number(pid) === process.pid || (await processMark(Number(pid))) !== mark) return;
  throw new BoursomaticError(
    'in_use',
    `${dataDir} is in use by process ${pid}: stop it, or give another --data-dir`,
  );
}

function readOwner(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
