import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { rememberChoice } from '../../../local/installation/chosen-data.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { type Installation, openInstallation } from '../../../local/installation/installation.ts';
import { removeCluster } from '../../../local/installation/postgres-server.ts';
import { lastLine, newDatabase, refused, runCommand } from './command-support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-chosen-'));
});
afterAll(() => rm(folder, { recursive: true }));

const failed = (message: string) => ({ code: 1, out: '', error: `boursomatic: ${message}\n` });

/** Commands that only read, of every program that works on an installation. */
const READING: [string, string[]][] = [
  ['admin.ts', ['list']],
  ['model.ts', ['list']],
  ['instruments.ts', ['list']],
  ['instruments.ts', ['deactivate', 'AAPL']],
  ['ledger.ts', ['head']],
  ['ledger.ts', ['verify']],
  ['track-record.ts', []],
  ['replay.ts', ['--all']],
  ['db.ts', ['status']],
  ['db.ts', ['verify']],
];

describe('in a folder without data', () => {
  test.each(READING)('%s %j names the next step and makes nothing', async (file, args) => {
    const cwd = await mkdtemp(join(folder, 'empty-'));
    const none =
      'there is no data in .boursomatic yet: run npm start for the sample, or npm start -- --provider yahoo for real data';
    expect(await runCommand(file, args, { cwd })).toEqual(failed(none));
    expect(existsSync(join(cwd, '.boursomatic'))).toBe(false);
  });

  test('a command on real data suggests a start with a vendor', async () => {
    const dataDir = await mkdtemp(join(folder, 'real-'));
    await rememberChoice(dataDir, { data: 'real' });
    expect(await runCommand('admin.ts', ['list', '--data-dir', dataDir])).toEqual(
      failed(
        `there is no real data in ${dataDir} yet: start with npm start -- --provider yahoo, or use --sample`,
      ),
    );
  });

  test('--sample does not go with --database', async () => {
    expect(await runCommand('admin.ts', ['list', '--sample', '--database', 'mine'])).toEqual(
      refused('--sample does not go with --database: the sample is in boursomatic_sample'),
    );
  });
});

describe('on the embedded server', () => {
  let dataDir: string;
  const run = (file: string, args: string[]) => runCommand(file, [...args, '--data-dir', dataDir]);
  let server: Installation;
  beforeAll(async () => {
    dataDir = join(folder, 'data');
    // One server for all commands.
    server = await openInstallation({ dataDir, database: 'kept' });
  });
  afterAll(async () => {
    await server.close(true);
    await removeCluster(join(dataDir, 'postgres'));
  });

  test('an account and instruments make their databases, and instruments choose real data', async () => {
    const created = await run('admin.ts', ['create', 'ada@example.com', '--generate']);
    expect(created).toMatchObject({ code: 0, error: `Sample data in ${dataDir}\n` });
    expect(existsSync(join(dataDir, 'installation.json'))).toBe(false);

    const refusedList = await run('instruments.ts', ['list', '--database', 'boursomatic']);
    expect(refusedList).toEqual(
      failed(`there is no database boursomatic in ${dataDir}: it has boursomatic_sample, kept`),
    );

    expect(await run('instruments.ts', ['add', 'KO', '--sample'])).toMatchObject({ code: 0 });
    expect(existsSync(join(dataDir, 'installation.json'))).toBe(false);

    const added = await run('instruments.ts', ['add', 'AAPL']);
    expect(added).toMatchObject({ code: 0, error: `Real data in ${dataDir}\n` });
    expect(JSON.parse(await readFile(join(dataDir, 'installation.json'), 'utf8'))).toEqual({ data: 'real' });
  });

  test('every command then acts on the real data, and with --sample on the sample', async () => {
    for (const [file, args] of READING) {
      const { error } = await run(file, args);
      expect(error, `${file} ${args}`).toContain(`Real data in ${dataDir}\n`);
    }
    expect(await run('admin.ts', ['list'])).toMatchObject({ out: 'there are no users\n' });
    const sample = await run('admin.ts', ['list', '--sample', '--json']);
    expect(sample.error).toBe(`Sample data in ${dataDir}\n`);
    expect(lastLine(sample.out)).toMatchObject([{ email: 'ada@example.com' }]);
  });

  test('a command keeps the vendor of the last start', async () => {
    const choice = { data: 'real' as const, start: { provider: ['yahoo' as const] } };
    await rememberChoice(dataDir, choice);
    expect(await run('instruments.ts', ['add', 'MSFT'])).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(join(dataDir, 'installation.json'), 'utf8'))).toEqual({
      data: 'real',
      start: { provider: 'yahoo' },
    });
  });
});

test('a folder of an earlier version with real data needs no choice', async () => {
  const dataDir = join(folder, 'earlier');
  const run = (args: string[]) => runCommand('admin.ts', [...args, '--data-dir', dataDir]);
  for (const database of ['boursomatic_sample', 'boursomatic'])
    await (await openInstallation({ dataDir, database })).close(true);
  expect(await run(['list'])).toMatchObject({ code: 0, error: `Real data in ${dataDir}\n` });
  expect(await run(['list', '--sample'])).toMatchObject({ code: 0, error: `Sample data in ${dataDir}\n` });
  expect(existsSync(join(dataDir, 'installation.json'))).toBe(false);
  await removeCluster(join(dataDir, 'postgres'));
}, 60_000);

describe('with DATABASE_URL', () => {
  let url: string;
  let place: string;
  let dataDir: string;
  const run = (file: string, args: string[], more: string[] = []) =>
    runCommand(file, [...args, '--data-dir', dataDir, ...more], { env: { DATABASE_URL: url } });
  beforeEach(async () => {
    const dbname = await newDatabase({ migrated: false });
    const superuser = inject('superuser');
    url = databaseUrl({ ...superuser, dbname });
    place = `${superuser.host}:${superuser.port}/${dbname}`;
    dataDir = await mkdtemp(join(folder, 'given-'));
  });

  test('a database without tables stays so when a command reads', async () => {
    expect(await run('instruments.ts', ['list'])).toEqual(
      failed('there is no data in the database of DATABASE_URL yet: run npm start first'),
    );
    expect(await run('db.ts', ['status'])).toMatchObject({ code: 1 });
  });

  test('instruments decide for real data, which no command mixes with the sample', async () => {
    const created = await run('admin.ts', ['create', 'ada@example.com', '--generate']);
    expect(created).toMatchObject({ code: 0, error: `Sample data in ${place}\n` });
    const added = await run('instruments.ts', ['add', 'AAPL']);
    expect(added).toMatchObject({ code: 0, error: `Real data in ${place}\n` });

    const holdsReal = refused(
      `${place} holds real data, which never mixes with the sample: for the sample, name another database in DATABASE_URL`,
    );
    expect(await run('admin.ts', ['list'], ['--sample'])).toEqual(holdsReal);
    expect(await run('instruments.ts', ['add', 'KO'], ['--sample'])).toEqual(holdsReal);
    // A folder without a choice takes the data that are there.
    dataDir = await mkdtemp(join(folder, 'given-'));
    expect(await run('admin.ts', ['list'])).toMatchObject({ code: 0, error: `Real data in ${place}\n` });
  });

  test('a database of the sample takes no real data', async () => {
    expect(await run('instruments.ts', ['add', 'AAPL'], ['--sample'])).toMatchObject({ code: 0 });
    const holdsSample = refused(
      `${place} holds the sample, which never mixes with real data: name another database in DATABASE_URL, or use --sample`,
    );
    expect(await run('instruments.ts', ['add', 'KO'])).toEqual(holdsSample);
    expect(existsSync(join(dataDir, 'installation.json'))).toBe(false);
    await rememberChoice(dataDir, { data: 'real' });
    expect(await run('admin.ts', ['list'])).toEqual(holdsSample);
    const listed = await run('instruments.ts', ['list'], ['--sample', '--json']);
    expect(lastLine(listed.out)).toMatchObject([{ symbol: 'AAPL' }]);
  });

  test('--database is refused, because the URL names the database', async () => {
    expect(await run('admin.ts', ['list'], ['--database', 'mine'])).toEqual(
      refused('--database is for the embedded server, and DATABASE_URL is set: omit one of them'),
    );
  });
});
