import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, newestMigration, pendingMigrations } from '../../functions/migration/migrate.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import { removePartials } from '../installation/partial-files.ts';
import { describeError } from '../terminal/exit.ts';
import { writeBackup } from './backup.ts';
import { backupFolder } from './nightly.ts';
import { isInUse } from './tables.ts';

/** How to upgrade a database. */
export interface UpgradeOptions {
  /** Receives a line about the backup. */
  say: (line: string) => void;
  /** False to migrate without a backup. */
  backup?: boolean;
  /** Folder of the migrations, by default those of the program. */
  migrations?: string;
}

/**
 * Applies the pending migrations. If the database is in use, a backup is written first. Without pending migrations,
 * nothing happens.
 *
 * @returns the names of the applied migrations
 * @throws BoursomaticError (`backup`) if the backup fails; the database is then unchanged
 */
export async function upgradeDatabase(
  installation: Installation,
  { say, backup = true, migrations }: UpgradeOptions,
): Promise<string[]> {
  const from = backup
    ? await withLogin(installation, 'migrator', (sql) => versionToBackUp(sql, migrations))
    : undefined;
  if (from !== undefined) {
    const { file, size } = await writeUpgradeBackup(installation, from);
    say(`Backed up the database before its upgrade: ${file} (${(size / 1e6).toFixed(1)} MB).`);
  }
  return withLogin(installation, 'migrator', (sql) => migrate(sql, migrations));
}

/** The newest migration of a database in use that has pending ones; undefined for any other database. */
async function versionToBackUp(sql: Sql, migrations?: string): Promise<number | undefined> {
  return sql.begin('read only', async (tx) => {
    const newest = await newestMigration(tx, migrations);
    if (!newest || (await pendingMigrations(tx, migrations)).length === 0) return undefined;
    return (await isInUse(tx)) ? newest.version : undefined;
  });
}

async function writeUpgradeBackup(installation: Installation, from: number) {
  const folder = backupFolder(installation.dataDir);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removePartials(folder);
    const file = join(folder, `before-upgrade-${installation.database}-${from}.tar.zst`);
    // Replaces the backup of an upgrade that failed: the rows may have changed since.
    return await writeBackup(installation, file, { force: true });
  } catch (cause) {
    throw new BoursomaticError(
      'backup',
      `the database was not upgraded, because its backup failed: ${describeError(cause)}; npm run db:migrate -- --no-backup upgrades without one`,
      { cause },
    );
  }
}
