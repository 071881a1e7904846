import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readUniverse } from '../../../functions/ingest/universe.ts';
import { BadInputError } from '../../../functions/shared/errors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-universe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array) {
  const path = join(folder, 'universe.csv');
  await writeFile(path, content);
  return readUniverse(path);
}

test('reads the columns of a list of constituents in any order and ignores others', async () => {
  const text = 'GICS Sector,Founded,Security,Symbol\nFinancials,1839,"Berkshire Hathaway, Inc.",BRK.B\n';
  expect(await read(text)).toEqual([
    { symbol: 'BRK-B', name: 'Berkshire Hathaway, Inc.', sector: 'Financials' },
  ]);
});

test('reads symbols in either notation, with blank lines and CRLF', async () => {
  const text = '\ufeffsymbol\r\n aapl \r\n\r\nBF/B\r\nVOD.L\r\n';
  expect(await read(text)).toEqual([{ symbol: 'AAPL' }, { symbol: 'BF-B' }, { symbol: 'VOD.L' }]);
});

test('treats an empty field as unknown', async () => {
  expect(await read('symbol,exchange,name,sector\nAAPL,,Apple,\n')).toEqual([
    { symbol: 'AAPL', name: 'Apple' },
  ]);
});

describe('refuses', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['an empty file', '', /universe\.csv: is empty$/],
    ['a heading alone', 'symbol,name\n', /universe\.csv: has a heading but no rows$/],
    ['no symbol column', 'name\nApple\n', /universe\.csv:1: no column "symbol" among "name"$/],
    ['a row with an invalid symbol', 'symbol\nAAPL\nA@B\n', /universe\.csv:3: "A@B" is not a symbol/],
    ['a row without symbol', 'symbol,name\nAAPL,Apple\n,Nothing\n', /universe\.csv:3: "" is not a symbol/],
    ['a symbol twice', 'symbol\nBRK.B\nIBM\nBRK-B\n', /universe\.csv:4: BRK-B is already on line 2$/],
    ['a quote that is not closed', 'symbol,name\nAAPL,"Apple\n', /universe\.csv:\d: Quote Not Closed/],
    ['bytes that are not text', new Uint8Array([0x73, 0xff, 0xfe]), /universe\.csv: is not UTF-8 text$/],
    [
      'a text without end',
      `symbol,name\nAAPL,${'x'.repeat(201)}\n`,
      /universe\.csv:2: the name is not a text/,
    ],
  ])('%s', async (_, content, message) => {
    const reading = read(content);
    await expect(reading).rejects.toThrow(BadInputError);
    await expect(reading).rejects.toThrow(message);
  });

  test('a missing file', async () => {
    await expect(readUniverse(join(folder, 'none.csv'))).rejects.toThrow(/none\.csv: no such file$/);
  });
});
