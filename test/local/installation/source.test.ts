import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { openSource } from '../../../local/installation/source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

const referenceOf = async (reference: string | undefined) =>
  (await openSource({ provider: ['yahoo'], reference })).reference;

async function listOf(count: number): Promise<string> {
  const file = join(folder, `${count}.csv`);
  await writeFile(file, `symbol\n${Array.from({ length: count }, (_, i) => `S${i}`).join('\n')}\n`);
  return file;
}

describe('the reference of a vendor', () => {
  test('is a bundled list, a file, or nothing', async () => {
    expect(await referenceOf('basket')).toHaveLength(150);
    expect(await referenceOf(await listOf(50))).toHaveLength(50);
    expect(await referenceOf('none')).toEqual([]);
    expect(await referenceOf(undefined)).toBeUndefined();
  });

  test('needs 50 instruments', async () => {
    const file = await listOf(49);
    await expect(referenceOf(file)).rejects.toThrow(
      new BadInputError(
        `--reference ${file} names 49 instruments, and 50 or more are needed to compare with`,
      ),
    );
  });

  test('is refused where its file is missing or names a symbol twice', async () => {
    await expect(referenceOf(join(folder, 'nothing.csv'))).rejects.toThrow('no such file');
    const file = join(folder, 'twice.csv');
    await writeFile(file, 'symbol\nAAPL\naapl\n');
    await expect(referenceOf(file)).rejects.toThrow('AAPL is already on line 2');
  });
});

describe('the benchmark', () => {
  const file = async (...symbols: string[]) => {
    const path = join(folder, `${symbols.join('-')}.csv`);
    const rows = symbols.map((symbol) => `${symbol},2013-03-01,10,11,9,10,100`);
    await writeFile(path, `symbol,date,open,high,low,close,volume\n${rows.join('\n')}\n`);
    return path;
  };
  const ofFile = async (symbols: string[], benchmark?: string) =>
    (await openSource({ provider: ['csv'], bars: await file(...symbols), benchmark })).benchmark;

  test('of a vendor is the chosen one, and otherwise left to the database', async () => {
    expect((await openSource({ provider: ['yahoo'], benchmark: 'VOO' })).benchmark).toBe('VOO');
    expect((await openSource({ provider: ['yahoo'] })).benchmark).toBeUndefined();
  });

  test('of a file is one of its symbols, by default SPY', async () => {
    expect(await ofFile(['AAPL', 'SPY'])).toBe('SPY');
    expect(await ofFile(['AAPL', 'SPY'], 'none')).toBe('none');
    expect(await ofFile(['AAPL', 'SPY'], 'AAPL')).toBe('AAPL');
    expect(await ofFile(['AAPL', 'IBM'])).toBe('none');
    await expect(ofFile(['AAPL', 'IBM'], 'SPY')).rejects.toThrow(
      new BadInputError('--benchmark: not in the bars: SPY'),
    );
  });

  test('of the sample is none', async () => {
    expect((await openSource({ provider: ['sample'] })).benchmark).toBe('none');
  });
});
