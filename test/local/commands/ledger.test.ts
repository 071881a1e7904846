import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate } from '../../../functions/migration/migrate.ts';
import { copyPublications } from '../../../functions/publications/copies.ts';
import { connect, type Sql } from '../../../functions/shared/database.ts';
import { openObjects } from '../../../functions/shared/objects.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { openInstallation, withLogin } from '../../../local/installation/installation.ts';
import {
  sealCalls,
  seedModelAndRun,
  seedRecommendation,
} from '../../functions/api/recommendations/support.ts';
import { lastLine, newDatabase, refused, runCommand } from './command-support.ts';

const DATABASE = `test_${randomBytes(6).toString('hex')}`;
const dataDir = inject('dataDir');
const folder = join(dataDir, 'publications', DATABASE);
/** A client that may do anything. */
let superuser: Sql;
let call: string;

const ledger = (args: string[], env: Record<string, string> = {}) =>
  runCommand('ledger.ts', [...args, '--data-dir', dataDir], { cwd: dataDir, env });
const here = (...args: string[]) => ledger([...args, '--database', DATABASE]);

beforeAll(async () => {
  const installation = await openInstallation({ dataDir, database: DATABASE });
  superuser = connect({ ...inject('superuser'), dbname: DATABASE });
  await withLogin(installation, 'migrator', async (sql) => {
    await migrate(sql);
    await seedModelAndRun(sql);
    for (const symbol of ['AAPL', 'MSFT']) {
      call = await seedRecommendation(sql, { symbol });
      await sealCalls(sql, [call]);
    }
  });
  await withLogin(installation, 'pipeline', (sql) =>
    copyPublications(sql, openObjects(pathToFileURL(`${installation.publications}/`).href)),
  );
  await installation.close();
}, 60_000);
afterAll(async () => {
  await superuser.end();
  await rm(folder, { recursive: true, force: true });
});

/** Runs work while the row of the newest call is changed. */
async function whileChanged(work: () => Promise<void>): Promise<void> {
  await superuser`SET session_replication_role = replica`;
  await superuser`UPDATE recommendations SET label = 'SELL' WHERE id = ${call}`;
  await work().finally(() => superuser`UPDATE recommendations SET label = 'BUY' WHERE id = ${call}`);
}

test('verifies every publication, and compares it with the copies in the data folder', async () => {
  const { code, out } = await here('verify', '--json');
  expect(code).toBe(0);
  expect(out).toMatch(/^2 publications with 2 calls: all hashes agree\.\nCopies that agree: 2\.\n\{/);
  expect(lastLine(out)).toMatchObject({
    publications: 2,
    calls: 2,
    copies: 2,
    uncovered: 0,
    difference: null,
  });
});

test('names a changed row in one line, and exits 1', async () => {
  await whileChanged(async () => {
    const { code, out, error } = await here('verify', '--json');
    expect(code).toBe(1);
    expect(error.trimEnd().split('\n').at(-1)).toBe(
      `boursomatic: ledger: publication 2: the call MSFT, moderate (id ${call}) has changed since its publication: label`,
    );
    expect(error).not.toMatch(/\n\s+at /);
    expect(lastLine(out)).toMatchObject({
      publications: 1,
      difference: { kind: 'changed call', publication: 2 },
    });
  });
});

test('names a changed row without copies, through DATABASE_URL', async () => {
  const copies = join(dataDir, 'publications', 'elsewhere');
  await mkdir(copies, { recursive: true });
  const url = databaseUrl({ ...inject('superuser'), dbname: DATABASE, sslmode: 'disable' });
  await rm(folder, { recursive: true });
  await whileChanged(async () => {
    const { code, out, error } = await ledger(['verify'], { DATABASE_URL: url });
    expect(code).toBe(1);
    expect(out).toContain('No copies were compared (--copies).');
    expect(error).toContain(
      `publication 2: the call MSFT, moderate (id ${call}) has changed since its publication\n`,
    );
  });
  const without = await ledger(['verify', '--copies', copies], { DATABASE_URL: url });
  expect(without).toMatchObject({ code: 1 });
  expect(without.error).toContain('boursomatic: ledger: publication 1: its copy is missing\n');
});

test('compares with the copies of another folder', async () => {
  const copies = join(dataDir, 'publications', 'other');
  await superuser`TRUNCATE publication_copies`;
  await copyPublications(superuser, openObjects(pathToFileURL(`${copies}/`).href));
  expect((await here('verify', '--copies', copies)).out).toContain('Copies that agree: 2.');
  const path = join(copies, '00000001.json');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"AAPL"', '"AAPX"'));
  const { code, error } = await here('verify', '--copies', copies);
  expect(code).toBe(1);
  expect(error).toMatch(
    /publication 1: the copy differs from the database in the call AAPL, moderate \(id [0-9a-f-]+\): symbol\n$/,
  );
});

test('prints the newest publication', async () => {
  const [head] = await superuser<
    { id: number; sha256: string }[]
  >`SELECT id, sha256 FROM publications WHERE id = 2`;
  const { code, out } = await here('head', '--json');
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^2 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z ${head?.sha256}\\n`),
  );
  expect(lastLine(out)).toMatchObject({ id: 2, sha256: head?.sha256 });
});

test('accepts a database without publications', async () => {
  const database = await newDatabase();
  const empty = (command: string) => ledger([command, '--database', database]);
  expect(await empty('head')).toEqual({ code: 0, out: 'there are no publications yet\n', error: '' });
  expect((await empty('verify')).out).toMatch(/^0 publications with 0 calls: all hashes agree\.\n/);
});

test.each([
  [[], 'ledger: name a command: verify or head'],
  [['check'], 'ledger: "check" is not a command; use verify or head'],
  [['verify', 'x'], 'ledger verify: unexpected argument "x"'],
  [['head', '--copies', '.'], '--copies goes only with verify'],
  [['verify', '--copies', '/no/such/folder'], '--copies /no/such/folder is not a folder'],
  [['verify', '--copies', ''], '--copies  is not a folder'],
  [['verify', '--copies', 's3://B'], '--copies s3://B is not the URL of a bucket, such as s3://BUCKET'],
])('refuses %j', async (args, message) => {
  expect(await ledger(args)).toEqual(refused(message));
});
