import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { clusterElsewhere } from './cluster-place.ts';
import { copiedPrograms, exists } from './postgres-programs.ts';

/** Entries of a data folder that belong to an installation. Other programs or people put anything else there. */
const ENTRIES = [
  'postgres',
  'objects',
  'publications',
  'backups',
  'installation.json',
  'service.json',
  'restore-incomplete.json',
  'owner.pid',
  // Removed last: without it, the folder is no longer an installation.
  'secrets',
];

/** A file or folder of an installation. */
export interface Place {
  /** What it holds. */
  what: string;
  path: string;
  /** In bytes on disk, with everything below it. */
  bytes: number;
}

/** Whether a folder is the data folder of an installation. */
export async function isInstallation(dataDir: string): Promise<boolean> {
  return (await exists(join(dataDir, 'secrets'))) || (await exists(join(dataDir, 'postgres')));
}

/** The entries of a data folder that belong to its installation, in the order in which they can be removed. */
export async function ownEntries(dataDir: string): Promise<string[]> {
  const names = await readdir(dataDir);
  // The others were left by killed processes.
  const isOwn = (name: string) =>
    ENTRIES.includes(name) ||
    ENTRIES.includes(name.replace(/\.[0-9a-f]{12}$/, '')) ||
    /^retrained-\d+$/.test(name);
  return names
    .filter(isOwn)
    .sort((a, b) => ENTRIES.indexOf(a) - ENTRIES.indexOf(b))
    .map((name) => join(dataDir, name));
}

/** Every place of an installation: its data folder and the larger parts of it, and those outside it. */
export async function placesOf(dataDir: string): Promise<Place[]> {
  const cluster = await clusterElsewhere(join(dataDir, 'postgres'));
  const programs = await copiedPrograms();
  const places = [
    { what: 'data folder, with all below it', path: dataDir },
    { what: 'database', path: cluster ? dirname(cluster) : join(dataDir, 'postgres') },
    { what: 'raw records and models', path: join(dataDir, 'objects') },
    { what: 'copies of publications', path: join(dataDir, 'publications') },
    { what: 'keys and passwords', path: join(dataDir, 'secrets') },
    { what: 'backups', path: join(dataDir, 'backups') },
    ...(programs ? [{ what: 'Postgres programs, shared by all installations of root', path: programs }] : []),
  ];
  const found: Place[] = [];
  for (const place of places)
    if (await exists(place.path)) found.push({ ...place, bytes: await sizeOf(place.path) });
  return found;
}

/** The bytes of a file, or of everything below a folder. A file that disappears meanwhile counts as 0. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return found?.size ?? 0;
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => []))
    if (!entry.isSymbolicLink()) bytes += await sizeOf(join(path, entry.name));
  return bytes;
}
