import { execFile } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../../functions/migration/migrate.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { readArchive } from '../../../local/backup/archive.ts';
import { writeBackup } from '../../../local/backup/backup.ts';
import { type Installation, withLogin } from '../../../local/installation/installation.ts';
import { folder, newInstallation, seedInstallation } from './backup-support.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await newInstallation();
  await withLogin(installation, 'migrator', migrate);
  await seedInstallation(installation);
});

describe('a backup', () => {
  test('has every table, the newest migration, and the files that belong to the database', async () => {
    const file = join(folder, 'one.tar.zst');
    await writeFile(join(installation.objects, 'raw', 'half.json.gz.partial'), 'incomplete');
    const files: string[] = [];
    const { manifest, rows } = await writeBackup(installation, file);
    await readArchive(file, { file: async (path) => void files.push(path) });
    const tables = await withLogin(
      installation,
      'migrator',
      (sql) => sql`
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT relispartition AND relname <> 'schema_migrations'`,
    );
    expect(manifest.tables.map(({ name }) => name)).toEqual(tables.map(({ relname }) => relname).sort());
    expect(rows).toBe(manifest.tables.reduce((sum, table) => sum + table.rows, 0));
    expect(manifest.schema.version).toBeGreaterThanOrEqual(202611301580);
    expect(files).toEqual([
      'secrets/signing-keys.json',
      'objects/models/v1.2.3/empty',
      'objects/models/v1.2.3/manifest.json',
      'objects/raw/run-1/daily/2026-02-27/AAPL.json.gz',
      'publications/00000001.json',
      'publications/00000002.json',
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('holds one state, although both tables of a transaction grow while it is written', async () => {
    let isDone = false;
    const writing = withLogin(installation, 'migrator', async (sql) => {
      for (let i = 0; !isDone; i++)
        await sql.begin(async (tx) => {
          await tx`INSERT INTO instruments (symbol, exchange) VALUES (${`T${i}`}, 'TEST')`;
          await tx`INSERT INTO users (email, password_hash) VALUES (${`${i}@example.com`}, 'hash')`;
        });
    });
    const counts: number[][] = [];
    for (let i = 0; i < 5; i++) {
      const { manifest } = await writeBackup(installation, join(folder, `state-${i}.tar.zst`));
      const rowsOf = (name: string) => manifest.tables.find((table) => table.name === name)?.rows ?? -1;
      counts.push([rowsOf('instruments'), rowsOf('users')]);
    }
    isDone = true;
    await writing;
    // Two of each were there before.
    for (const [instruments, users] of counts) expect(instruments).toBe(users);
    expect(counts[4]?.[0]).toBeGreaterThan(counts[0]?.[0] ?? 0);
  });

  test('does not hold up a command that finds no pending migration', async () => {
    const backups = [0, 1].map((i) => writeBackup(installation, join(folder, `beside-${i}.tar.zst`)));
    const migrating = withLogin(installation, 'migrator', migrate);
    expect(await migrating).toEqual([]);
    await Promise.all(backups);
  });

  test('never replaces a file without being told to', async () => {
    const file = join(folder, 'mine.tar.zst');
    await writeFile(file, 'mine');
    await expect(writeBackup(installation, file)).rejects.toBeInstanceOf(BadInputError);
    expect((await stat(file)).size).toBe(4);
    await writeBackup(installation, file, { force: true });
    expect((await readArchive(file)).database).toBe(installation.database);
    await expect(writeBackup(installation, folder, { force: true })).rejects.toThrow(
      /is a folder: name a file/,
    );
    const nowhere = join(folder, 'none', 'x.tar.zst');
    await expect(writeBackup(installation, nowhere)).rejects.toThrow(/none is not a folder: create it first/);
  });

  test('of a process that was killed is not there', async () => {
    const file = join(folder, 'killed.tar.zst');
    const path = (name: string) => new URL(`../../../local/${name}`, import.meta.url).href;
    const script = `
      import { ArchiveWriter } from '${path('backup/archive.ts')}';
      const archive = await ArchiveWriter.create(${JSON.stringify(file)});
      await archive.addTable('x', (add) => add(Buffer.from('1\\n')));
      process.kill(process.pid, 'SIGKILL');`;
    await new Promise((resolve) =>
      execFile(process.execPath, ['--input-type=module', '-e', script], resolve),
    );
    const left = (await readdir(folder)).filter((name) => name.startsWith('killed'));
    expect(left).toEqual([expect.stringMatching(/^killed\.tar\.zst\.partial-\d+$/)]);
    await writeBackup(installation, file);
    expect((await readdir(folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed.tar.zst']);
  });
});
