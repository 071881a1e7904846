import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { Ranking } from '../../../functions/evaluate/ranking.ts';
import { shuffled } from './support.ts';

const UP = [1, 2, 3, 4, 5];
const DOWN = [5, 4, 3, 2, 1];

function ranking(days: [scores: number[], forward: number[]][]) {
  const collected = new Ranking();
  for (const [scores, forward] of days) collected.addDay(scores, forward);
  return collected.measures(2);
}

describe('Ranking', () => {
  test('averages the days and divides by their sample deviation', () => {
    // 1, -1 and 1: mean 1/3, squares (4 + 16 + 4) / 9 over 2 = 4/3.
    const { ic, rankIc, icir, rankIcir } = ranking([
      [UP, UP],
      [UP, DOWN],
      [UP, UP],
    ]);
    expect(ic).toBeCloseTo(1 / 3, 12);
    expect(rankIc).toBeCloseTo(1 / 3, 12);
    expect(icir).toBeCloseTo(1 / 3 / Math.sqrt(4 / 3), 12);
    expect(rankIcir).toBeCloseTo(1 / 3 / Math.sqrt(4 / 3), 12);
  });

  test('uses sizes for IC and ranks for rank IC', () => {
    const { ic, rankIc } = ranking([[UP, [1, 2, 3, 4, 1000]]]);
    expect(rankIc).toBeCloseTo(1, 12);
    expect(ic).toBeLessThan(0.8);
  });

  test('leaves out a day of four, and counts a constant day as 0', () => {
    const flat = [3, 3, 3, 3, 3];
    expect(
      ranking([
        [UP, UP],
        [UP.slice(1), UP.slice(1)],
      ]).rankIc,
    ).toBeCloseTo(1, 12);
    expect(
      ranking([
        [UP, UP],
        [flat, UP],
      ]).rankIc,
    ).toBeCloseTo(0.5, 12);
    expect(
      ranking([
        [UP, UP],
        [UP, flat],
      ]).ic,
    ).toBeCloseTo(0.5, 12);
  });

  test('leaves an instrument without a score out of its day', () => {
    expect(
      ranking([
        [
          [...UP, Number.NaN],
          [...UP, -99],
        ],
      ]).rankIc,
    ).toBeCloseTo(1, 12);
    expect(ranking([[[1, 2, 3, 4, Number.NaN], UP]]).rankIc).toBeNull();
  });

  test('returns null without a measured day', () => {
    const nothing = { ic: null, rankIc: null, icir: null, rankIcir: null };
    expect(ranking([])).toEqual({ ...nothing, intervals: { ic: null, rankIc: null } });
    expect(ranking([[UP, UP]])).toMatchObject({ icir: null, rankIcir: null });
  });

  test('returns 1 for a perfect score, -1 for its opposite, and about 0 for a shuffled one', () => {
    const random = randomNumbers(5);
    const days = Array.from({ length: 250 }, () => Array.from({ length: 100 }, () => random() - 0.5));
    const perfect = ranking(days.map((forward) => [forward, forward]));
    expect(perfect.rankIc).toBeCloseTo(1, 12);
    expect(perfect.ic).toBeCloseTo(1, 12);
    expect(perfect.intervals.rankIc?.[0]).toBeCloseTo(1, 12);
    expect(ranking(days.map((forward) => [forward.map((r) => -r), forward])).rankIc).toBeCloseTo(-1, 12);

    const chance = ranking(days.map((forward) => [shuffled(100, random), forward]));
    // The deviation of the mean is 1 / sqrt(99 * 250), below 0.007.
    expect(Math.abs(chance.rankIc ?? 1)).toBeLessThan(0.02);
    const [low, high] = chance.intervals.rankIc ?? [1, -1];
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });
});
