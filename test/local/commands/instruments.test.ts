import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, lastLine, newDatabase, refused, runCommand } from './command-support.ts';

let database: string;
let folder: string;
beforeAll(async () => {
  database = await newDatabase();
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-instruments-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command in this test file's database of the shared server, which it must not stop. */
function here(...args: string[]): Promise<Answer> {
  const where = ['--data-dir', inject('dataDir'), '--database', database];
  return runCommand('instruments.ts', [...args, ...where], { cwd: folder });
}

test('imports, adds, lists and deactivates instruments', async () => {
  expect(await here('list')).toEqual({
    code: 0,
    out: 'there are no instruments; npm run instruments -- add SYMBOL adds one\n',
    error: '',
  });
  const file = join(folder, 'universe.csv');
  await writeFile(file, 'Symbol,Security\nBRK.B,"Berkshire Hathaway, Inc."\nAAPL,Apple\n');
  const imported = { code: 0, out: '2 instruments read, 2 added or changed\n', error: '' };
  expect(await here('import', file)).toEqual(imported);
  expect((await here('import', file)).out).toBe('2 instruments read, 0 added or changed\n');
  expect((await here('add', 'ibm', 'IBM', '--exchange', 'NYSE')).out).toMatch(/^1 instrument read, 1 added/);
  expect((await here('add', 'M&M.NS', 'm&m.ns')).out).toMatch(/^1 instrument read, 1 added/);
  expect((await here('add', 'ibm', '--purpose', 'reference')).out).toBe(
    '1 instrument read, 1 added or changed\n',
  );
  expect((await here('deactivate', 'm&m.ns')).out).toBe('1 instrument deactivated\n');
  expect((await here('deactivate', 'AAPL')).out).toBe('1 instrument deactivated\n');

  const { out } = await here('list', '--json');
  expect(out).toMatch(/│ BRK-B +│ UNKNOWN +│ Berkshire Hathaway, Inc\. │/);
  const rows = lastLine(out);
  expect(rows).toMatchObject([
    { symbol: 'BRK-B' },
    { symbol: 'IBM', exchange: 'NYSE', purpose: 'both', lastDay: null },
  ]);
  expect((await here('benchmark', 'spy')).out).toBe('the benchmark is SPY\n');
  expect((await here('benchmark', 'ibm')).out).toBe('the benchmark is IBM\n');
  const marked = await here('list', '--json');
  expect(marked.out).toMatch(/│ IBM .*│ both, benchmark +│/);
  expect(lastLine(marked.out)).toMatchObject([
    { symbol: 'BRK-B', isBenchmark: false },
    { symbol: 'IBM', isBenchmark: true, purpose: 'both' },
  ]);
  expect((await here('list', '--all')).out).toMatch(/│ AAPL /);
  expect((await here('add', 'AAPL')).out).toBe('1 instrument read, 1 added or changed\n');
});

describe('bad arguments', () => {
  test.each<[string[], string]>([
    [[], 'instruments: name a command: import, add, deactivate, benchmark or list'],
    [
      ['toString'],
      'instruments: "toString" is not a command; use import, add, deactivate, benchmark or list',
    ],
    [['import'], 'instruments import: needs a FILE'],
    [['import', 'a.csv', 'b.csv'], 'instruments import: unexpected argument "b.csv"'],
    [['import', 'none.csv'], 'none.csv: no such file'],
    [['add'], 'instruments add: needs a SYMBOL'],
    [['add', 'A A'], 'instruments add: "A A" is not a symbol such as AAPL or BRK-B'],
    [['add', 'BRK-B', 'brk.b', 'A@C'], 'instruments add: "A@C" is not a symbol such as AAPL or BRK-B'],
    [['add', 'AAPL', 'A@B'], 'instruments add: "A@B" is not a symbol such as AAPL or BRK-B'],
    [['benchmark'], 'instruments benchmark: needs a SYMBOL'],
    [['benchmark', 'none'], 'instruments benchmark: to run without one, use npm start -- --benchmark none'],
    [['benchmark', 'A A'], 'instruments benchmark: "A A" is not a symbol such as AAPL or BRK-B'],
    [
      ['add', 'SPY', '--purpose', 'benchmark'],
      '--purpose "benchmark" must be one of recommended, reference, both',
    ],
    [['deactivate', 'NOPE'], 'not among the active instruments: NOPE; nothing was changed'],
    [['list', 'AAPL'], 'instruments list: unexpected argument "AAPL"'],
    [['list', '--exchange', 'NYSE'], '--exchange goes only with add'],
    [['list', '--purpose', 'both'], '--purpose goes only with add and import'],
    [['add', 'AAPL', '--purpose', 'x'], '--purpose "x" must be one of recommended, reference, both'],
    [['add', 'AAPL', '--all'], '--all goes only with list'],
    [['add', 'AAPL', '--exchange', ' '], '--exchange is empty'],
  ])('rejects %j with one line and exit 2', async (args, message) => {
    expect(await here(...args)).toEqual(refused(message));
  });
});

test('lists the commands for --help', async () => {
  const { code, out } = await here('--help');
  expect([code, out]).toEqual([0, expect.stringContaining('import FILE')]);
});
