import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ScoresFile } from '../../../functions/evaluate/scores-file.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';

const DAY = {
  day: '2020-01-02',
  symbols: ['A', 'B'],
  score: [1 / 3, -2],
  probabilities: [
    [0.25, 0.5, 0.25],
    [0.1, 0.2, 0.7],
  ] as [number, number, number][],
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-scores-'));
  path = join(folder, 'scores.csv.gz');
});
afterEach(() => rm(folder, { recursive: true }));

test('writes every row with all digits', async () => {
  const file = await ScoresFile.create(path);
  await file.add(DAY);
  expect(await readdir(folder)).not.toContain('scores.csv.gz');
  await file.finish();
  expect(gunzipSync(await readFile(path)).toString()).toBe(
    'date,symbol,score,p_sell,p_hold,p_buy\n' +
      '2020-01-02,A,0.3333333333333333,0.25,0.5,0.25\n2020-01-02,B,-2,0.1,0.2,0.7\n',
  );
  // Nothing is left to discard.
  await file.discard();
  expect(await readdir(folder)).toEqual(['scores.csv.gz']);
});

test('writes many days without holding them', async () => {
  const file = await ScoresFile.create(path);
  const symbols = Array.from({ length: 1000 }, (_, i) => `S${i}`);
  const day = {
    ...DAY,
    symbols,
    score: symbols.map((_, i) => Math.sin(i)),
    probabilities: symbols.map(() => [0.3, 0.4, 0.3] as [number, number, number]),
  };
  for (let i = 0; i < 50; i++) await file.add(day);
  await file.finish();
  expect(
    gunzipSync(await readFile(path))
      .toString()
      .split('\n'),
  ).toHaveLength(50_002);
});

test('leaves nothing half-written', async () => {
  const file = await ScoresFile.create(path);
  await file.add(DAY);
  await file.discard();
  expect(await readdir(folder)).toEqual([]);
});

test('keeps a file that exists', async () => {
  await writeFile(path, 'mine');
  await expect(ScoresFile.create(path)).rejects.toThrow(
    new BadInputError(`${path}: exists; name another file`),
  );
  expect(await readFile(path, 'utf8')).toBe('mine');
  expect(await readdir(folder)).toEqual(['scores.csv.gz']);
});

test('rejects a folder that does not exist', async () => {
  await expect(ScoresFile.create('/no/such/folder/scores.csv.gz')).rejects.toThrow(
    new BadInputError('/no/such/folder/scores.csv.gz: cannot be written (ENOENT)'),
  );
});
