import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, migrationStatus, rollback } from '../../../functions/migration/migrate.ts';
import { describeSchema } from '../../../functions/migration/schema.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../sql/migrations/', import.meta.url));

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
});
afterEach(() => database.close());

/** A copy of the project's migrations to which a test adds its own. */
async function copyOfMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'boursomatic-migrations-'));
  for (const name of await readdir(MIGRATIONS)) await copyFile(join(MIGRATIONS, name), join(folder, name));
  return folder;
}

test('every migration has an undo file', async () => {
  const names = await readdir(MIGRATIONS);
  const of = (action: string) =>
    names.filter((name) => name.includes(`.${action}.`)).map((name) => name.replace(`.${action}.`, '.'));
  expect(of('do').length).toBeGreaterThan(5);
  expect(of('undo')).toEqual(of('do'));
});

test('rolling back leaves nothing, and migrating again leaves an identical schema', async () => {
  const applied = await migrate(database.sql);
  const first = await describeSchema(database.sql);
  expect(await rollback(database.sql, applied.length)).toEqual([...applied].reverse());
  const empty = await describeSchema(database.sql);
  expect(empty.filter((line) => !line.includes('to boursomatic_migrator'))).toEqual([]);
  expect(await migrate(database.sql)).toEqual(applied);
  expect(await describeSchema(database.sql)).toEqual(first);
});

test('rolls back and applies each migration separately', async () => {
  const applied = await migrate(database.sql);
  const whole = await describeSchema(database.sql);
  for (let steps = 1; steps <= applied.length; steps++) {
    await rollback(database.sql, steps);
    await migrate(database.sql);
    expect(await describeSchema(database.sql)).toEqual(whole);
  }
}, 180_000);

test('rolls back the newest migration, and shows it as pending', async () => {
  const applied = await migrate(database.sql);
  expect(await rollback(database.sql, 1)).toEqual(applied.slice(-1));
  const status = await migrationStatus(database.sql);
  expect(status.map(({ name }) => name)).toEqual(applied);
  expect(status.map((migration) => migration.applied)).toEqual(applied.map((_, i) => i < applied.length - 1));
});

test('reads the status of an empty database without changing it', async () => {
  const status = await migrationStatus(database.sql);
  expect(status.every(({ applied }) => !applied)).toBe(true);
  expect(await database.sql`SELECT 1 FROM pg_class WHERE relname = 'schema_migrations'`).toHaveLength(0);
});

test('refuses to roll back more migrations than are applied', async () => {
  const applied = await migrate(database.sql);
  await expect(rollback(database.sql, applied.length + 1)).rejects.toThrow(
    `rollback: cannot roll back ${applied.length + 1} migrations: only ${applied.length} are applied`,
  );
  expect((await migrationStatus(database.sql)).every((migration) => migration.applied)).toBe(true);
});

describe('with an additional migration', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await copyOfMigrations();
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('applies none of the migrations when one fails halfway', async () => {
    await writeFile(join(folder, '999901010001.do.good.sql'), 'CREATE TABLE good (id int);');
    await writeFile(join(folder, '999901010002.do.bad.sql'), 'CREATE TABLE bad (id int); SELECT 1 / 0;');
    await expect(migrate(database.sql, folder)).rejects.toThrow('division by zero');
    expect(await describeSchema(database.sql)).toEqual(
      (await describeSchema(database.sql)).filter((line) => line.startsWith('grant')),
    );
  });

  test('names a migration whose file changed after it was applied', async () => {
    await writeFile(join(folder, '999901010001.do.good.sql'), 'CREATE TABLE good (id int);');
    await migrate(database.sql, folder);
    await writeFile(join(folder, '999901010001.do.good.sql'), 'CREATE TABLE better (id int);');
    await expect(migrate(database.sql, folder)).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining(
        'the file of migration 999901010001 changed after it was applied to this database',
      ),
    });
  });
});

test('applies each migration once for two concurrent deployments', async () => {
  const both = await Promise.all([
    migrate(database.client('migrator')),
    migrate(database.client('migrator')),
  ]);
  const counts = both.map((applied) => applied.length).sort((a, b) => a - b);
  expect(counts[0]).toBe(0);
  expect(counts[1]).toBe((await migrationStatus(database.sql)).length);
});
