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
    // A master login may name another database of the server.
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
])('migrates when a deployment sends %s, and does nothing the second time', async (_, event) => {
  const first = await handler(event);
  expect(first.applied.length).toBeGreaterThan(10);
  expect(first.pending).toEqual([]);
  expect(await handler(event)).toEqual({ applied: [], takenBack: [], pending: [] });
});

test('fails the deployment and changes nothing when a migration fails halfway', async () => {
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

test('rolls back the newest migration for an operator, and reports it as pending', async () => {
  const { applied } = await handler({});
  const answer = await handler({ do: 'rollback' });
  expect(answer.takenBack).toEqual(applied.slice(-1));
  expect(answer.pending).toEqual(applied.slice(-1));
});

test.each([
  ['an unknown request', { do: 'drop' }],
  ['an unknown key', { do: 'rollback', step: 2 }],
  ['no steps at all', { do: 'rollback', steps: 0 }],
])('rejects %s before opening a connection', async (_, event) => {
  vi.stubEnv('MIGRATOR_DATABASE_SECRET', 'file:///nowhere.json');
  await expect(handler(event)).rejects.toThrow(/^migration request:/);
});
