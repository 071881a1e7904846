import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { RELEASE_FILES } from '../../../functions/infer/manifest.ts';
import { DATABASE_ROLES } from '../../../functions/shared/constants.ts';
import { databaseUrl } from '../../../local/installation/database-url.ts';
import { openInstallation } from '../../../local/installation/installation.ts';
import { installRelease } from '../../../local/installation/release-folder.ts';
import { lastLine, newDatabase, refused } from './command-support.ts';
import { active, here, release, run } from './model-support.ts';

describe('npm run model', () => {
  test('registers, promotes, refuses, forces, rolls back and shows versions', async () => {
    expect(await here('list')).toEqual({ code: 0, out: 'no model is registered\n', error: '' });
    // No database here has the bars of the release's predictions, so only force activates one.
    const first = await here('register', await release('v1.0.0'));
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toMatch(/^model v1\.0\.0 is registered; it fails the gate\n/);
    expect(first.out).toMatch(/│ predictions +│ FAILS +│/);
    expect(await active()).toEqual([]);
    expect((await here('promote', 'v1.0.0', '--force', 'the first')).code).toBe(0);

    const better = await release('v1.1.0');
    expect((await here('register', better)).out).toMatch(/^model v1\.1\.0 is registered; /);
    expect((await here('register', better)).out).toMatch(/^model v1\.1\.0 is already registered; /);
    expect(await active()).toEqual(['v1.0.0']);
    const denied = await here('promote', 'v1.1.0');
    expect([denied.code, denied.out]).toEqual([1, '']);
    expect(denied.error.trimEnd().split('\n')).toHaveLength(1);
    expect(denied.error).toMatch(/^boursomatic: model v1\.1\.0 fails the gate: predictions: /);
    expect(await here('promote', 'v1.1.0', '--force', 'better')).toEqual({
      code: 0,
      out: 'model v1.1.0 is active instead of v1.0.0\n',
      error: '',
    });

    await here('register', await release('v1.2.0'));
    expect((await here('promote', 'v1.2.0')).code).toBe(1);
    expect(await active()).toEqual(['v1.1.0']);

    const forced = await here('promote', 'v1.2.0', '--force', 'a drill', '--json');
    expect(lastLine(forced.out)).toMatchObject({
      version: 'v1.2.0',
      previous: 'v1.1.0',
      changed: true,
      verdict: { passed: false },
    });
    const shown = await here('show', 'v1.2.0');
    expect(shown.out).toMatch(
      /│ promote +│ failed │ refused +│ +│\n.*│ promote +│ failed │ active +│ a drill +│/,
    );

    expect((await here('rollback')).out).toBe('model v1.1.0 is active instead of v1.2.0\n');
    expect((await here('rollback', 'v1.0.0')).out).toBe('model v1.0.0 is active instead of v1.1.0\n');
    expect(await here('rollback')).toMatchObject({ code: 1, out: '' });
    const listed = await here('list');
    expect(listed.out).toMatch(
      /│ v1\.0\.0 +│ yes +│ \d{4}-\d\d-\d\d │ unknown │ 0\.0300 +│ 0\.0100 +│ fails predictions/,
    );
    expect(listed.out).toMatch(/│ v1\.2\.0 +│ +│ .*│ fails predictions/);
  }, 120_000);
});

test('uses the server in DATABASE_URL, and shows why a failing first release is active', async () => {
  const dataDir = inject('dataDir');
  const installation = await openInstallation({
    dataDir,
    database: await newDatabase(),
  });
  const passwords = JSON.parse(await readFile(join(dataDir, 'secrets', 'passwords.json'), 'utf8'));
  const login = installation.login(DATABASE_ROLES.training);
  const url = databaseUrl({ ...login, username: 'postgres', password: passwords.postgres });
  const there = (...args: string[]) => run([...args, '--data-dir', dataDir], { DATABASE_URL: url });
  expect((await there('list')).out).toBe('no model is registered\n');
  const failing = await release('v1.0.0');
  await installRelease(installation, pathToFileURL(`${failing}/`));
  expect((await there('list')).out).toMatch(/│ v1\.0\.0 +│ yes +│/);
  expect((await there('show', 'v1.0.0')).out).toContain('first release: no model was active');
  await installation.close();
});

test('keeps the files of a registered version unless they are damaged', async () => {
  const installation = await openInstallation({
    dataDir: inject('dataDir'),
    database: await newDatabase(),
  });
  const directory = pathToFileURL(`${await release('v3.0.0')}/`);
  const other = pathToFileURL(`${await release('v3.0.0', { note: 'of the same training' })}/`);
  const stored = join(installation.objects, 'models', 'v3.0.0');
  const read = () => readFile(join(stored, 'manifest.json'), 'utf8');
  await installRelease(installation, directory);
  const before = await read();
  await installRelease(installation, other);
  expect(await read()).toBe(before);
  await rm(join(stored, 'trees.json'));
  await installRelease(installation, other);
  expect(await read()).toContain('of the same training');
  expect((await readdir(stored)).sort()).toEqual([...RELEASE_FILES, 'manifest.json'].sort());
  await installation.close();
});

describe('bad arguments', () => {
  test.each([
    [[], 'model: name a command: list, register, promote, rollback or show'],
    [['toString'], 'model: "toString" is not a command; use list, register, promote, rollback or show'],
    [['list', 'v1.0.0'], 'model list: unexpected argument "v1.0.0"'],
    [['register'], 'model register: needs a DIR'],
    [['promote'], 'model promote: needs a VERSION'],
    [['promote', '1.0.0'], 'model promote: "1.0.0" is not a version such as v1.2.3'],
    [['promote', 'v1.0.0', 'v1.1.0'], 'model promote: unexpected argument "v1.1.0"'],
    [['rollback', ''], 'model rollback: "" is not a version such as v1.2.3'],
    [['rollback', '--force', 'why'], '--force goes only with promote'],
    [['promote', 'v1.0.0', '--force', ' '], '--force needs a reason'],
  ])('rejects %j with exit 2 and one line that says what is valid', async (args, message) => {
    expect(await run(args)).toEqual(refused(message));
  });

  test('rejects an unknown option with exit 2 and refers to the help', async () => {
    const { code, out, error } = await run(['list', '--all']);
    expect([code, out]).toEqual([2, '']);
    expect(error).toMatch(/^boursomatic: Unknown option '--all'.* \(--help lists the options\)\n$/);
  });

  test.each([['promote'], ['rollback'], ['show']])(
    'rejects %s of an unknown version with exit 2',
    async (command) => {
      expect(await here(command, 'v9.9.9')).toEqual(refused('model v9.9.9 is not registered'));
    },
  );
});

test('lists the commands for --help and exits 0', async () => {
  const { code, out, error } = await run(['--help']);
  expect([code, error]).toEqual([0, '']);
  for (const command of ['list', 'register', 'promote', 'rollback', 'show'])
    expect(out).toMatch(new RegExp(`^ {2}${command} `, 'm'));
});
