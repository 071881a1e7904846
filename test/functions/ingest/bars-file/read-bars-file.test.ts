import { describe, expect, test } from 'vitest';
import { readBarsFile } from '../../../../functions/ingest/bars-file/read-bars-file.ts';
import { fixture } from '../providers/fixtures.ts';
import { refusalOf } from './bars-file-support.ts';

const read = (name: string) => readBarsFile(fixture(name));

async function contents(name: string) {
  const file = await read(name);
  expect(file.faults.size).toBe(0);
  return [...file.series].map(([symbol, series]) => [symbol, series.bars('2000-01-01', '2020-01-01')]);
}

const TWO_SYMBOLS = [
  [
    'AAPL',
    [
      { ts: Date.UTC(2013, 0, 2), o: 10, h: 12, l: 9, c: 11, v: 1000 },
      { ts: Date.UTC(2013, 0, 3), o: 11, h: 13, l: 10.5, c: 12.25, v: 1500 },
    ],
  ],
  [
    'BRK-B',
    [
      { ts: Date.UTC(2013, 0, 2), o: 90, h: 91, l: 89, c: 90.5, v: 0 },
      { ts: Date.UTC(2013, 0, 4), o: 90.5, h: 90.5, l: 90.5, c: 90.5, v: 12.5 },
    ],
  ],
];

describe('sound files', () => {
  test.each([
    'two-symbols.csv',
    'two-symbols.csv.gz',
    'crlf.csv',
    'mixed-line-ends.csv',
    'byte-order-mark.csv',
    'utf-16-with-its-mark.csv',
    'blank-lines-at-the-end.csv',
    'no-line-end-at-the-end.csv',
    'header-in-capitals-with-spaces.csv',
    'quoted-fields.csv',
    'interleaved-symbols.csv',
  ])('reads the bars of %s', async (name) => {
    expect(await contents(`ok/${name}`)).toEqual(TWO_SYMBOLS);
  });

  test('includes both days, and returns no bars for days without any', async () => {
    const series = (await read('ok/two-symbols.csv')).series.get('BRK-B');
    expect(series?.bars('2013-01-02', '2013-01-04')).toHaveLength(2);
    expect(series?.bars('2013-01-03', '2013-01-04')).toHaveLength(1);
    expect(series?.bars('2013-01-02', '2013-01-03')).toHaveLength(1);
    expect(series?.bars('2013-01-03', '2013-01-03')).toEqual([]);
  });
});

describe('refuses as a whole, in one line with file and line', () => {
  test.each([
    ['no-such-file.csv', ': no such file or folder'],
    ['empty.csv/below-a-file.csv', ': no such file or folder'],
    ['empty.csv', ': is empty'],
    ['empty-inside.csv.gz', ': is empty'],
    ['only-blank-lines.csv', ': is empty'],
    ['header-only.csv', ': has a header but no rows'],
    ['wrong-header.csv', ':1: header is "day,ticker,price": no column for open, high and low'],
    [
      'no-header.csv',
      ':1: header is "AAPL,2013-01-02,10,12,9,11,1000": no column for date, open, high, low and close',
    ],
    ['truncated.csv.gz', ':340: gzip data ends too early'],
    ['wrong-checksum.csv.gz', ':1: gzip data is corrupt at or after this line'],
    ['not-gzip-after-its-magic.csv.gz', ':1: gzip data is corrupt at or after this line'],
    [
      'day-of-another-form.csv',
      ':4: date "01/02/2013" may begin with the day or the month: say which with --date-format dmy or mdy',
    ],
  ])('%s', async (name, message) => {
    const path = fixture(`not-ok/${name}`);
    expect(await refusalOf(path)).toBe(`${path}${message}`);
  });
});

describe('leaves out a row that cannot be read, and keeps the others', () => {
  test.each([['two-faults-in-a-symbol', 'BAD', ':4', 'open "abc" is not a number']])(
    'in %s',
    async (name, symbol, line, first) => {
      const path = fixture(`not-ok/${name}.csv`);
      const { findings } = await readBarsFile(path);
      expect(findings.unreadable.get(symbol)).toMatchObject({ where: `${path}${line}`, first });
    },
  );

  test.each([
    ['field-missing', ':4', 'has 6 fields, and the header 7'],
    ['field-too-many', ':4', 'has 8 fields, and the header 7'],
    ['no-such-day', ':4', 'date "2013-02-30" is not a day such as 2013-01-02'],
    ['bad-symbol', ':4', '"b a d" is not a symbol such as AAPL or BRK-B'],
    ['empty-symbol', ':4', '"" is not a symbol such as AAPL or BRK-B'],
    ['not-utf-8', ':4', '"CAF?" is not a symbol such as AAPL or BRK-B'],
    ['quote-not-closed', ':4', 'a quote is in the wrong place, or not closed'],
    ['quote-not-closed-in-a-long-file', ':4', 'a quote is in the wrong place, or not closed'],
    ['quote-in-the-wrong-place', ':4', 'a quote is in the wrong place, or not closed'],
    ['line-break-in-a-field', ':4', 'a quote is in the wrong place, or not closed'],
  ])('that names no symbol in %s', async (name, line, first) => {
    const path = fixture(`not-ok/${name}.csv`);
    const { findings, faults, series } = await readBarsFile(path);
    expect(findings.withoutSymbol).toMatchObject({ where: `${path}${line}`, first });
    expect(faults.size).toBe(0);
    expect(series.size).toBeGreaterThan(0);
  });
});

describe('refuses a symbol, and keeps the others', () => {
  test.each([
    ['text-in-a-number', 'BAD', ':4: BAD: open "abc" is not a number'],
    ['hexadecimal-number', 'BAD', ':4: BAD: open "0x0A" is not a number'],
    ['infinite-number', 'BAD', ':4: BAD: high "1e999" is not a number'],
    ['faulty-last-day', 'BAD', ':5: BAD: date 2103-01-02 is after today'],
    ['nul-byte', 'BRK-B', ':4: BRK-B: close "1?1" is not a number'],
  ])('of %s', async (name, symbol, message) => {
    const path = fixture(`not-ok/${name}.csv`);
    const file = await readBarsFile(path);
    expect([...file.faults]).toEqual([[symbol, `${path}${message}`]]);
    expect(file.series.get('AAPL')?.bars('2013-01-01', '2013-12-31').length).toBeGreaterThan(0);
  });
});

test.each([
  'high-below-low',
  'open-above-high',
  'close-below-low',
  'price-of-zero',
  'negative-price',
  'negative-volume',
])('leaves a bar that is not sound to the quality gate: %s', async (name) => {
  const file = await readBarsFile(fixture(`not-ok/${name}.csv`));
  expect([...file.faults, ...file.findings.unreadable]).toEqual([]);
  expect(file.series.get('BAD')?.size).toBe(1);
});
