import { expect, test } from 'vitest';
import { median, quantile, rounded } from '../../bench/quantile.ts';

test.each([
  [[3, 1, 2], 0.5, 2],
  [[1, 2, 3, 4], 0.5, 2],
  [[10], 0.99, 10],
  [Array.from({ length: 100 }, (_, n) => n + 1), 0.99, 99],
  [Array.from({ length: 1000 }, (_, n) => 1000 - n), 0.99, 990],
  [[2, 10, 1], 1, 10],
])('computes for %j the quantile %d as %d', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});

test('returns NaN for an empty list', () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test('leaves the input of median unchanged, and rounds figures to two decimals', () => {
  const values = [3, 1, 2];
  expect(median(values)).toBe(2);
  expect(values).toEqual([3, 1, 2]);
  expect(rounded(1.23456)).toBe(1.23);
});
