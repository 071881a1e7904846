import { mkdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readBarsFile } from '../../../../functions/ingest/bars-file/read-bars-file.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { random } from '../../../market/random.ts';
import { barsOf, refusalOf, useBarsFolder, zipOf } from './bars-file-support.ts';
import { makeTruth, SHAPES, write } from './shapes-support.ts';

const folder = useBarsFolder();
const HEADER = 'symbol,date,open,high,low,close,volume\n';
const ROW = 'AAPL,2013-01-02,10,12,9,11,1000\n';
const MB = 1024 * 1024;

describe('refuses in one line', () => {
  test.each<[string, () => string | Uint8Array, RegExp]>([
    ['random bytes', () => randomBytes(3, 100_000), /^x:\d+: |^x: is empty/],
    ['zeros', () => Buffer.alloc(MB), /^x:1: has more than 65,536 characters$/],
    ['bytes of 0xFF', () => Buffer.alloc(1000, 0xff), /^x:1: /],
    [
      'an image',
      () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      /^x:1: is not UTF-8 text|^x:\d+: header/,
    ],
    ['ten million columns', () => 'date,'.repeat(10_000_000), /^x:1: has more than 65,536 characters$/],
    [
      'ten thousand columns of one name',
      () => `${'date,'.repeat(10_000)}\n`,
      /^x:1: header has two columns "date"$/,
    ],
    ['a header that a quote does not close', () => '"symbol,date\n', /^x:1: header has a quote/],
    ['a page', () => '<!doctype html>\n<html>\n', /^x:1: header is "<!doctype html>": no column for date/],
    ['JSON', () => '{"chart":{"result":[]}}', /^x:1: header /],
    ['two close columns', () => 'date,open,high,low,close,Close\n', /^x:1: header has two columns "close"$/],
    [
      'a wide table',
      () => 'Date,AAPL,MSFT\n2013-01-02,1,2\n',
      /^x:1: header is "Date,AAPL,MSFT": no column for open, high, low and close$/,
    ],
    ['unreadable rows only', () => `${HEADER}${'x,y\n'.repeat(50)}`, /^x:2: has 2 fields, and the header 7/],
    ['rows without a price only', () => `${HEADER}AAPL,2013-01-02,,,,,\n`, /^x: has no row with a price$/],
    [
      'a file without symbols under a name that is none',
      () => 'Date,Open,High,Low,Close\n2013-01-02,1,1,1,1\n',
      /^my prices\.csv:1: has no column of symbols, and the file name "my prices" is not a symbol$/,
    ],
    [
      'dates of open order',
      () => HEADER + ROW.replace('2013-01-02', '03/04/2015'),
      /^x:2: date "03\/04\/2015" may begin with the day or the month: say which with --date-format dmy or mdy$/,
    ],
    [
      'dates of two orders',
      () => HEADER + ROW.replace('2013-01-02', '13/04/2015') + ROW.replace('2013-01-02', '04/13/2015'),
      /^x:2: date "13\/04\/2015" has the day first, and "04\/13\/2015" \(x:3\) the month: say which with --date-format dmy or mdy$/,
    ],
    [
      'numbers of open meaning',
      () => 'Symbol;Date;Open;High;Low;Close;Volume\nA;2013-01-02;10;12;9;11;1,234\n',
      /^x:2: number "1,234" may have a decimal comma or a thousands separator: write numbers with a decimal point$/,
    ],
    ['an empty zip', () => zipOf({}), /^x: has no file that ends in \.csv, \.txt, \.tsv or \.parquet$/],
    [
      'a zip without bars',
      () => zipOf({ 'a.exe': 'MZ', '__MACOSX/a.csv': 'x', '.hidden/b.csv': 'x' }),
      /^x: has no file that ends/,
    ],
    [
      'a workbook',
      () => zipOf({ 'xl/workbook.xml': '<x/>' }),
      /^x: is an Excel workbook: save the sheet as CSV$/,
    ],
    [
      'a zip that is cut off',
      () => zipOf({ 'AAPL.csv': HEADER + ROW }).subarray(0, -9),
      /^x: zip cannot be read: /,
    ],
    [
      'a zip with a damaged file',
      () => damaged(zipOf({ 'bars.csv': (HEADER + ROW).repeat(99) })),
      /^x\/bars\.csv: zip cannot be read: |^x\/bars\.csv:\d+: /,
    ],
    [
      'a zip that leaves its folder',
      () => zipOf({ '../bars.csv': HEADER + ROW }),
      /^x: zip cannot be read: invalid relative path/,
    ],
    [
      'a zip bomb',
      () => zipOf({ 'bars.csv': HEADER + '\n'.repeat(68 * MB) }),
      /^x: decompresses to more than 200 times its size, which a file of prices never does$/,
    ],
    [
      'a gzip bomb of blank lines',
      () => gzipSync(HEADER + '\n'.repeat(68 * MB)),
      /^x: decompresses to more than 200 times its size, which a file of prices never does$/,
    ],
    [
      'a gzip bomb in one line',
      () => gzipSync(Buffer.alloc(68 * MB, 'a')),
      /^x:1: has more than 65,536 characters$/,
    ],
    ['a Parquet file that is cut off', () => 'PAR1', /^x: Parquet cannot be read: /],
    [
      'a Parquet file of random bytes',
      () => Buffer.concat([Buffer.from('PAR1'), randomBytes(5, 5000), Buffer.from('PAR1')]),
      /^x: Parquet cannot be read: /,
    ],
  ])('%s', async (what, content, message) => {
    const name = what.includes('under a name') ? 'my prices.csv' : 'x';
    expect(await folder.refusal(name, content())).toMatch(message);
  });

  test('a folder without bars', async () => {
    await mkdir(folder.pathOf('empty'));
    expect(await refusalOf(folder.pathOf('empty'))).toMatch(/empty: has no file that ends in/);
  });
});

test('keeps the rows around a line without end, and around bytes that are not text', async () => {
  const rows = (day: string) => ROW.replace('01-02', day);
  const file = await folder.read(
    'long.csv',
    Buffer.concat([
      Buffer.from(HEADER + rows('01-02')),
      Buffer.alloc(3 * MB, 'x'),
      Buffer.from(`\n${rows('01-03')}`),
      Buffer.from([0xff, 0xfe, 0, 0x80, 0x0a]),
      Buffer.from(rows('01-04')),
    ]),
  );
  expect(barsOf(file, 'AAPL')).toHaveLength(3);
  expect(file.findings.withoutSymbol).toMatchObject({
    count: 2,
    where: expect.stringMatching(/:3$/),
    first: 'has more than 65,536 characters',
  });
});

test('holds no more than the rows of a file with a different text in each field', async () => {
  const lines = Array.from({ length: 150_000 }, (_, i) => `AAPL,2013-01-02 00:00:0${i},1,2,1,1.5,${i}`);
  await writeFile(folder.pathOf('many.csv'), `${HEADER}${lines.join('\n')}`);
  await expect(readBarsFile(folder.pathOf('many.csv'))).rejects.toThrow(BadInputError);
});

test('reads or refuses any damaged file, and does not crash', async () => {
  const source = random(9);
  for (const [i, shape] of SHAPES.entries()) {
    const whole = Buffer.from(write(shape, makeTruth(i, ['AAPL', 'BRK-B'], 10)));
    for (const packed of [whole, gzipSync(whole), zipOf({ 'AAPL.csv': whole })]) {
      const bytes = Buffer.from(packed);
      for (let change = 0; change < 4; change++) bytes[source.int(bytes.length)] = source.int(256);
      const part = bytes.subarray(0, source.next() < 0.3 ? source.int(bytes.length) : bytes.length);
      const path = folder.pathOf('AAPL.csv');
      await writeFile(path, part);
      const outcome = await readBarsFile(path, shape.dateFormat).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(BadInputError);
        expect(outcome.message).toMatch(/^[^\p{Cc}]{1,500}$/u);
      }
    }
  }
});

function randomBytes(seed: number, count: number): Buffer {
  const source = random(seed);
  return Buffer.from(Array.from({ length: count }, () => source.int(256)));
}

function damaged(zip: Buffer): Buffer {
  zip.fill(0xaa, 45, 60);
  return zip;
}
