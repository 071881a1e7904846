import { expect, test } from 'vitest';
import {
  hasFilters,
  readFilters,
  updateFilters,
  withoutFilters,
  writeFilters,
} from '../../web/src/recommendations/filters.ts';

const read = (query: string) => readFilters(new URLSearchParams(query));

test('reads the filters of a query and writes the same query', () => {
  const query =
    'profile=moderate&label=BUY&sector=Energy&minConfidence=0.4&search=a&sort=-symbol&limit=10&cursor=x';
  const { filters, problems } = read(query);
  expect(problems).toEqual([]);
  expect(filters).toMatchObject({ profile: 'moderate', minConfidence: 0.4, limit: 10, sort: '-symbol' });
  expect(writeFilters(filters).toString()).toBe(query);
});

test('omits defaults from the query', () => {
  const { filters, problems } = read('');
  expect(problems).toEqual([]);
  expect(filters).toMatchObject({ sort: '-confidence', limit: 25 });
  expect(writeFilters(filters).toString()).toBe('');
});

test.each([
  ['profile=reckless', 'profile must be conservative, moderate or aggressive, not “reckless”'],
  ['label=buy', 'label must be BUY, HOLD or SELL, not “buy”'],
  ['minConfidence=-1', 'minConfidence must be a number from 0 to 1, not “-1”'],
  ['minConfidence=NaN', 'minConfidence must be a number from 0 to 1, not “NaN”'],
  ['minConfidence=1e-3', 'minConfidence must be a number from 0 to 1, not “1e-3”'],
  ['minConfidence=1.01', 'minConfidence must be a number from 0 to 1, not “1.01”'],
  ['limit=0', 'limit must be a whole number from 1 to 100, not “0”'],
  ['limit=2.5', 'limit must be a whole number from 1 to 100, not “2.5”'],
  ['sort=price', 'sort must be a sort order of the list, not “price”'],
  [`search=${'x'.repeat(61)}`, `search must be a text of at most 60 characters, not “${'x'.repeat(40)}…”`],
  ['label=BUY&label=SELL', 'label may appear only once, not 2 times'],
  ['__proto__=1', '“__proto__” is not a filter of this list'],
  ['constructor=1', '“constructor” is not a filter of this list'],
])('ignores the invalid query %s and reports it', (query, problem) => {
  const { filters, problems } = read(query);
  expect(problems).toEqual([problem]);
  expect(writeFilters(filters).toString()).toBe('');
});

test('resets the page on a change, and keeps profile and order when the filters are cleared', () => {
  const { filters } = read('profile=moderate&label=BUY&sort=symbol&cursor=x');
  expect(updateFilters(filters, { label: 'SELL' })).toMatchObject({ label: 'SELL', cursor: undefined });
  expect(hasFilters(filters)).toBe(true);
  expect(writeFilters(withoutFilters(filters)).toString()).toBe('profile=moderate&sort=symbol');
});
