import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handler } from '../../../functions/migration/migrate.lambda.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../sql/migrations/', import.meta.url));

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase({ migrated: false });
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-migrations-'));
  for (const name of await readdir(MIGRATIONS)) await copyFile(join(MIGRATIONS, name), join(folder, name));
  const login = JSON.parse(await readFile(new URL(database.url('migrator')), 'utf8'));
  const passwords = JSON.parse(await readFile(new URL('passwords.json', database.url('migrator')), 'utf8'));
  const admin = join(folder, 'admin.json');
  await writeFile(
    admin,
    // Of another database on the same server, as a master's login may be.
    JSON.stringify({ ...login, dbname: 'postgres', username: 'postgres', password: passwords.postgres }),
  );
  vi.stubEnv('ADMIN_DATABASE_SECRET', pathToFileURL(admin).href);
  vi.stubEnv('MIGRATOR_DATABASE_SECRET', database.url('migrator'));
  vi.stubEnv('PIPELINE_DATABASE_SECRET', database.url('pipeline'));
  vi.stubEnv('API_DATABASE_SECRET', database.url('api'));
  vi.stubEnv('TRAINING_DATABASE_SECRET', database.url('training'));
  vi.stubEnv('MIGRATIONS_FOLDER', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty event', {}],
])('a deployment, which sends %s, migrates; a second one finds nothing to do', async (_, event) => {
  const first = await handler(event);
  expect(first.applied.length).toBeGreaterThan(10);
  expect(first.pending).toEqual([]);
  expect(await handler(event)).toEqual({ applied: [], takenBack: [], pending: [] });
});

test('a migration that fails half-way fails the deployment, and leaves the database as it was', async () => {
  const before = await handler({});
  const name = `99991231235959.do.${randomBytes(3).toString('hex')}.sql`;
  await writeFile(join(folder, name), 'CREATE TABLE half_done (id int); SELECT no_such_function();');
  await writeFile(join(folder, name.replace('.do.', '.undo.')), 'DROP TABLE half_done;');
  await expect(handler({})).rejects.toThrow('no_such_function');
  const [found] = await database.sql`SELECT to_regclass('half_done') AS half_done`;
  expect(found?.half_done).toBeNull();
  expect((await handler({ do: 'status' })).pending).toHaveLength(1);
  expect(before.pending).toEqual([]);
});

test('an operator takes the newest migration back, and it is pending then', async () => {
  const { applied } = await handler({});
  const answer = await handler({ do: 'rollback' });
  expect(answer.takenBack).toEqual(applied.slice(-1));
  expect(answer.pending).toEqual(applied.slice(-1));
});

test.each([
  ['an unknown request', { do: 'drop' }],
  ['an unknown key', { do: 'rollback', step: 2 }],
  ['no steps at all', { do: 'rollback', steps: 0 }],
])('%s is refused before anything is opened', async (_, event) => {
  vi.stubEnv('MIGRATOR_DATABASE_SECRET', 'file:///nowhere.json');
  await expect(handler(event)).rejects.toThrow(/^migration request:/);
});
