import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { toCsv } from '../../../../functions/api/core/csv.ts';

const Estimate = z.strictObject({ value: z.number().nullable(), low: z.number().nullable() });
const Entry = z.strictObject({
  name: z.string(),
  close: z.number().nullable(),
  marks: z.array(z.string()),
  rate: Estimate,
  outcome: z.strictObject({ right: z.boolean(), day: z.iso.date().optional() }).nullable(),
  values: z.record(z.string(), z.number()),
  source: z.union([
    z.strictObject({ kind: z.literal('run'), run: z.string() }),
    z.strictObject({ kind: z.literal('file'), rows: z.int() }),
  ]),
});
type Entry = z.output<typeof Entry>;

const COLUMNS = [
  'name',
  'close',
  'marks',
  'rate',
  'rate.low',
  'outcome.right',
  'outcome.day',
  'values',
  'source.kind',
  'source.run',
  'source.rows',
];

const ENTRY: Entry = {
  name: 'Nestlé, "SA"',
  close: -1.5,
  marks: ['adr', 'thin'],
  rate: { value: 0.5, low: null },
  outcome: null,
  values: { rsi: 1e-7 },
  source: { kind: 'run', run: 'r-1' },
};

describe('toCsv', () => {
  test('writes a header line and a line per object, each ended by CRLF', () => {
    expect(toCsv(Entry, [ENTRY])).toBe(
      `${COLUMNS.join()}\r\n"Nestlé, ""SA""",-1.5,"[""adr"",""thin""]",0.5,,,,"{""rsi"":1e-7}",run,r-1,\r\n`,
    );
  });

  test('writes the header line of an empty list', () => {
    expect(toCsv(Entry, [])).toBe(`${COLUMNS.join()}\r\n`);
  });

  test('does not begin with a byte order mark, which programs would read as part of the first name', () => {
    expect(toCsv(Entry, []).charCodeAt(0)).toBe('n'.charCodeAt(0));
  });

  test.each([
    '=HYPERLINK("http://evil.test")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    "'quoted",
    '＝1',
    '＋1',
    '－1',
    '＠1',
  ])('marks the text %j, which a spreadsheet would evaluate', (name) => {
    const [row] = parse(toCsv(Entry, [{ ...ENTRY, name }]), { columns: true }) as Record<string, string>[];
    expect(row?.name).toBe(`'${name}`);
  });

  test.each(['BRK-B', 'AT&T', 'a=b', ' =1', ''])('leaves the text %j as it is', (name) => {
    const [row] = parse(toCsv(Entry, [{ ...ENTRY, name }]), { columns: true }) as Record<string, string>[];
    expect(row?.name).toBe(name);
  });

  test('leaves negative numbers as they are', () => {
    const rows = parse(toCsv(Entry, [{ ...ENTRY, close: -0.25 }]), { columns: true }) as { close: string }[];
    expect(rows[0]?.close).toBe('-0.25');
  });

  test('is read back without a loss, whatever the values are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('=', '+', '-', "'", '"', ',', ';', '\r', '\n', '\t', ' ', 'é') }),
    );
    const number = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => (value === 0 ? 0 : value));
    const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
    const entry: fc.Arbitrary<Entry> = fc.record({
      name: text,
      close: orNull(number),
      marks: fc.array(text),
      rate: fc.record({ value: orNull(number), low: orNull(number) }),
      outcome: orNull(fc.record({ right: fc.boolean(), day: fc.constant('2026-03-02') })),
      values: fc.dictionary(fc.string({ unit: 'grapheme' }), number, { noNullPrototype: true }),
      source: fc.oneof(
        fc.record({ kind: fc.constant('run' as const), run: text }),
        fc.record({ kind: fc.constant('file' as const), rows: fc.nat() }),
      ),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 5 }), (entries) => {
        // Spreadsheets end a line at any of these.
        const rows = parse(toCsv(Entry, entries), { columns: true, record_delimiter: ['\r\n', '\n', '\r'] });
        expect((rows as Record<string, string>[]).map(fromCells)).toEqual(entries);
      }),
      { numRuns: 500 },
    );
  });
});

/** An entry from the cells of its line. */
function fromCells(cells: Record<string, string>): Entry {
  const cell = (name: string) => cells[name] ?? '';
  const text = (name: string) => cell(name).replace(/^'/, '');
  const number = (name: string) => (cell(name) === '' ? null : Number(cell(name)));
  const kind = text('source.kind');
  return {
    name: text('name'),
    close: number('close'),
    marks: JSON.parse(cell('marks')),
    rate: { value: number('rate'), low: number('rate.low') },
    outcome:
      cell('outcome.right') === ''
        ? null
        : { right: cell('outcome.right') === 'true', day: text('outcome.day') },
    values: JSON.parse(cell('values')),
    source:
      kind === 'run'
        ? { kind, run: text('source.run') }
        : { kind: 'file', rows: Number(cell('source.rows')) },
  };
}
