import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readBarsFile } from '../../../../functions/ingest/bars-file/read-bars-file.ts';
import { reportBarsFile } from '../../../../functions/ingest/bars-file/report.ts';
import { barsOf, refusalOf, useBarsFolder, zipOf } from './bars-file-support.ts';

const folder = useBarsFolder();
const NAMELESS = 'Date,Open,High,Low,Close,Volume\n';
const rows = (price: number) =>
  ['2013-01-02', '2013-01-03'].map((day) => `${day},${price},${price},${price},${price},100\n`).join('');

const FILES: Record<string, string | Uint8Array> = {
  'AAPL.csv': NAMELESS + rows(1),
  'brk.b.csv': NAMELESS + rows(2),
  '^GSPC.txt': NAMELESS + rows(3),
  'nse/M&M.NS.csv.gz': gzipSync(NAMELESS + rows(4)),
  'TSLA Historical Data.csv': NAMELESS.replaceAll(',', ';') + rows(5).replaceAll(',', ';'),
  'my notes.csv': NAMELESS + rows(6),
  'empty.csv': '',
  'README.md': '# prices',
  '.DS_Store': 'x',
};

test.each(['a folder', 'a zip'])('reads %s with one file for each symbol', async (kind) => {
  const path = folder.pathOf(kind);
  if (kind === 'a zip') await writeFile(path, zipOf(FILES));
  else {
    await mkdir(`${path}/nse`, { recursive: true });
    for (const [name, content] of Object.entries(FILES)) await writeFile(`${path}/${name}`, content);
  }
  const file = await readBarsFile(path);
  expect([...file.series.keys()].sort()).toEqual(['AAPL', 'BRK-B', 'M&M.NS', 'TSLA', '^GSPC']);
  expect(barsOf(file, 'M&M.NS')).toHaveLength(2);
  expect(barsOf(file, 'BRK-B')[0]?.c).toBe(2);
  expect(reportBarsFile(file)).toEqual([
    `Read 10 rows of 5 symbols, 2013-01-02 to 2013-01-03, from 5 files of ${path}.`,
    'Delimiter: comma or semicolon; prices taken as adjusted, because there is no adjusted close.',
    'Currency: unknown for 5 symbols. If these prices are in US dollars, pass --currency USD.',
    'Ignored 1 file of another kind.',
    `Refused ${path}/empty.csv: is empty`,
    `Refused ${path}/my notes.csv:1: has no column of symbols, and the file name "my notes" is not a symbol`,
  ]);
});

test('leaves out links without a target and pipes of a folder, and reads its other files', async () => {
  const path = folder.pathOf('odd');
  await mkdir(path);
  await writeFile(`${path}/AAPL.csv`, NAMELESS + rows(1));
  await symlink(`${path}/gone`, `${path}/IBM.csv`);
  await symlink(`${path}/LOOP.csv`, `${path}/LOOP.csv`);
  execFileSync('mkfifo', [`${path}/PIPE.csv`]);
  const file = await readBarsFile(path);
  expect([...file.series.keys()]).toEqual(['AAPL']);
  expect(reportBarsFile(file)).toEqual(
    expect.arrayContaining([
      `Refused ${path}/IBM.csv: no such file or folder`,
      `Refused ${path}/LOOP.csv: cannot be read (ELOOP)`,
      `Refused ${path}/PIPE.csv: is not a regular file`,
    ]),
  );
});

test('refuses a pipe, which can be read only once', async () => {
  const path = folder.pathOf('pipe');
  execFileSync('mkfifo', [path]);
  expect(await refusalOf(path)).toBe(`${path}: is not a regular file: save it to disk first`);
});

test('joins the files of one symbol, and names both places of rows that differ', async () => {
  const path = folder.pathOf('years');
  await mkdir(path);
  const header = `Symbol,${NAMELESS}`;
  const row = (day: string, price: number) => `AAPL,${day},${price},${price},${price},${price},1\n`;
  await writeFile(`${path}/2013.csv`, header + row('2013-01-02', 1) + row('2013-12-31', 2));
  await writeFile(`${path}/2014.csv`, header + row('2013-12-31', 2) + row('2014-01-02', 3));
  expect(barsOf(await readBarsFile(path), 'AAPL').map(({ c }) => c)).toEqual([1, 2, 3]);
  await writeFile(`${path}/2015.csv`, header + row('2014-01-02', 4));
  expect(await refusalOf(path)).toBe(
    `${path}/2015.csv:2: AAPL: a different row of 2014-01-02 is on ${path}/2014.csv:3`,
  );
});

test('takes the order of days from the other files of a folder', async () => {
  const path = folder.pathOf('orders');
  await mkdir(path);
  await writeFile(`${path}/AAPL.csv`, `${NAMELESS}03/04/2015,1,1,1,1,1\n`);
  expect(await refusalOf(path)).toMatch(/AAPL\.csv:2: date "03\/04\/2015" may begin with/);
  await writeFile(`${path}/IBM.csv`, `${NAMELESS}04/13/2015,1,1,1,1,1\n`);
  expect(barsOf(await readBarsFile(path), 'AAPL')[0]?.ts).toBe(Date.UTC(2015, 2, 4));
});

const parquet = (name: string) => fileURLToPath(new URL(`parquet/${name}.parquet`, import.meta.url));

test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'tokyo'])(
  'reads a Parquet file: %s',
  async (name) => {
    const file = await readBarsFile(parquet(name));
    expect(barsOf(file, 'AAPL')).toEqual([
      { ts: Date.UTC(2013, 0, 2), o: 10, h: 12, l: 9, c: 11, v: 1000 },
      { ts: Date.UTC(2013, 0, 3), o: 11, h: 13, l: 10.5, c: 12.25, v: 1500 },
      { ts: Date.UTC(2013, 0, 4), o: 12, h: 14, l: 11, c: 13, v: 2000 },
    ]);
    expect(reportBarsFile(file)[1]).toMatch(/^Format: Parquet; /);
  },
);

test('refuses a Parquet file that lacks a column', async () => {
  expect(await refusalOf(parquet('no-close'))).toMatch(
    /:1: header is "Ticker,Date,Open,High,Low,Volume": no column for close$/,
  );
});

test('reports unreadable rows by symbol, and rows that repeat another', async () => {
  const text = `Date,Open,High,Low,Close,Adj Close,Volume\n${rows(8).replaceAll(',100', ',4,100')}`;
  const file = await folder.read('AAPL.csv', `${text}2013-01-03,8,8,8,8,4,100\n2013-01-04,8,eight,8,8,8,1\n`);
  expect(reportBarsFile(file)).toEqual([
    `Read 2 rows of 1 symbol, 2013-01-02 to 2013-01-03, from ${folder.pathOf('AAPL.csv')}.`,
    'Delimiter: comma; prices adjusted by "Adj Close".',
    'Currency: unknown for 1 symbol. If these prices are in US dollars, pass --currency USD.',
    'Dropped 1 row that repeated another exactly.',
    `AAPL: 1 of 3 rows unreadable, first at ${folder.pathOf('AAPL.csv')}:5: high "eight" is not a number.`,
  ]);
});
