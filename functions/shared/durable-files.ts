import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from './errors.ts';

/** A file's content, and its permissions; those of the process by default. */
interface Content {
  body: Uint8Array | string;
  mode?: number;
}

/**
 * Writes a file in one step, with the folders above it. Its readers see the old content or the new one, and never a
 * part. Once this resolves, the new content survives a power cut.
 *
 * @throws StorageError if the folder cannot be written; the old content then stays, and no part of the new one
 */
export function replaceDurably(path: string, content: Content): Promise<void> {
  return storing(path, async () => {
    await withPartial(path, content, (partial) => rename(partial, path));
    await syncFolder(dirname(path));
  });
}

/**
 * Writes a file as {@link replaceDurably} does, unless one is there.
 *
 * @returns whether it was written
 */
export function createDurably(path: string, content: Content): Promise<boolean> {
  return storing(path, async () => {
    const isNew = await withPartial(path, content, (partial) =>
      // Unlike a rename, a link never replaces a file.
      link(partial, path).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
          return false;
        },
      ),
    );
    await syncFolder(dirname(path));
    return isNew;
  });
}

/**
 * Creates a folder and those above it, so that they survive a power cut; does nothing if it exists.
 *
 * @throws StorageError if the folder above cannot be written
 */
export function makeFolder(folder: string, mode = 0o777): Promise<void> {
  return storing(folder, async () => {
    const first = await mkdir(folder, { recursive: true, mode }).catch(async (error: unknown) => {
      // With `recursive`, Node also gives ENOENT on a read-only file system. Without it, Node gives the cause.
      if (codeOf(error) === 'ENOENT') await mkdir(await firstMissing(folder), { mode });
      throw error;
    });
    if (first === undefined) return;
    // Each new folder is an entry of the one above it.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  });
}

/** The first folder of a path that does not exist. */
async function firstMissing(folder: string): Promise<string> {
  const parent = dirname(folder);
  const isParentThere = await stat(parent).then(
    () => true,
    () => false,
  );
  return isParentThere || parent === folder ? folder : firstMissing(parent);
}

/** Codes of systems on which this user cannot sync a folder. */
const CANNOT_SYNC = ['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'EPERM'];

/** Syncs a folder where the system can, so that new, renamed and removed entries survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!CANNOT_SYNC.includes(codeOf(error))) throw error;
  }
}

/** Writes a file next to a path, and lets `put` move it there. */
async function withPartial<T>(
  path: string,
  { body, mode }: Content,
  put: (partial: string) => Promise<T>,
): Promise<T> {
  await makeFolder(dirname(path));
  const partial = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await writeFile(partial, body, { flush: true, ...(mode !== undefined && { mode }) });
    return await put(partial);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Remedies for a file or folder that cannot be written, by the code of the error. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full: free some space',
  EDQUOT: 'its disk quota is used up: free some space',
  EROFS: 'its file system is read-only: make it writable, or use another folder',
  EACCES: 'this user may not write there: change the permissions, or use another folder',
  EPERM: 'this user may not write there: change the permissions, or use another folder',
};

async function storing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const remedy = REMEDIES[codeOf(cause)];
    throw remedy ? new StorageError(`cannot write ${path}: ${remedy}`, { cause }) : cause;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
