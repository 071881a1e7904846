import { describe, expect, test } from 'vitest';
import { averageRanks, mean, pearson } from '../../../functions/evaluate/correlation.ts';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';

/** The rank of a value by counting smaller values, and half of the equal ones. */
function countedRanks(values: number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/** Pearson's correlation by the formula with raw sums. */
function fromSums(a: number[], b: number[]): number {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const products = sum(a.map((value, i) => value * (b[i] as number)));
  const squares = (values: number[]) => sum(values.map((value) => value * value));
  const n = a.length;
  const spread = (values: number[]) => n * squares(values) - sum(values) ** 2;
  return (n * products - sum(a) * sum(b)) / Math.sqrt(spread(a) * spread(b));
}

describe('averageRanks', () => {
  test.each([
    [
      [10, 30, 20],
      [1, 3, 2],
    ],
    [
      [10, 30, 10],
      [1.5, 3, 1.5],
    ],
    [
      [7, 7, 7, 7],
      [2.5, 2.5, 2.5, 2.5],
    ],
    [
      [-1, 0, -0],
      [1, 2.5, 2.5],
    ],
    [[5], [1]],
    [[], []],
  ])('ranks %j as %j', (values, ranks) => {
    expect(averageRanks(values)).toEqual(ranks);
  });

  test('agrees with counting on many ties', () => {
    const random = randomNumbers(1);
    const values = Array.from({ length: 300 }, () => Math.floor(random() * 40));
    expect(averageRanks(values)).toEqual(countedRanks(values));
  });
});

describe('correlations', () => {
  test('equal values computed by hand', () => {
    // Deviations -2, 0, 2 and -1, 2, -1: 2 + 0 - 2 = 0.
    expect(pearson([1, 3, 5], [0, 3, 0])).toBe(0);
    // Deviations -1, 0, 1 and -1, -1, 2: 3 / sqrt(2 * 6).
    expect(pearson([1, 2, 3], [1, 1, 4])).toBeCloseTo(3 / Math.sqrt(12), 12);
  });

  test('agree with naive references on random series with ties', () => {
    const random = randomNumbers(2);
    const a = Array.from({ length: 200 }, () => Math.round(random() * 30) / 10);
    const b = a.map((value) => value / 3 + Math.round(random() * 20) / 10);
    expect(pearson(a, b)).toBeCloseTo(fromSums(a, b), 10);
  });

  test.each([0.1, 0, 1e-300, 1e300])('are exactly 0 for a series that is always %d', (value) => {
    const constant = new Array<number>(7).fill(value);
    expect(pearson(constant, [1, 2, 3, 4, 5, 6, 7])).toBe(0);
    expect(pearson([1, 2, 3, 4, 5, 6, 7], constant)).toBe(0);
  });
});

test('mean equals a value computed by hand', () => {
  expect(mean([1, 2, 6])).toBe(3);
});
