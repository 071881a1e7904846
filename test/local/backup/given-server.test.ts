import { join } from 'node:path';
import { beforeAll, expect, inject, test } from 'vitest';
import { migrate } from '../../../functions/migration/migrate.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { readArchive } from '../../../local/backup/archive.ts';
import { writeBackup } from '../../../local/backup/backup.ts';
import type { Manifest } from '../../../local/backup/manifest.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { withLogin } from '../../../local/installation/installation.ts';
import { using } from '../../support/postgres.ts';
import { lastLine, newDatabase, runCommand } from '../commands/command-support.ts';
import { folder, newInstallation, seedInstallation } from './backup-support.ts';

let file: string;
let manifest: Manifest;
beforeAll(async () => {
  const source = await newInstallation();
  await withLogin(source, 'migrator', migrate);
  await seedInstallation(source);
  file = join(folder, 'source.tar.zst');
  manifest = (await writeBackup(source, file)).manifest;
});

test('the owner of the tables suffices to restore into a given server and to back it up, and no login changes', async () => {
  const database = await newDatabase();
  const login = { ...inject('logins')[DATABASE_ROLES.migrator], dbname: database };
  const env = { DATABASE_URL: databaseUrl(login) };
  const dataDir = join(folder, 'given');
  const roles = () => using(inject('superuser'), (sql) => sql`SELECT * FROM pg_authid ORDER BY rolname`);
  const before = await roles();

  const restored = await runCommand('restore.ts', [file, '--data-dir', dataDir, '--json'], { env });
  expect(restored).toMatchObject({ code: 0 });
  expect(lastLine(restored.out)).toMatchObject({ database });
  const copy = join(folder, 'copy.tar.zst');
  expect(await runCommand('backup.ts', [copy, '--data-dir', dataDir], { env })).toMatchObject({ code: 0 });
  const again = await readArchive(copy);
  expect(again.tables).toEqual(manifest.tables);
  expect(again.files.count).toBe(manifest.files.count);
  expect([...(await roles())]).toEqual([...before]);
  const api = { ...inject('logins')[DATABASE_ROLES.api], dbname: database };
  expect(await using(api, async (sql) => (await sql`SELECT 1 AS one`)[0]?.one)).toBe(1);
});

test('a login that is neither owner nor administrator is refused with one line', async () => {
  const login = { ...inject('logins')[DATABASE_ROLES.api], dbname: await newDatabase() };
  const env = { DATABASE_URL: databaseUrl(login) };
  const refused = await runCommand('restore.ts', [file, '--data-dir', join(folder, 'refused')], { env });
  expect(refused.code).toBe(1);
  expect(refused.error).toMatch(/boursomatic: database: the login may not create roles or grant: [^\n]*\n$/);
});
