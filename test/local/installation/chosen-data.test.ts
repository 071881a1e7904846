import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BadInputError, ConfigurationError } from '../../../functions/shared/errors.ts';
import { databaseOf, readChoice, rememberChoice } from '../../../local/installation/chosen-data.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-choice-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const file = () => join(dataDir, 'installation.json');

describe('rememberChoice', () => {
  test.each([
    { data: 'sample' as const },
    { data: 'real' as const },
    { data: 'real' as const, start: { provider: ['yahoo' as const, 'stooq' as const], benchmark: 'SPY' } },
  ])('stores %j in one private file, and replaces the choice before', async (choice) => {
    await rememberChoice(dataDir, { data: 'real', start: { provider: ['tiingo'] } });
    await rememberChoice(dataDir, choice);
    expect(readChoice(dataDir)).toEqual(choice);
    expect(await readdir(dataDir)).toEqual(['installation.json']);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  test('stores providers as the command line names them', async () => {
    await rememberChoice(dataDir, { data: 'real', start: { provider: ['yahoo', 'stooq'] } });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({
      data: 'real',
      start: { provider: 'yahoo,stooq' },
    });
  });
});

describe('readChoice', () => {
  test('finds no choice in a new or a missing folder', () => {
    expect(readChoice(dataDir)).toBeUndefined();
    expect(readChoice(join(dataDir, 'missing'))).toBeUndefined();
  });

  test.each([
    ['', 'is damaged'],
    ['{"data":', 'is damaged'],
    ['{"data":"both"}', 'is damaged'],
    ['{"data":"real","start":{"provider":"bloomberg"}}', 'is damaged'],
    ['{"data":"real","colour":"red","size":1}', 'has keys that this version does not know (colour, size)'],
    [
      '{"data":"real","start":{"provider":"yahoo","colour":"red"}}',
      'has keys that this version does not know (colour)',
    ],
  ])('rejects the file %j, and says what to do', async (text, fault) => {
    await writeFile(file(), text);
    expect(() => readChoice(dataDir)).toThrow(ConfigurationError);
    expect(() => readChoice(dataDir)).toThrow(
      `${file()} ${fault}: restore it from a backup, or remove it and repeat npm start -- --provider NAME; the databases keep all data`,
    );
  });
});

describe('databaseOf', () => {
  const choose = (options: object) => databaseOf({ 'data-dir': dataDir, ...options });

  test('chooses the sample without a choice', () => {
    expect(choose({})).toEqual({
      dataDir,
      database: 'boursomatic_sample',
      data: 'sample',
      isUndecided: true,
    });
  });

  test('chooses the data that the installation is for', async () => {
    await rememberChoice(dataDir, { data: 'real' });
    expect(choose({})).toEqual({ dataDir, database: 'boursomatic', data: 'real', isUndecided: false });
    await rememberChoice(dataDir, { data: 'sample' });
    expect(choose({})).toMatchObject({ database: 'boursomatic_sample', data: 'sample', isUndecided: false });
  });

  test('chooses the sample or the database that the options name', async () => {
    await rememberChoice(dataDir, { data: 'real' });
    expect(choose({ sample: true })).toMatchObject({ database: 'boursomatic_sample', data: 'sample' });
    expect(choose({ database: 'mine' })).toMatchObject({ database: 'mine', data: 'named' });
  });

  test('rejects --sample with --database', () => {
    expect(() => choose({ sample: true, database: 'mine' })).toThrow(BadInputError);
  });
});
