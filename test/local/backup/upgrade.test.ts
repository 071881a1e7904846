import { cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { migrateTo } from '../../../functions/migration/migrate.ts';
import { verifyChain } from '../../../functions/publications/verify.ts';
import { readArchive } from '../../../local/backup/archive.ts';
import { restoreBackup } from '../../../local/backup/restore.ts';
import { upgradeDatabase } from '../../../local/backup/upgrade.ts';
import { type Installation, withLogin } from '../../../local/installation/installation.ts';
import { folder, newInstallation, seedInstallation } from './backup-support.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../sql/migrations', import.meta.url));
/** The newest migration of version 0.2.0. */
const EARLIER = 202611301580;

/** Installs a schema and rows as version 0.2.0 made them. */
async function earlierInstallation(): Promise<Installation> {
  const installation = await newInstallation();
  await withLogin(installation, 'migrator', (sql) => sql.begin((tx) => migrateTo(tx, EARLIER)));
  await seedInstallation(installation);
  return installation;
}

/** The migrations of the program, and a later one. */
async function withLater(name: string, statement: string): Promise<string> {
  const migrations = join(folder, name);
  await cp(MIGRATIONS, migrations, { recursive: true });
  await writeFile(join(migrations, '999912310000.do.look-ahead.sql'), statement);
  return migrations;
}

/** Upgrades, and returns what was said. */
async function upgrade(installation: Installation, migrations: string, backup = true): Promise<string[]> {
  const said: string[] = [];
  await upgradeDatabase(installation, { say: (line) => said.push(line), migrations, backup });
  return said;
}

const backupsOf = ({ dataDir }: Installation) => readdir(join(dataDir, 'backups')).catch(() => undefined);

describe('an upgrade of an installation that version 0.2.0 made', () => {
  let installation: Installation;
  let migrations: string;
  let said: string[];
  beforeAll(async () => {
    installation = await earlierInstallation();
    migrations = await withLater(
      'later',
      `ALTER TABLE users ADD COLUMN nickname text NOT NULL DEFAULT 'none'; DELETE FROM login_attempts;`,
    );
    said = await upgrade(installation, migrations);
  });

  test('keeps every row, and applies the migrations', async () => {
    const rows = await withLogin(
      installation,
      'migrator',
      (sql) => sql`SELECT email, nickname FROM users ORDER BY email`,
    );
    expect(rows.map(({ email, nickname }) => [email, nickname])).toEqual([
      ['ada@example.com', 'none'],
      ['bob@example.com', 'none'],
    ]);
    const report = await withLogin(installation, 'pipeline', (sql) => verifyChain(sql));
    expect(report).toMatchObject({ publications: 2, difference: null });
  });

  test('writes a backup first, and says so', async () => {
    const file = join(
      installation.dataDir,
      'backups',
      `before-upgrade-${installation.database}-${EARLIER}.tar.zst`,
    );
    expect(said).toEqual([
      expect.stringMatching(/^Backed up the database before its upgrade: .*\.tar\.zst \(0\.\d MB\)\.$/),
    ]);
    expect(said[0]).toContain(file);
    const restored = await newInstallation();
    await restoreBackup(restored, file, await readArchive(file));
    const attempts = await withLogin(restored, 'migrator', (sql) => sql`SELECT failures FROM login_attempts`);
    expect(attempts.map(({ failures }) => failures)).toEqual([1]);
  });

  test('does nothing the second time', async () => {
    const before = await stat(join(installation.dataDir, 'backups'));
    expect(await upgrade(installation, migrations)).toEqual([]);
    expect((await stat(join(installation.dataDir, 'backups'))).mtimeMs).toBe(before.mtimeMs);
  });
});

test('a new database is migrated without a backup', async () => {
  const installation = await newInstallation();
  expect(await upgrade(installation, MIGRATIONS)).toEqual([]);
  expect(await backupsOf(installation)).toBeUndefined();
  // Nobody has used it yet.
  expect(await upgrade(installation, await withLater('unused', 'SELECT 1;'))).toEqual([]);
  expect(await backupsOf(installation)).toBeUndefined();
});

describe('without room for the backup', () => {
  let installation: Installation;
  let migrations: string;
  beforeAll(async () => {
    installation = await earlierInstallation();
    migrations = await withLater('refused', 'CREATE TABLE later (id integer);');
    // A file in the place of the folder stands for a disk that takes nothing.
    await mkdir(installation.dataDir, { recursive: true });
    await writeFile(join(installation.dataDir, 'backups'), '');
  });
  const hasLater = async () =>
    (await withLogin(installation, 'migrator', (sql) => sql`SELECT to_regclass('later') AS made`))[0]
      ?.made !== null;

  test('the database is not upgraded, and the error says what to do', async () => {
    await expect(upgrade(installation, migrations)).rejects.toThrow(
      /^the database was not upgraded, because its backup failed: .*EEXIST.*; npm run db:migrate -- --no-backup upgrades without one$/,
    );
    expect(await hasLater()).toBe(false);
  });

  test('it is upgraded if no backup is wanted', async () => {
    expect(await upgrade(installation, migrations, false)).toEqual([]);
    expect(await hasLater()).toBe(true);
  });
});
