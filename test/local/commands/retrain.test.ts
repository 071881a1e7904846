import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nextVersion } from '../../../functions/infer/promote.lambda.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { readOptions } from '../../../local/commands/retrain.ts';

describe('readOptions', () => {
  const DEFAULTS = {
    currency: 'USD',
    version: undefined,
    out: undefined,
    dataDir: resolve('.boursomatic'),
    trainer: [],
  };

  test('requires nothing: without a file, the bars are those of the installation', () => {
    expect(readOptions([])).toEqual(DEFAULTS);
    expect(readOptions(['--database', 'other'])).toEqual({ ...DEFAULTS, database: 'other' });
  });

  test('reads a bars file', () => {
    expect(readOptions(['--bars', 'bars.csv'])).toEqual({ ...DEFAULTS, bars: 'bars.csv' });
  });

  test('reads every option, and passes arguments after a second -- to the trainer', () => {
    const own = ['--bars', 'b.csv.gz', '--version', 'v0.2.0', '--out', 'models', '--data-dir', 'data'];
    expect(readOptions([...own, '--', '--seed', '3', '--help'])).toEqual({
      bars: 'b.csv.gz',
      version: 'v0.2.0',
      currency: 'USD',
      out: resolve('models'),
      dataDir: resolve('data'),
      trainer: ['--seed', '3', '--help'],
    });
  });

  test('passes an existing membership file to the trainer by its absolute path, before its own arguments', () => {
    const own = ['--bars', 'b.csv', '--membership', 'package.json', '--', '--seed', '3'];
    expect(readOptions(own)?.trainer).toEqual(['--membership', resolve('package.json'), '--seed', '3']);
  });

  test('returns undefined for --help alone', () => {
    expect(readOptions(['--help'])).toBeUndefined();
  });

  test.each([
    ['empty bars', ['--bars', ''], '--bars is empty'],
    ['a currency without bars', ['--currency', 'EUR'], '--currency goes only with --bars'],
    ['an order of dates without bars', ['--date-format', 'DMY'], '--date-format goes only with --bars'],
    ['a database with bars', ['--bars', 'b.csv', '--database', 'a'], '--database does not go with --bars'],
    ['an unknown option', ['--bars', 'b.csv', '--vresion', 'v1.0.0'], "Unknown option '--vresion'"],
    ['an argument too many', ['--bars', 'b.csv', 'models'], "Unexpected argument 'models'"],
    ['a version without its v', ['--bars', 'b.csv', '--version', '1.0.0'], '--version: is not a version'],
    ['an empty version', ['--bars', 'b.csv', '--version', ''], '--version: is not a version'],
    [
      'a missing membership file',
      ['--bars', 'b.csv', '--membership', 'none.csv'],
      '--membership none.csv: no such file',
    ],
    ['an empty folder', ['--bars', 'b.csv', '--out', ''], '--out is empty'],
  ])('rejects %s', (_, args, message) => {
    const read = () => readOptions(args);
    expect(read).toThrow(BadInputError);
    expect(read).toThrow(message);
  });
});

describe('nextVersion', () => {
  test.each([
    [[], 'v0.1.0'],
    [['v0.1.0'], 'v0.1.1'],
    [['v0.1.9'], 'v0.1.10'],
    [['v0.1.10', 'v0.1.9'], 'v0.1.11'],
    [['v0.9.7', 'v0.10.0', 'v0.2.99'], 'v0.10.1'],
    [['v2.0.0', 'v10.0.0', 'v9.9.9'], 'v10.0.1'],
    [['v0.0.9007199254740993', 'v0.0.9007199254740992'], 'v0.0.9007199254740994'],
    [['v1.2.3', 'v1.2.3'], 'v1.2.4'],
  ])('increments the highest of %j to %s', (versions, next) => {
    expect(nextVersion(versions)).toBe(next);
  });
});
