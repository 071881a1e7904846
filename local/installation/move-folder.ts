import { chown, cp, lstat, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { clusterElsewhere, clusterPointer, letEnter } from './cluster-place.ts';
import { isInstallation, ownEntries } from './folder-contents.ts';
import { lockFolder } from './folder-lock.ts';
import { partialOf, removePartials } from './partial-files.ts';
import { readServer, stopServer } from './postgres-process.ts';
import { binaries, canEnter, exists, type ServerUser, serverUser } from './postgres-programs.ts';
import { removeCluster } from './postgres-server.ts';

/** File of a copied data folder that names the folder which is still to be removed. */
const MOVED_FROM = 'moved-from';

/**
 * Moves an installation to another folder. The service must not run. A move to another disk copies everything first; if
 * it is ended, it can be repeated.
 *
 * @param to - a folder that does not exist or is empty
 * @throws BadInputError if a folder is unsuitable
 * @throws BoursomaticError (`in_use`) if a service uses the installation
 */
export async function moveInstallation(from: string, to: string): Promise<void> {
  if (!relative(from, to).startsWith('..')) throw new BadInputError(`${to} is ${from} itself or lies in it`);
  const isCopied = (await readFile(join(to, MOVED_FROM), 'utf8').catch(() => undefined)) === from;
  if (!isCopied) {
    await assertInstallation(from);
    const present = await readdir(to).catch(() => []);
    if (present.length > 0) throw new BadInputError(`${to} is not empty: name a new folder`);
  }
  const user = serverUser();
  // After a copy, the rest of the source is removed: nobody may have started it again.
  const unlock = (await exists(from)) ? await lockFolder(from) : async () => {};
  try {
    if (!isCopied) {
      await stopPostgres(from, user);
      await mkdir(dirname(to), { recursive: true });
      await assertEnterable(from, to, user);
      await moveTree(from, to, user);
    }
    if (await exists(join(to, MOVED_FROM))) {
      await rm(from, { recursive: true, force: true });
      await rm(join(to, MOVED_FROM));
    }
    await bringClusterHome(join(to, 'postgres'), user);
  } finally {
    await unlock();
    await rm(join(to, 'owner.pid'), { force: true });
  }
}

/**
 * Removes an installation, with its cluster wherever that is. The service must not run. Files that do not belong to the
 * installation stay, and so does the folder if it has any.
 *
 * @returns the names of the files that stay
 * @throws BoursomaticError (`in_use`) if a service uses the installation
 */
export async function removeInstallation(dataDir: string): Promise<string[]> {
  await assertInstallation(dataDir);
  const unlock = await lockFolder(dataDir);
  try {
    await stopPostgres(dataDir, serverUser());
    await removeCluster(join(dataDir, 'postgres'));
    for (const path of await ownEntries(dataDir)) await rm(path, { recursive: true, force: true });
  } finally {
    await unlock();
  }
  const left = await readdir(dataDir);
  if (left.length === 0) await rmdir(dataDir);
  return left;
}

/** @throws BadInputError if a folder is no installation */
export async function assertInstallation(dataDir: string): Promise<void> {
  if (!(await isInstallation(dataDir)))
    throw new BadInputError(`${dataDir} is not the data folder of an installation: check --data-dir`);
}

/** Stops a server that a killed process left. The lock of the folder shows that no service uses it. */
async function stopPostgres(dataDir: string, user: ServerUser): Promise<void> {
  const home = join(dataDir, 'postgres');
  const data = (await clusterElsewhere(home)) ?? join(home, 'cluster');
  if (await readServer(data)) await stopServer((await binaries(user)).pgCtl, data, user, false);
}

/** As root, checks that the server's user will reach the cluster's files. */
async function assertEnterable(from: string, to: string, user: ServerUser): Promise<void> {
  if (user.uid === undefined || (await clusterElsewhere(join(from, 'postgres')))) return;
  if (canEnter(dirname(to), user)) return;
  throw new BadInputError(
    `${to}: the server's user (${user.uid}) cannot enter ${dirname(to)}; name a folder that it can reach`,
  );
}

/** Moves a folder with a rename; to another disk with a copy, which names its source until that is removed. */
async function moveTree(from: string, to: string, user: ServerUser): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isOtherDisk(error)) throw error;
    await copyWhole(from, to, async (partial) => {
      await ownCluster(join(partial, 'postgres', 'cluster'), user);
      await writeFile(join(partial, MOVED_FROM), from);
    });
  }
}

/** Copies a folder next to its place, and moves it there when it is complete. */
async function copyWhole(
  from: string,
  to: string,
  complete: (partial: string) => Promise<void>,
): Promise<void> {
  const partial = partialOf(to);
  await removePartials(dirname(to), `${basename(to)}.partial-`);
  try {
    await cp(from, partial, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await complete(partial);
    await rename(partial, to);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw new BoursomaticError('data', `${from} was not moved: ${cause}`, { cause });
  }
}

/** Moves a cluster that lies elsewhere into its home, if the server's user can enter it there. */
async function bringClusterHome(home: string, user: ServerUser): Promise<void> {
  const elsewhere = await clusterElsewhere(home);
  if (!elsewhere || !(await letEnter(home, user))) return;
  const own = join(home, 'cluster');
  if (!(await exists(join(own, 'PG_VERSION'))))
    await rename(elsewhere, own).catch((error) => {
      if (!isOtherDisk(error)) throw error;
      return copyWhole(elsewhere, own, (partial) => ownCluster(partial, user));
    });
  // From here on, the cluster in the home counts.
  await rm(clusterPointer(home), { force: true });
  await rm(dirname(elsewhere), { recursive: true, force: true });
}

/** A copy belongs to this process's user; the server accepts only files of its own user. */
async function ownCluster(path: string, user: ServerUser): Promise<void> {
  if (user.uid === undefined || !(await exists(path))) return;
  await chown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    const below = join(entry.parentPath, entry.name);
    if (!(await lstat(below)).isSymbolicLink()) await chown(below, user.uid, user.gid);
  }
}

function isOtherDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EXDEV';
}
