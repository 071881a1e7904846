import { randomBytes } from 'node:crypto';
import { rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '../../functions/shared/errors.ts';

/**
 * Postgres cannot start on a full disk: after a crash it has to write a segment of its log, of 16 MB. A file of two
 * segments is therefore kept next to the cluster, and removed if Postgres needs the room.
 */
const BYTES = 32 * 2 ** 20;

/** The file is not made where it would take more than this share of the free space. */
const MOST_OF_FREE = 1 / 8;

/**
 * Makes the reserve of a folder, if it is missing or incomplete and there is room. A folder that cannot be written stays
 * without one.
 *
 * @param signal - ends the writing
 */
export async function keepReserve(folder: string, signal?: AbortSignal): Promise<void> {
  const path = join(folder, 'reserve');
  try {
    if ((await sizeOf(path)) === BYTES || (await freeBytes(folder)) * MOST_OF_FREE < BYTES) return;
    await writeFile(path, blocks(), { mode: 0o600, signal });
  } catch {
    // Another program took the space meanwhile, or the service stops.
    await rm(path, { force: true }).catch(() => {});
  }
}

function* blocks(): Generator<Buffer> {
  // Zeros would take no space on a file system that compresses.
  const block = randomBytes(2 ** 20);
  for (let i = 0; i < BYTES; i += block.length) yield block;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/**
 * Gives the reserve of a folder to the file system.
 *
 * @returns whether there was one
 */
export async function releaseReserve(folder: string): Promise<boolean> {
  return rm(join(folder, 'reserve')).then(
    () => true,
    () => false,
  );
}

/** What is left below this is for accounts and sessions, so that the service goes on answering. */
const LEAST_FREE_MEGABYTES = 128;

/**
 * Checks that a disk has room for work that only adds data, such as a run or a backup.
 *
 * @throws StorageError if it has not
 */
export async function assertRoom(folder: string): Promise<void> {
  const megabytes = Math.floor((await freeBytes(folder)) / 2 ** 20);
  if (megabytes >= LEAST_FREE_MEGABYTES) return;
  throw new StorageError(
    `the disk of ${folder} has ${megabytes} MB left, and ${LEAST_FREE_MEGABYTES} MB are needed: free some space`,
  );
}

/** Bytes that this process may still write to the file system of a folder. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
