import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { processMark } from './process-mark.ts';

/**
 * Makes this process the only owner of a data folder. The file of an owner that has ended is replaced, even if
 * another program has its pid now.
 *
 * @returns a function that gives the folder up
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'owner.pid');
  const mine = await ownerText(process.pid);
  const written = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(written, mine);
  try {
    // A link, unlike a rename, fails if the file exists: of several processes, one wins.
    while (!(await linked(written, path))) await removeStale(dataDir, path);
  } finally {
    await rm(written, { force: true });
  }
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

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
