import { describe, expect, test } from 'vitest';
import { meanInterval, randomNumbers } from '../../../functions/evaluate/interval.ts';

/** Roughly normal numbers around 0. */
function noise(count: number, seed: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += random();
    return sum;
  });
}

/** Each value is the mean of the last five draws, like outcomes of overlapping horizons. */
function overlapping(count: number, seed: number): number[] {
  const draws = noise(count + 4, seed);
  return Array.from({ length: count }, (_, i) => draws.slice(i, i + 5).reduce((a, b) => a + b) / 5);
}

/** The same resampling with whole blocks copied. */
function copied(daily: (number | undefined)[], block: number, resamples: number, seed: number) {
  const random = randomNumbers(seed);
  const means: number[] = [];
  while (means.length < resamples) {
    const drawn: (number | undefined)[] = [];
    while (drawn.length < daily.length) {
      const from = Math.floor(random() * (daily.length - block + 1));
      drawn.push(...daily.slice(from, from + block));
    }
    const values = drawn.slice(0, daily.length).filter((value) => value !== undefined);
    if (values.length > 0) means.push(values.reduce((a, b) => a + b) / values.length);
  }
  means.sort((a, b) => a - b);
  const at = (place: number) => {
    const [below, above] = [means[Math.floor(place)] as number, means[Math.ceil(place)] as number];
    return below + (above - below) * (place % 1);
  };
  return [at(0.025 * (resamples - 1)), at(0.975 * (resamples - 1))];
}

describe('meanInterval', () => {
  test('returns equal intervals for equal days', () => {
    const daily = noise(250, 3);
    expect(meanInterval(daily, 20)).toEqual(meanInterval([...daily], 20));
    expect(meanInterval(daily, 20)).not.toEqual(meanInterval(daily, 20, { seed: 1 }));
  });

  test.each([
    ['whole blocks', noise(100, 4)],
    ['a last block cut to fit', noise(107, 5)],
    ['days without a value', noise(107, 6).map((value, i) => (i % 3 === 0 ? undefined : value))],
    ['few days with a value', noise(107, 7).map((value, i) => (i % 50 === 0 ? value : undefined))],
  ])('agrees with copied blocks for %s', (_, daily) => {
    const [low, high] = meanInterval(daily, 10, { resamples: 200, seed: 9 }) ?? [];
    const [expectedLow, expectedHigh] = copied(daily, 10, 200, 9);
    expect(low).toBeCloseTo(expectedLow as number, 10);
    expect(high).toBeCloseTo(expectedHigh as number, 10);
  });

  test('covers the true mean at about its level if blocks are as long as the overlap', () => {
    const covered = (block: number) => {
      let count = 0;
      for (let seed = 0; seed < 200; seed++) {
        const [low, high] = meanInterval(overlapping(240, 1000 + seed), block, { resamples: 200 }) ?? [1, -1];
        if (low <= 0 && high >= 0) count++;
      }
      return count / 200;
    };
    expect(covered(10)).toBeGreaterThan(0.87);
    expect(covered(10)).toBeLessThan(0.99);
    // Drawing single days overstates the evidence of overlapping days.
    expect(covered(1)).toBeLessThan(0.7);
  });

  test('returns the value of days that are all equal', () => {
    expect(meanInterval(new Array<number>(60).fill(0.25), 20)).toEqual([0.25, 0.25]);
  });

  test.each([
    ['no days', []],
    ['no values', [undefined, undefined]],
    ['one day short of two blocks', noise(39, 8)],
    [
      'values that span less than two blocks',
      [...noise(39, 8), ...new Array<undefined>(200).fill(undefined)],
    ],
  ])('returns undefined for %s', (_, daily) => {
    expect(meanInterval(daily, 20)).toBeUndefined();
  });

  test('returns an interval for two blocks', () => {
    expect(meanInterval(noise(40, 8), 20)).toHaveLength(2);
  });
});

test('randomNumbers covers [0, 1) evenly', () => {
  const random = randomNumbers(10);
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const place = Math.floor(random() * 10);
    tenths[place] = (tenths[place] as number) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
