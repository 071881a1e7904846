import { expect, test } from 'vitest';
import { counted, paragraph } from '../../../local/terminal/paragraph.ts';

const TEXT = `AAPL: ${'A sentence of several words. '.repeat(8).trim()}`;

test('wraps sentences into lines of at most 90 characters and keeps every word', () => {
  const lines = paragraph(TEXT).split('\n');
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(90);
  expect(lines.join(' ')).toBe(TEXT);
});

test('indents every line, and the lines after the first further', () => {
  const [first = '', ...rest] = paragraph(TEXT, 2, 3).split('\n');
  expect(first).toMatch(/^ {2}AAPL: /);
  for (const line of rest) expect(line).toMatch(/^ {5}\S/);
  for (const line of [first, ...rest]) expect(line.length).toBeLessThanOrEqual(90);
});

test('keeps a short text on one line', () => {
  expect(paragraph('FB: 196 bars.', 2, 2)).toBe('  FB: 196 bars.');
});

test('keeps a word that is longer than a line whole', () => {
  const path = '/a'.repeat(60);
  expect(paragraph(`in ${path} here`).split('\n')).toContain(path);
});

test.each([
  [0, '0 bars'],
  [1, '1 bar'],
  [2, '2 bars'],
  [8256, '8,256 bars'],
])('writes %d with its noun as "%s"', (count, text) => {
  expect(counted(count, 'bar')).toBe(text);
});
