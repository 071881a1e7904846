import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { REQUIREMENTS, type Requirement } from './asvs.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(ROOT + name, 'utf8');
const TEXT = read('docs/security.md');

const REQUIRED = REQUIREMENTS.filter(({ level }) => level <= 2);
const STATES = ['met', 'not applicable', 'open'] as const;
type State = (typeof STATES)[number];

/** A row of the tables of requirements: one requirement, or several with one answer. */
interface Row {
  line: string;
  numbers: string[];
  levels: string;
  asked: string;
  state: string;
  evidence: string;
}

/** Reads the rows whose first cell is a number of the standard, such as `1.2.3` or `4.3.1 to 4.4.4`. */
function readRows(): Row[] {
  return TEXT.split('\n')
    .filter((line) => /^\| \d+\.\d+\.\d+/.test(line))
    .map((line) => {
      const [first = '', levels = '', asked = '', state = '', evidence = ''] = line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim());
      return { line, numbers: first.split(', ').flatMap(expand), levels, asked, state, evidence };
    });
}

/** `1.2.3` as it is; of `1.2.3 to 1.3.1`, every requirement of levels 1 and 2 between them. */
function expand(range: string): string[] {
  const [from = '', to] = range.split(' to ');
  if (to === undefined) return [from];
  const [first, last] = [from, to].map((end) => REQUIRED.findIndex(({ number }) => number === end));
  expect([first, last], range).not.toContain(-1);
  return REQUIRED.slice(first, (last ?? 0) + 1).map(({ number }) => number);
}

const ROWS = readRows();
const requirement = (wanted: string): Requirement | undefined =>
  REQUIRED.find(({ number }) => number === wanted);

test('the standard has 70, 183 and 92 requirements of levels 1, 2 and 3', () => {
  const count = (wanted: number) => REQUIREMENTS.filter(({ level }) => level === wanted).length;
  expect([1, 2, 3].map(count)).toEqual([70, 183, 92]);
});

test('docs/security.md answers every requirement of levels 1 and 2 once, in order', () => {
  expect(ROWS.flatMap(({ numbers }) => numbers)).toEqual(REQUIRED.map(({ number }) => number));
});

test.each(ROWS.map((row) => [row.numbers.join(', '), row] as const))(
  'row %s has the level of the standard, a state and evidence',
  (_numbers, { numbers, levels, asked, state, evidence }) => {
    const expected = new Set(numbers.map((number) => requirement(number)?.level));
    expect(levels).toBe([...expected].sort().join(', '));
    expect(STATES).toContain(state);
    expect(asked).toMatch(/\S/);
    expect(evidence).toMatch(/\S/);
  },
);

/** The tests that a text names, as `file`: "title"; further titles of the file follow after commas. */
function namedTests(text: string): { file: string; title: string }[] {
  return [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)`: ("[^"]+"(?:, "[^"]+")*)/g)].flatMap(
    ([, file = '', titles = '']) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  );
}

/** Whether a test file has a title, in quotes of any kind. */
function hasTitle(file: string, title: string): boolean {
  const source = read(file).replaceAll("\\'", "'");
  return ["'", '"', '`'].some((quote) => source.includes(quote + title + quote));
}

describe.each(
  ROWS.filter(({ state }) => state === 'met').map((row) => [row.numbers.join(', '), row] as const),
)('the evidence of %s', (_numbers, { evidence }) => {
  test('names a test, a file or a section that exists', () => {
    const files = [...evidence.matchAll(/`((?:\.github|[\w-]+)\/[\w./-]+\.\w+|biome\.json)`/g)];
    const sections = [...evidence.matchAll(/\]\((#[\w-]+|[\w./-]+\.md(?:#[\w-]+)?)\)/g)];
    expect(files.length + sections.length).toBeGreaterThan(0);
    for (const [, file = ''] of files) expect(existsSync(ROOT + file), file).toBe(true);
    for (const { file, title } of namedTests(evidence))
      expect(hasTitle(file, title), `${file}: ${title}`).toBe(true);
  });
});

test('every test that docs/security.md names exists', () => {
  const named = namedTests(TEXT);
  expect(named.length).toBeGreaterThan(100);
  for (const { file, title } of named) expect(hasTitle(file, title), `${file}: ${title}`).toBe(true);
});

test('the summary counts the rows', () => {
  const count = (state: State, levels: readonly number[]) =>
    ROWS.filter((row) => row.state === state)
      .flatMap(({ numbers }) => numbers)
      .filter((number) => levels.includes(requirement(number)?.level ?? 0)).length;
  for (const [name, levels] of [
    ['1', [1]],
    ['2', [2]],
    ['1 and 2', [1, 2]],
  ] as const) {
    const counts = STATES.map((state) => count(state, levels));
    const total = counts.reduce((sum, n) => sum + n, 0);
    expect(TEXT).toContain(`| ${name} | ${total} | ${counts.join(' | ')} |`);
  }
});
