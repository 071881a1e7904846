import { describe, expect, test } from 'vitest';
import { assertUsable, readBarsFile } from '../../../../functions/ingest/providers/bars-file.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { fixture } from './fixtures.ts';

const HEADER = ['symbol', 'date', 'open', 'high', 'low', 'close', 'volume'];

const read = (name: string) => readBarsFile(fixture(name), HEADER);

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

describe('faults of the file, in one line with file and line', () => {
  test.each([
    ['no-such-file.csv', ': no such file'],
    ['empty.csv/below-a-file.csv', ': no such file'],
    ['', ': is a folder'],
    ['empty.csv', ': is empty'],
    ['empty-inside.csv.gz', ': is empty'],
    ['only-blank-lines.csv', ': is empty'],
    ['header-only.csv', ': has a header but no rows'],
    [
      'wrong-header.csv',
      ':1: header is "day,ticker,price", expected "symbol,date,open,high,low,close,volume"',
    ],
    [
      'no-header.csv',
      ':1: header is "AAPL,2013-01-02,10,12,9,11,1000", expected "symbol,date,open,high,low,close,volume"',
    ],
    ['truncated.csv.gz', ':340: gzip data ends too early'],
    ['wrong-checksum.csv.gz', ':1: gzip data is corrupt at or after this line'],
    ['not-gzip-after-its-magic.csv.gz', ':1: gzip data is corrupt at or after this line'],
    ['field-missing.csv', ':4: wrong number of fields: expected 7, got 6'],
    ['field-too-many.csv', ':4: wrong number of fields: expected 7, got 8'],
    ['not-utf-8.csv', ':4: is not UTF-8 text'],
    ['nul-byte.csv', ':4: is not UTF-8 text'],
    ['quote-not-closed.csv', ':4: a quote is not closed'],
    ['quote-not-closed-in-a-long-file.csv', ':4: the row is too long'],
    ['quote-in-the-wrong-place.csv', ':4: a quote is in the wrong place'],
    ['line-break-in-a-field.csv', ':5: has a line break within a field'],
  ])('names the fault of %s', async (name, message) => {
    const path = fixture(`not-ok/${name}`);
    const error = await readBarsFile(path, HEADER).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadInputError);
    expect(error).toHaveProperty('message', `${path}${message}`);
  });
});

describe('faulty rows, which invalidate only their symbol', () => {
  test.each([
    ['text-in-a-number', 'BAD', ':4: BAD 2013-01-02: open "abc" is not a number'],
    ['empty-number', 'BAD', ':4: BAD 2013-01-02: volume "" is not a number'],
    ['hexadecimal-number', 'BAD', ':4: BAD 2013-01-02: open "0x0A" is not a number'],
    ['infinite-number', 'BAD', ':4: BAD 2013-01-02: high "1e999" is not a number'],
    ['high-below-low', 'BAD', ':4: BAD 2013-01-02: high 1 below low 2'],
    ['open-above-high', 'BAD', ':4: BAD 2013-01-02: open 12.5 outside low 9 to high 12'],
    ['close-below-low', 'BAD', ':4: BAD 2013-01-02: close 8.5 outside low 9 to high 12'],
    ['price-of-zero', 'BAD', ':4: BAD 2013-01-02: low 0 is not positive'],
    ['negative-price', 'BAD', ':4: BAD 2013-01-02: open -10 is not positive'],
    ['negative-volume', 'BAD', ':4: BAD 2013-01-02: volume -1 is negative'],
    ['no-such-day', 'BAD', ':4: BAD: date "2013-02-30" is not a day such as 2013-01-02'],
    ['day-of-another-form', 'BAD', ':4: BAD: date "01/02/2013" is not a day such as 2013-01-02'],
    ['duplicate-day', 'BAD', ':5: BAD 2013-01-02: a second bar of this day'],
    ['descending-days', 'BAD', ':5: BAD 2013-01-02: comes after 2013-01-03'],
    ['bad-symbol', 'b a d', ':4: "b a d" is not a symbol such as AAPL or BRK-B'],
    ['empty-symbol', '', ':4: "" is not a symbol such as AAPL or BRK-B'],
    ['two-faults-in-a-symbol', 'BAD', ':4: BAD 2013-01-02: open "abc" is not a number'],
  ])('keeps the other symbols of %s', async (name, symbol, message) => {
    const path = fixture(`not-ok/${name}.csv`);
    const file = await readBarsFile(path, HEADER);
    expect([...file.faults]).toEqual([[symbol, `${path}${message}`]]);
    expect(file.series.get('AAPL')?.bars('2013-01-01', '2013-12-31')).toHaveLength(2);
    expect(file.series.get('IBM')?.bars('2013-01-01', '2013-12-31')).toHaveLength(1);
    expect(() => assertUsable(file)).not.toThrow();
  });
});

describe('assertUsable', () => {
  const faultOf = async (name: string) => {
    const file = await read(name);
    return () => assertUsable(file);
  };
  const path = (name: string) => fixture(`not-ok/${name}`);

  test('passes a file with as many faulty symbols as a run tolerates', async () => {
    expect(await faultOf('not-ok/two-of-ten-faulty.csv')).not.toThrow();
  });

  test('refuses a file with more faulty symbols', async () => {
    expect(await faultOf('not-ok/two-of-five-faulty.csv')).toThrow(
      new BadInputError(
        `${path('two-of-five-faulty.csv')}:4: BAD 2013-01-02: volume -1 is negative (and 1 more instrument)`,
      ),
    );
    expect(await faultOf('not-ok/three-of-six-faulty.csv')).toThrow(
      new BadInputError(
        `${path('three-of-six-faulty.csv')}:4: BAD 2013-01-02: volume -1 is negative (and 2 more instruments)`,
      ),
    );
  });

  test('refuses a file whose only symbol is faulty', async () => {
    expect(await faultOf('not-ok/one-of-one-faulty.csv')).toThrow(
      new BadInputError(`${path('one-of-one-faulty.csv')}:2: BAD 2013-01-02: volume -1 is negative`),
    );
  });
});
