import { expect, test } from 'vitest';
import { toDay } from '../../../../functions/shared/days.ts';
import { random } from '../../../market/random.ts';
import { barsOf, useBarsFolder } from './bars-file-support.ts';
import { expected, makeTruth, SHAPES, type Shape, shuffled, write } from './shapes-support.ts';

const folder = useBarsFolder();

/** Shapes that write one row a line in the order of the truth, so that a test can change chosen rows. */
const LINED = SHAPES.filter(({ arrange, text, dateFormat }) => !arrange && !text && !dateFormat);
const SYMBOLS = ['AAPL', 'BRK-B', 'M&M.NS'];
const DAYS = 40;

interface Case {
  shape: Shape;
  truth: ReturnType<typeof makeTruth>;
  /** The lines of the file, the header first. */
  lines: string[];
  seed: number;
}

function makeCase(shape: Shape, seed: number): Case {
  const truth = makeTruth(seed, shape.isNameless ? ['AAPL'] : SYMBOLS, DAYS);
  return { shape, truth, lines: String(write(shape, truth)).trimEnd().split('\n'), seed };
}

const read = ({ shape }: Case, lines: readonly string[]) =>
  folder.read(shape.isNameless ? 'AAPL.csv' : 'bars.csv', `${lines.join('\n')}\n`, shape.dateFormat);

const eachShape = test.each(LINED.map((shape, i) => [shape.name, shape, i] as const));

eachShape('costs one row where one number is text: %s', async (_, shape, seed) => {
  const made = makeCase(shape, seed);
  const source = random(seed);
  const line = 1 + source.int(made.lines.length - 1);
  const lines = [...made.lines];
  // Within the first symbol's or another's rows, each of which is one line.
  const bar = (line - 1) % DAYS;
  const victim = made.truth[Math.floor((line - 1) / DAYS)];
  lines[line] = replaceField(made, line, 'close', 'x1');
  const file = await read(made, lines);
  expect([...file.findings.unreadable.values()]).toMatchObject([{ count: 1 }]);
  expect(file.findings.unreadable.get(victim?.symbol ?? '')?.where).toMatch(new RegExp(`:${line + 1}$`));
  for (const one of made.truth) {
    const all = expected(shape, one);
    expect(barsOf(file, one.symbol)).toEqual(one === victim ? all.filter((_bar, i) => i !== bar) : all);
  }
});

eachShape('passes a missing price on as not a number: %s', async (_, shape, seed) => {
  const made = makeCase(shape, seed);
  const lines = [...made.lines];
  lines[3] = replaceField(made, 3, 'high', ['', 'null', 'NaN', 'N/A', '-'][seed % 5] ?? '');
  const file = await read(made, lines);
  expect(file.findings.unreadable.size).toBe(0);
  const bars = barsOf(file, 'AAPL');
  expect(bars).toHaveLength(DAYS);
  expect(bars[2]?.h).toBeNaN();
  expect(bars[2]?.c).toBe(expected(shape, made.truth[0] as never)[2]?.c);
});

eachShape('refuses a symbol with a day after today, and no other: %s', async (_, shape, seed) => {
  const made = makeCase(shape, seed);
  const future = Date.UTC(new Date().getUTCFullYear() + 60, 5, 15);
  const lines = [...made.lines];
  lines[5] = replaceField(made, 5, 'date', (shape.date ?? toDay)(future));
  if (shape.date?.(0).match(/-\w{3}-\d\d$/)) return; // A year of two digits is never so late.
  if (shape.isNameless) {
    await expect(read(made, lines)).rejects.toThrow(/AAPL\.csv:6: AAPL: date \d{4}-06-15 is after today/);
    return;
  }
  const file = await read(made, lines);
  expect([...file.faults.keys()]).toEqual(['AAPL']);
  expect(file.faults.get('AAPL')).toMatch(/:6: AAPL: date \d{4}-06-15 is after today$/);
  for (const one of made.truth.slice(1)) expect(barsOf(file, one.symbol)).toEqual(expected(shape, one));
});

eachShape(
  'refuses a symbol with two different rows of a day, and names both lines: %s',
  async (_, shape, seed) => {
    const made = makeCase(shape, seed);
    const other = replaceField(made, 4, 'low', (shape.price ?? String)(1.5));
    const lines = [...made.lines.slice(0, 9), other, ...made.lines.slice(9)];
    const message = /:10: AAPL: a different row of \d{4}-\d\d-\d\d is on line 5/;
    if (shape.isNameless) return void (await expect(read(made, lines)).rejects.toThrow(message));
    const file = await read(made, lines);
    expect([...file.faults]).toEqual([['AAPL', expect.stringMatching(message)]]);
  },
);

eachShape('reads rows in any order, repeated, and with broken ones between: %s', async (_, shape, seed) => {
  const made = makeCase(shape, seed);
  const source = random(seed + 1);
  const [header = '', ...rows] = made.lines;
  const repeated = rows.filter(() => source.next() < 0.2);
  const broken = ['x', '\0\0\0', '\ufffd', '"', 'a\tb;c,d|e', '===', '\u2028'];
  const lines = shuffled([...rows, ...repeated, ...broken], source);
  const file = await read(made, [header, ...lines]);
  expect(file.findings.repeated).toBe(repeated.length);
  expect(file.faults.size).toBe(0);
  for (const one of made.truth) expect(barsOf(file, one.symbol)).toEqual(expected(shape, one));
});

/** A line with another text in one field. */
function replaceField({ shape, lines }: Case, line: number, content: string, text: string): string {
  const header = lines[0]?.split(shape.delimiter ?? ',') ?? [];
  const place = shape.header?.findIndex((column) => column[1] === content) ?? header.indexOf(content);
  const { delimiter = ',', quote = (field: string) => field } = shape;
  const fields = splitAs(lines[line] ?? '', delimiter);
  expect(fields).toHaveLength(header.length);
  return fields.map((field, i) => (i === place ? quote(text) : field)).join(delimiter);
}

/** Splits a line at delimiters outside quotes. */
function splitAs(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let isQuoted = false;
  let field = '';
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === delimiter && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}
