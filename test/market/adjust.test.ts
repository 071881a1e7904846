import { describe, expect, test } from 'vitest';
import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { factorsOf, ratioOf, sharesSince } from './adjust.ts';

const bar = (day: string, c: number) => ({ day, o: c, h: c, l: c, c, v: 100 });
const dividend = (exDay: string, value: number): CorporateAction => ({ exDay, kind: 'dividend', value });
const split = (exDay: string, value: number): CorporateAction => ({ exDay, kind: 'split', value });

describe('factors', () => {
  const bars = [bar('2026-01-05', 100), bar('2026-01-06', 100), bar('2026-01-07', 50), bar('2026-01-08', 50)];

  test('divide earlier prices by a split, and subtract the share of a dividend', () => {
    const factors = factorsOf(bars, [split('2026-01-07', 2), dividend('2026-01-08', 1)]);
    expect(factors).toEqual([
      { split: 0.5, dividend: 0.98 },
      { split: 0.5, dividend: 0.98 },
      { split: 1, dividend: 0.98 },
      { split: 1, dividend: 1 },
    ]);
  });

  test('apply dividends before a split in the shares of their day, and multiply', () => {
    const factors = factorsOf(bars, [
      dividend('2026-01-06', 10),
      split('2026-01-07', 2),
      dividend('2026-01-08', 5),
    ]);
    expect(factors[0]).toEqual({ split: 0.5, dividend: expect.closeTo(0.9 * 0.9) });
    expect(factors[1]).toEqual({ split: 0.5, dividend: 0.9 });
  });

  test('apply a dividend on the day of a split to the new shares', () => {
    expect(factorsOf(bars, [split('2026-01-07', 2), dividend('2026-01-07', 1)])[1]?.dividend).toBe(0.98);
  });

  test('apply an action between two bars to the later one, and ignore others outside the bars', () => {
    const gap = [bar('2026-01-02', 100), bar('2026-01-09', 100)];
    const none = { split: 1, dividend: 1 };
    expect(factorsOf(gap, [dividend('2026-01-05', 1)])).toEqual([{ split: 1, dividend: 0.99 }, none]);
    expect(factorsOf(gap, [dividend('2026-01-12', 1), split('2026-01-12', 2)])).toEqual([none, none]);
    expect(factorsOf(gap, [split('2026-01-01', 2), dividend('2026-01-02', 1)])).toEqual([none, none]);
    expect(factorsOf([], [split('2026-01-01', 2)])).toEqual([]);
  });
});

test('refuses a dividend as large as the price', () => {
  const bars = [bar('2026-01-05', 10), bar('2026-01-06', 10)];
  expect(() => factorsOf(bars, [dividend('2026-01-06', 10)])).toThrow('a dividend of 10 on a price of 10');
});

test('counts the shares that one share has become', () => {
  const actions = [split('2026-01-05', 2), split('2026-02-05', 3), dividend('2026-03-05', 1)];
  expect(sharesSince(actions, '2026-01-04', '2026-12-31')).toBe(6);
  expect(sharesSince(actions, '2026-01-05', '2026-12-31')).toBe(3);
  expect(sharesSince(actions, '2026-01-04', '2026-01-31')).toBe(2);
});

test('states ratios in whole numbers', () => {
  expect([2, 1.5, 0.1, 4 / 3, 20].map(ratioOf)).toEqual([
    [2, 1],
    [3, 2],
    [1, 10],
    [4, 3],
    [20, 1],
  ]);
});
