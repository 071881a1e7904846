import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from '../../functions/shared/days.ts';
import type { Installation } from '../installation/installation.ts';
import { removePartials } from '../installation/partial-files.ts';
import { type Backup, writeBackup } from './backup.ts';

/** Backups that are kept: the newest one of each of the last days and weeks that have one. */
const KEPT_DAYS = 7;
const KEPT_WEEKS = 4;

const WEEK_MS = 7 * 86_400_000;
/** A Monday, from which weeks are counted. */
const FIRST_MONDAY = Date.UTC(1970, 0, 5);

/** Folder of an installation's backups, unless an option names another one. */
export function backupFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

/**
 * Writes a backup into a folder, which is created if missing, and removes the backups that are no longer kept. Nothing
 * is removed if the backup fails.
 *
 * @param options.folder - by default `backups` in the data folder
 * @param options.now - names the file, in UTC
 * @returns the backup, and the paths of the removed ones
 * @throws BoursomaticError (`backup`) if the disk is full; earlier backups stay
 */
export async function nightlyBackup(
  installation: Installation,
  { folder = backupFolder(installation.dataDir), now = new Date() }: { folder?: string; now?: Date } = {},
): Promise<Backup & { removed: string[] }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removePartials(folder);
  const file = join(folder, nightlyName(installation.database, now));
  const backup = await writeBackup(installation, file, { force: true });
  const removed = expired(await readdir(folder), installation.database).map((name) => join(folder, name));
  for (const path of removed) await rm(path, { force: true });
  return { ...backup, removed };
}

/**
 * When the newest nightly backup of a database in a folder was written; undefined if there is none. One of more than a day
 * from now does not count: the clock was wrong then.
 */
export async function lastNightly(
  folder: string,
  database: string,
  now = new Date(),
): Promise<Date | undefined> {
  const names = await readdir(folder).catch(() => []);
  const instants = names
    .flatMap((name) => instantOf(name, database) ?? [])
    .filter((at) => at < now.getTime() + DAY_MS);
  return instants.length > 0 ? new Date(Math.max(...instants)) : undefined;
}

/**
 * The nightly backups of a database that are no longer kept. A file with another name is never among them.
 *
 * @param names - of the files in the folder
 */
export function expired(names: readonly string[], database: string): string[] {
  const backups = names
    .flatMap((name) => {
      const at = instantOf(name, database);
      return at === undefined ? [] : [{ name, at }];
    })
    .sort((a, b) => b.at - a.at);
  const kept = new Set<string>();
  const keep = (most: number, period: (at: number) => number) => {
    const seen = new Set<number>();
    for (const { name, at } of backups) {
      if (seen.size === most) return;
      if (!seen.has(period(at))) kept.add(name);
      seen.add(period(at));
    }
  };
  keep(KEPT_DAYS, (at) => Math.floor(at / 86_400_000));
  keep(KEPT_WEEKS, (at) => Math.floor((at - FIRST_MONDAY) / WEEK_MS));
  return backups.map(({ name }) => name).filter((name) => !kept.has(name));
}

function nightlyName(database: string, at: Date): string {
  return `${database}-${at.toISOString().slice(0, 19).replaceAll(':', '')}Z.tar.zst`;
}

/** When a nightly backup of the database was written, by its name; undefined for any other file. */
function instantOf(name: string, database: string): number | undefined {
  if (!name.startsWith(`${database}-`)) return undefined;
  const time = /^(\d{4}-\d\d-\d\dT\d\d)(\d\d)(\d\dZ)\.tar\.zst$/.exec(name.slice(database.length + 1));
  const at = time ? Date.parse(time.slice(1).join(':')) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
