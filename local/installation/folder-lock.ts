import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoursomaticError } from '../../functions/shared/errors.ts';

/**
 * Makes this process the only owner of a data folder. The mark of a process that has died is replaced.
 *
 * @returns a function that gives the folder up
 * @throws BoursomaticError (`in_use`) if another process owns the folder
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, 'owner.pid');
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner && owner !== process.pid && isAlive(owner)) {
    throw new BoursomaticError(
      'in_use',
      `${dataDir} is in use by process ${owner}: stop it, or give another --data-dir`,
    );
  }
  await writeFile(path, String(process.pid));
  return () => rm(path, { force: true });
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
