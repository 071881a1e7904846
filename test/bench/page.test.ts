import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BENCHMARKS } from '../../bench/benchmarks.ts';
import { readResults, withFigures } from '../../bench/page.ts';

const page = readFileSync(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');

test('docs/benchmarks.md has the stored figures', () => {
  expect(withFigures(page, readResults())).toBe(page);
});

test('every benchmark has its row, and every command exists', () => {
  const commands = [...page.matchAll(/^\| `npm run bench -- ([\w-]+)/gm)].map(([, name]) => name);
  expect(commands).toEqual(Object.keys(BENCHMARKS));
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  for (const [, script = ''] of page.matchAll(/`npm run ([\w:-]+)/g)) expect(scripts).toHaveProperty(script);
});

test('every stored figure is one that the page shows or its benchmark prints', () => {
  for (const [name, { figures }] of Object.entries(readResults())) {
    expect(BENCHMARKS, name).toHaveProperty(name);
    expect(Object.values(figures).every(Number.isFinite), name).toBe(true);
  }
});

test('a page shows a figure with its unit, and names one that is missing', () => {
  const empty = page.replace(/(begin of the figures.*-->)[\s\S]*(<!-- end)/, '$1\n$2');
  const shown = withFigures(empty, {
    checks: { date: '2026-03-02', machine: '2 cores, linux x64', figures: { recall: 0.987 } },
  });
  expect(shown).toContain('98.7% (`recall`)');
  expect(shown).toContain('not measured (`falseAlarms`)');
  expect(shown).toContain('2026-03-02, 2 cores, linux x64');
  expect(() => withFigures('# A page', {})).toThrow('no markers');
});
