import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { newestMigration } from '../../functions/migration/migrate.ts';
import type { Sql, Transaction } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import { removePartials } from '../installation/partial-files.ts';
import { counted } from '../terminal/paragraph.ts';
import { ArchiveWriter } from './archive.ts';
import type { Manifest, TableContent } from './manifest.ts';
import { copyOut, fixFormats, listPartitions, listTables, lockTables, type Table } from './tables.ts';

/** Files of the data folder that belong to every database in it: what the installation is for, and its keys. */
export const CHOICE = 'installation.json';
export const SIGNING_KEYS = 'secrets/signing-keys.json';

/** The result of a backup. */
export interface Backup {
  file: string;
  /** Bytes of the file. */
  size: number;
  rows: number;
  tables: number;
  files: number;
  seconds: number;
  manifest: Manifest;
}

/** How to write a backup. */
export interface BackupOptions {
  /** Replace the file if it exists. */
  force?: boolean;
  /** Receives what is being written. */
  progress?: (step: string) => void;
}

/**
 * Writes a backup of an installation's database and its files. The installation stays in use: the tables are read in one
 * snapshot. Files follow the tables, because a run writes a file before the rows that refer to it. The file appears when
 * it is complete and on disk; only this user can read it.
 *
 * @throws BadInputError if the file exists, or its folder does not
 * @throws BoursomaticError (`backup`) if the disk is full, or the database has no schema
 */
export async function writeBackup(
  installation: Installation,
  file: string,
  { force = false, progress = () => {} }: BackupOptions = {},
): Promise<Backup> {
  const began = performance.now();
  await assertWritable(file, force);
  await removePartials(dirname(file), `${basename(file)}.partial-`);
  const archive = await ArchiveWriter.create(file);
  try {
    const content = await withLogin(installation, 'migrator', (sql) =>
      inSnapshot(sql, (tx, tables) =>
        addDatabase(tx, tables, { archive, database: installation.database, progress }),
      ),
    );
    progress('Writing the files…');
    for (const path of [CHOICE, SIGNING_KEYS]) await archive.addFile(path, join(installation.dataDir, path));
    await addFolder(archive, 'objects', installation.objects);
    await addFolder(archive, 'publications', installation.publications);
    const { manifest, size } = await archive.finish(content);
    return {
      file,
      size,
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      tables: manifest.tables.length,
      files: manifest.files.count,
      seconds: Math.round(performance.now() - began) / 1000,
      manifest,
    };
  } catch (error) {
    await archive.abort();
    throw isOutOfRoom(error)
      ? new BoursomaticError(
          'backup',
          `${file} was not written: its disk has no room (${error.code}); free some space, or use another folder`,
          {
            cause: error,
          },
        )
      : error;
  }
}

/** Whether a file could not be written for lack of room. */
export function isOutOfRoom(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))
  );
}

async function assertWritable(file: string, force: boolean): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new BadInputError(`${file} is a folder: name a file`);
  if (found && !force) throw new BadInputError(`${file} exists: use another name, or --force to replace it`);
  if (!(await stat(dirname(file)).catch(() => undefined))?.isDirectory())
    throw new BadInputError(`${dirname(file)} is not a folder: create it first`);
}

/**
 * Runs the work in one snapshot of all tables, in which no table can be changed or dropped. A migration that is under
 * way ends first, and one that would change a table waits.
 */
async function inSnapshot<T>(sql: Sql, work: (tx: Transaction, tables: Table[]) => Promise<T>): Promise<T> {
  // The client has one connection, so this lock covers the transaction, whose snapshot begins after it.
  await sql`SELECT pg_advisory_lock_shared(hashtext('migrate'))`;
  return sql.begin('isolation level repeatable read read only', async (tx) => {
    await fixFormats(tx);
    const tables = await listTables(tx);
    await lockTables(tx, tables);
    // Commands that find no pending migration need not wait for the end of the backup.
    await tx`SELECT pg_advisory_unlock_shared(hashtext('migrate'))`;
    return work(tx, tables);
  }) as Promise<T>;
}

async function addDatabase(
  tx: Transaction,
  tables: readonly Table[],
  {
    archive,
    database,
    progress,
  }: { archive: ArchiveWriter; database: string; progress: (step: string) => void },
): Promise<Omit<Manifest, 'files' | 'format'>> {
  const schema = await newestMigration(tx);
  if (!schema)
    throw new BoursomaticError('backup', `database ${database} is empty, so there is nothing to back up`);
  const [clock] = await tx<{ now: Date }[]>`SELECT now()`;
  const contents: TableContent[] = [];
  let rows = 0;
  for (const table of tables) {
    const { name, columns } = table;
    progress(`Writing ${name}, after ${counted(rows, 'row')}…`);
    const digest = await archive.addTable(name, (add) => copyOut(tx, table, add));
    contents.push({ name, columns, ...digest });
    rows += digest.rows;
  }
  return {
    program: await programVersion(),
    createdAt: (clock?.now ?? new Date()).toISOString(),
    database,
    schema,
    tables: contents,
    partitions: await listPartitions(tx),
    sequences: [
      ...(await tx<{ name: string; last: string }[]>`
        SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY 1`),
    ],
  };
}

/** Adds the files of a folder in the order of their names, without those that are being written. */
async function addFolder(archive: ArchiveWriter, name: string, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.partial'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  for (const path of paths)
    await archive.addFile(posix.join(name, path.replaceAll('\\', '/')), join(folder, path));
}

/** The version of this program. */
export async function programVersion(): Promise<string> {
  return JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
