import { fileURLToPath } from 'node:url';
import Postgrator from 'postgrator';
import type { Sql, Transaction } from '../shared/database.ts';
import { BadInputError, ConfigurationError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';

const MIGRATIONS = fileURLToPath(new URL('../../sql/migrations/', import.meta.url));
const LEDGER = 'schema_migrations';

/** A migration and whether this database has it. */
export interface MigrationStatus {
  version: number;
  name: string;
  applied: boolean;
}

/**
 * Applies every pending migration in one transaction. A lock makes concurrent deployments apply each migration once.
 *
 * @param sql - a client of the migrator role
 * @param directory - the folder of the migrations
 * @returns the names of the applied migrations, in order
 * @throws ConfigurationError if the file of an applied migration was changed
 */
export function migrate(sql: Sql, directory = MIGRATIONS): Promise<string[]> {
  return underLock(sql, directory, (runner) => runner.migrate('max'));
}

/**
 * Rolls back the newest migrations in one transaction.
 *
 * @param steps - the number of migrations
 * @returns the names of the migrations rolled back, newest first
 * @throws BadInputError if fewer are applied
 */
export function rollback(sql: Sql, steps: number, directory = MIGRATIONS): Promise<string[]> {
  return underLock(sql, directory, async (runner) => {
    const current = await runner.getDatabaseVersion();
    const versions = (await knownMigrations(runner))
      .map(({ version }) => version)
      .filter((v) => v <= current);
    if (steps > versions.length) {
      throw new BadInputError(
        `rollback: cannot roll back ${steps} migrations: only ${versions.length} are applied`,
      );
    }
    // Version 0 is the empty database.
    return runner.migrate(String([0, ...versions].at(-steps - 1)));
  });
}

/** Lists every migration in order, and whether it is applied. */
export async function migrationStatus(sql: Sql, directory = MIGRATIONS): Promise<MigrationStatus[]> {
  const current = await sql.begin('read only', async (tx) =>
    (await newRunner(tx, directory)).getDatabaseVersion(),
  );
  const known = await knownMigrations(await newRunner(sql, directory));
  return known.map(({ version, name }) => ({ version, name, applied: version <= current }));
}

/** The newest migration that a database has; undefined if it has none. */
export async function newestMigration(
  tx: Transaction,
  directory = MIGRATIONS,
): Promise<{ version: number; name: string } | undefined> {
  const runner = await newRunner(tx, directory);
  const current = await runner.getDatabaseVersion();
  if (current === 0) return undefined;
  const known = (await knownMigrations(runner)).find(({ version }) => version === current);
  return { version: current, name: known?.name ?? 'unknown' };
}

/** The versions of all migrations of this program, oldest first. */
export async function migrationVersions(tx: Transaction, directory = MIGRATIONS): Promise<number[]> {
  return (await knownMigrations(await newRunner(tx, directory))).map(({ version }) => version);
}

/** The versions of the migrations that a database lacks, oldest first. */
export async function pendingMigrations(tx: Transaction, directory = MIGRATIONS): Promise<number[]> {
  const current = (await newestMigration(tx, directory))?.version ?? 0;
  return (await migrationVersions(tx, directory)).filter((version) => version > current);
}

/**
 * Migrates up or down within a transaction, under the same lock as {@link migrate}.
 *
 * @param version - the newest migration after the change; 0 empties the database
 */
export async function migrateTo(tx: Transaction, version: number, directory = MIGRATIONS): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtext('migrate'))`;
  await (await newRunner(tx, directory)).migrate(String(version));
}

async function underLock(
  sql: Sql,
  directory: string,
  work: (runner: Postgrator) => Promise<Postgrator.Migration[]>,
): Promise<string[]> {
  try {
    const done = await sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(hashtext('migrate'))`;
      return work(await newRunner(tx, directory));
    });
    return done.map(({ name }) => name);
  } catch (error) {
    const changed =
      error instanceof Error && /^MD5 checksum failed for migration \[(\d+)\]/.exec(error.message)?.[1];
    if (!changed) throw error;
    throw new ConfigurationError(
      `database: the file of migration ${changed} changed after it was applied to this database; restore the file, or start with an empty database`,
      { cause: error },
    );
  }
}

async function newRunner(sql: Sql | Transaction, directory: string): Promise<Postgrator> {
  const [row] = await sql<{ name: string }[]>`SELECT current_database() AS name`;
  return new Postgrator({
    driver: 'pg',
    database: defined(row, 'name of the database').name,
    currentSchema: 'public',
    schemaTable: LEDGER,
    migrationPattern: `${directory}/*.sql`,
    execQuery: async (query) => ({ rows: [...(await sql.unsafe(query))] }),
  });
}

async function knownMigrations(runner: Postgrator): Promise<Postgrator.Migration[]> {
  const migrations = await runner.getMigrations();
  return migrations.filter(({ action }) => action === 'do').sort((a, b) => a.version - b.version);
}
