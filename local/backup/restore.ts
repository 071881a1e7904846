import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dropRestoredMessages } from '../../functions/alerts/after-restore.ts';
import { migrateTo, migrationVersions, newestMigration } from '../../functions/migration/migrate.ts';
import { wallClock } from '../../functions/shared/clock.ts';
import type { Transaction } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError, CommitOutcomeUnknownError } from '../../functions/shared/errors.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import { replaceFile } from '../installation/local-secrets.ts';
import { RESTORE_MARK } from '../installation/restore-mark.ts';
import { counted } from '../terminal/paragraph.ts';
import { readArchive } from './archive.ts';
import type { Manifest } from './manifest.ts';
import { FileRestorer } from './restored-files.ts';
import {
  copyIn,
  digestOf,
  fixFormats,
  isInUse,
  listPartitions,
  listTables,
  quoted,
  type Table,
  type TableLoad,
} from './tables.ts';

/** The result of a restore. */
export interface Restored {
  manifest: Manifest;
  rows: number;
  /** Migrations that the backup lacked. */
  migrated: number;
  seconds: number;
}

/**
 * Restores a backup into an empty installation: checks the whole file, loads the database in one transaction, compares
 * the hash of every stored table with the backup's, and applies the migrations that the backup lacks. The files come
 * before the end of the transaction. A mark in the data folder says that the installation is incomplete until all is
 * done; a second restore of the same file then completes it.
 *
 * @param manifest - of the file, as {@link readArchive} has checked it
 * @throws BadInputError if the file is damaged, is of a newer schema than the program's, or the installation holds data
 */
export async function restoreBackup(
  installation: Installation,
  file: string,
  manifest: Manifest,
  progress: (step: string) => void = () => {},
): Promise<Restored> {
  const began = performance.now();
  const mark = join(installation.dataDir, RESTORE_MARK);
  const identity = JSON.stringify(manifest);
  const wasBegun = (await readFile(mark, 'utf8').catch(() => undefined)) === identity;
  const migrated = await withLogin(installation, 'migrator', async (sql) => {
    const files = new FileRestorer(installation);
    const restoring = sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtext('migrate'))`;
      if (await isInUse(tx)) {
        // The earlier restore has committed, and was interrupted before it removed the mark.
        if (wasBegun) return 0;
        throw new BadInputError(
          `database ${installation.database} holds data, and a restore replaces none: use another --data-dir, --database or DATABASE_URL`,
        );
      }
      await replaceFile(mark, identity);
      await prepare(tx, manifest);
      await load(tx, file, manifest, files, progress);
      progress('Comparing every table with the backup…');
      await verify(tx, manifest);
      const migrations = await migrateOn(tx, manifest);
      await dropRestoredMessages(tx, wallClock());
      return migrations;
    });
    const count = await restoring.catch(async (error) => {
      // The database is as empty as before. Only after a lost COMMIT, its state is unknown.
      if (!(error instanceof CommitOutcomeUnknownError)) await rm(mark, { force: true });
      throw error;
    });
    progress('Analysing the tables…');
    await sql`ANALYZE`;
    return count;
  });
  await rm(mark, { force: true });
  return {
    manifest,
    rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
    migrated,
    seconds: Math.round(performance.now() - began) / 1000,
  };
}

/** Makes the schema of the backup, with its partitions and without any row. */
async function prepare(tx: Transaction, { schema, partitions }: Manifest): Promise<void> {
  const known = await migrationVersions(tx);
  if (!known.includes(schema.version))
    throw new BadInputError(
      `the backup has migration ${schema.version} (${schema.name}), which this version of the program lacks: update the program, then restore`,
    );
  await fixFormats(tx);
  if (await newestMigration(tx)) await migrateTo(tx, 0);
  await migrateTo(tx, schema.version);
  for (const { name, parent, bounds, key } of partitions) {
    // The manifest's schema admits only names, dates and intervals here.
    const divided = key ? ` PARTITION BY ${key}` : '';
    await tx.unsafe(`CREATE TABLE ${quoted(name)} PARTITION OF ${quoted(parent)} ${bounds}${divided}`);
  }
  const made = new Set((await listPartitions(tx)).map((one) => JSON.stringify(one)));
  const lost = partitions.find((one) => !made.has(JSON.stringify(one)));
  if (lost) throw new BoursomaticError('restore', `partition ${lost.name} differs from that of the backup`);
}

/**
 * Loads the rows without triggers, which would date and count the record anew, and without foreign keys, which are
 * checked when they are added again.
 */
async function load(
  tx: Transaction,
  file: string,
  manifest: Manifest,
  files: FileRestorer,
  progress: (step: string) => void,
): Promise<void> {
  const tables = new Map((await listTables(tx)).map((table) => [table.name, table]));
  for (const { name, columns } of manifest.tables) {
    const known = tables.get(name)?.columns;
    if (!known || known.join() !== columns.join())
      throw new BadInputError(
        `the backup's table ${name} is not that of migration ${manifest.schema.version}`,
      );
  }
  const names = [...tables.keys()].map(quoted);
  await tx.unsafe(names.map((name) => `ALTER TABLE ${name} DISABLE TRIGGER USER`).join(';'));
  const keys = await takeForeignKeys(tx);
  await tx.unsafe(`TRUNCATE ${names.join(', ')}`);
  await copyAll(tx, file, tables, files, progress);
  progress('Checking the references between tables…');
  for (const { table, name, definition } of keys)
    await tx.unsafe(`ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)} ${definition}`);
  await tx.unsafe(names.map((name) => `ALTER TABLE ${name} ENABLE TRIGGER USER`).join(';'));
  for (const { name, last } of manifest.sequences)
    await tx`SELECT setval(${quoted(name)}::regclass, ${last}::bigint)`;
}

/** Drops the foreign keys, and returns their definitions. */
async function takeForeignKeys(
  tx: Transaction,
): Promise<{ table: string; name: string; definition: string }[]> {
  const keys = await tx<{ table: string; name: string; definition: string }[]>`
    SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0`;
  for (const { table, name } of keys) await tx.unsafe(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(name)}`);
  return keys;
}

async function copyAll(
  tx: Transaction,
  file: string,
  tables: ReadonlyMap<string, Table>,
  files: FileRestorer,
  progress: (step: string) => void,
): Promise<void> {
  let current: { name: string; load: TableLoad } | undefined;
  let bytes = 0;
  const close = async () => {
    await current?.load.end();
    current = undefined;
  };
  try {
    await readArchive(file, {
      rows: async (name, chunk) => {
        if (current?.name !== name) {
          await close();
          current = { name, load: await copyIn(tx, defined(tables.get(name), `table ${name}`)) };
        }
        await current.load.add(chunk);
        bytes += chunk.length;
        progress(`Loading ${name}, after ${counted(Math.round(bytes / 1e6), 'megabyte')}…`);
      },
      file: async (path, content) => {
        await close();
        await files.write(path, content);
      },
    });
    await close();
  } catch (error) {
    current?.load.abort(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Reads every table as it is stored now: rows that a constraint, a type or a trigger changed would differ. */
async function verify(tx: Transaction, manifest: Manifest): Promise<void> {
  for (const { name, rows, sha256 } of manifest.tables) {
    const table = defined(
      (await listTables(tx)).find((one) => one.name === name),
      `table ${name}`,
    );
    const stored = await digestOf(tx, table);
    if (stored.rows !== rows || stored.sha256 !== sha256)
      throw new BoursomaticError(
        'restore',
        `table ${name} differs from the backup after loading (${stored.rows} rows of ${rows}): nothing was restored`,
      );
  }
}

/** Applies the migrations that the backup lacks. @returns their number */
async function migrateOn(tx: Transaction, { schema }: Manifest): Promise<number> {
  const later = (await migrationVersions(tx)).filter((version) => version > schema.version);
  const newest = later.at(-1);
  if (newest !== undefined) await migrateTo(tx, newest);
  return later.length;
}
