import { expect, test } from 'vitest';
import {
  changed,
  isNarrowed,
  readFilters,
  widened,
  writeFilters,
} from '../../web/src/recommendations/filters.ts';

const read = (query: string) => readFilters(new URLSearchParams(query));

test('an address and its filters turn into each other', () => {
  const query =
    'profile=moderate&label=BUY&sector=Energy&minConfidence=0.4&search=a&sort=-symbol&limit=10&cursor=x';
  const { filters, complaints } = read(query);
  expect(complaints).toEqual([]);
  expect(filters).toMatchObject({ profile: 'moderate', minConfidence: 0.4, limit: 10, sort: '-symbol' });
  expect(writeFilters(filters).toString()).toBe(query);
});

test('what is as usual is not in the address', () => {
  const { filters, complaints } = read('');
  expect(complaints).toEqual([]);
  expect(filters).toMatchObject({ sort: '-confidence', limit: 25 });
  expect(writeFilters(filters).toString()).toBe('');
});

test.each([
  ['profile=reckless', 'profile is “reckless”, and must be conservative, moderate or aggressive'],
  ['label=buy', 'label is “buy”, and must be BUY, HOLD or SELL'],
  ['minConfidence=-1', 'minConfidence is “-1”, and must be a number from 0 to 1'],
  ['minConfidence=NaN', 'minConfidence is “NaN”, and must be a number from 0 to 1'],
  ['minConfidence=1e-3', 'minConfidence is “1e-3”, and must be a number from 0 to 1'],
  ['minConfidence=1.01', 'minConfidence is “1.01”, and must be a number from 0 to 1'],
  ['limit=0', 'limit is “0”, and must be a whole number from 1 to 100'],
  ['limit=2.5', 'limit is “2.5”, and must be a whole number from 1 to 100'],
  ['sort=price', 'sort is “price”, and must be an order of the list'],
  [`search=${'x'.repeat(61)}`, `search is “${'x'.repeat(40)}…”, and must be at most 60 characters`],
  ['label=BUY&label=SELL', 'label is there 2 times, and must be once'],
  ['__proto__=1', '“__proto__” is nothing that the list can be narrowed by'],
  ['constructor=1', '“constructor” is nothing that the list can be narrowed by'],
])('%s is left out, and said', (query, complaint) => {
  const { filters, complaints } = read(query);
  expect(complaints).toEqual([complaint]);
  expect(writeFilters(filters).toString()).toBe('');
});

test('another list begins at its first page, and widening keeps profile and order', () => {
  const { filters } = read('profile=moderate&label=BUY&sort=symbol&cursor=x');
  expect(changed(filters, { label: 'SELL' })).toMatchObject({ label: 'SELL', cursor: undefined });
  expect(isNarrowed(filters)).toBe(true);
  expect(writeFilters(widened(filters)).toString()).toBe('profile=moderate&sort=symbol');
});
