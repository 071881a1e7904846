import { expect, test } from 'vitest';
import { valueAt } from '../../../functions/shared/value-at.ts';

const VALUE = { a: { b: [1, { c: null }] } };

test.each([
  [[], VALUE],
  [['a', 'b', '0'], 1],
  [['a', 'b', '1', 'c'], null],
  [['a', 'b', '1', 'c', 'd'], undefined],
  [['a', 'x'], undefined],
  [['a', 'b', 'length'], 2],
  [['toString'], undefined],
  [['a', '__proto__'], undefined],
] as [string[], unknown][])('reads the own value at the path %j', (path, expected) => {
  expect(valueAt(VALUE, path)).toEqual(expected);
});
