import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, syncFolder } from '../../functions/shared/durable-files.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { replaceFile } from './local-secrets.ts';
import { canEnter, exists, type ServerUser } from './postgres-programs.ts';

/**
 * Finds the folder of a cluster's files. As root, the server runs as another user, who gets access to the data folder,
 * but may be unable to enter a folder above it (/root, for example). The files are then below /var/tmp, and a file in
 * the home holds their path.
 *
 * @param home - folder of the cluster in the data folder; created if missing
 */
export async function placeCluster(home: string, user: ServerUser): Promise<string> {
  await makeFolder(home);
  const own = join(home, 'cluster');
  if (user.uid === undefined) return own;
  // A move leaves the pointer for last.
  const isHere = await exists(join(own, 'PG_VERSION'));
  let elsewhere = isHere ? undefined : await clusterElsewhere(home);
  if (!elsewhere && (await letEnter(home, user))) return own;
  if (isHere)
    throw new BoursomaticError(
      'postgres',
      `the server's user (${user.uid}) cannot enter ${home}: let it enter the folders above, or move the data folder with npm run data -- move`,
    );
  if (!elsewhere) {
    elsewhere = join('/var/tmp', `boursomatic-${randomBytes(6).toString('hex')}`, 'cluster');
    await replaceFile(clusterPointer(home), `${elsewhere}\n`);
  }
  // The pointer comes first: a process that is killed in between leaves no folder that nothing points to.
  if (!(await exists(dirname(elsewhere)))) {
    await mkdir(dirname(elsewhere), { mode: 0o700 });
    await chown(dirname(elsewhere), user.uid, user.gid);
    await syncFolder(dirname(dirname(elsewhere)));
  }
  return elsewhere;
}

/** The file in a cluster's home that holds the path of the cluster's files, if they are elsewhere. */
export function clusterPointer(home: string): string {
  return join(home, 'cluster-is-at');
}

/** The path of a cluster's files if they are not in its home. */
export async function clusterElsewhere(home: string): Promise<string | undefined> {
  return (await readFile(clusterPointer(home), 'utf8').catch(() => '')).trim() || undefined;
}

/**
 * Lets the server's user pass through the data folder of a cluster's home, but not list it: the group of that user may
 * enter it. A folder that was given another group stays unchanged.
 *
 * @returns whether the user can enter the home
 */
export async function letEnter(home: string, user: ServerUser): Promise<boolean> {
  if (user.uid === undefined || canEnter(home, user)) return true;
  const dataDir = dirname(home);
  const { uid, gid, mode } = await stat(dataDir);
  const isOwn = uid === process.getuid?.() && (gid === process.getgid?.() || gid === user.gid);
  if (!isOwn || !canEnter(dirname(dataDir), user)) return false;
  await chown(dataDir, uid, user.gid);
  // In place of the rights of the group that the folder had.
  await chmod(dataDir, (mode & 0o707) | 0o010);
  return canEnter(home, user);
}
