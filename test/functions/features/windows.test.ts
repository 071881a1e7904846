import { describe, expect, test } from 'vitest';
import { deviation, highest, largest, lowest, mean } from '../../../functions/features/windows.ts';
import { sampleDeviation } from './naive.ts';
import { seededRandom } from './series.ts';

/** Random numbers with ties: every third is one of five values. */
function randomSeries(seed: number, count: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: count }, (_, i) =>
    i % 3 === 0 ? Math.floor(random() * 5) : random() * 5 - 1,
  );
}

const windows = (values: Float64Array, size: number) =>
  Array.from(values, (_, end) => (end + 1 < size ? undefined : [...values.slice(end + 1 - size, end + 1)]));

const cases = [1, 2, 3].flatMap((seed) => [1, 2, 7, 50].map((size) => ({ seed, size })));

describe.each(cases)('random series $seed with windows of $size', ({ seed, size }) => {
  const values = randomSeries(seed, 60);

  test('computes largest, highest and lowest from each window alone', () => {
    const most = windows(values, size).map((window) => (window ? Math.max(...window) : Number.NaN));
    const least = windows(values, size).map((window) => (window ? Math.min(...window) : Number.NaN));
    expect(Array.from(values, (_, end) => largest(values, end, size))).toEqual(most);
    expect([...highest(values, size)]).toEqual(most);
    expect([...lowest(values, size)]).toEqual(least);
  });

  test('computes mean and deviation from each window alone', () => {
    for (const [end, window] of windows(values, size).entries()) {
      if (!window) {
        expect(mean(values, end, size)).toBeNaN();
        expect(deviation(values, end, size)).toBeNaN();
        continue;
      }
      expect(mean(values, end, size)).toBeCloseTo(window.reduce((a, b) => a + b, 0) / size, 12);
      if (size > 1) expect(deviation(values, end, size)).toBeCloseTo(sampleDeviation(window), 12);
    }
  });
});

test('computes mean and sample deviation of known numbers', () => {
  expect(mean(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9), 7, 8)).toBe(5);
  expect(deviation(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9), 7, 8)).toBeCloseTo(Math.sqrt(32 / 7), 15);
});

test.each([[0.1], [13.37], [1234567.8]])(
  'computes exactly the mean and a deviation of exactly 0 if all values are %d',
  (value) => {
    const values = new Float64Array(20).fill(value);
    expect(mean(values, 19, 20)).toBe(value);
    expect(deviation(values, 19, 20)).toBe(0);
  },
);

test('returns NaN for windows with NaN, and a statistic for the first window without', () => {
  const values = Float64Array.of(5, 1, Number.NaN, 2, 3, 4);
  const expected = [NaN, NaN, NaN, NaN, NaN, 4];
  expect(Array.from(values, (_, end) => largest(values, end, 3))).toEqual(expected);
  expect([...highest(values, 3)]).toEqual(expected);
  expect([...lowest(values, 3)]).toEqual([NaN, NaN, NaN, NaN, NaN, 2]);
  expect(Array.from(values, (_, end) => mean(values, end, 3))).toEqual([NaN, NaN, NaN, NaN, NaN, 3]);
  expect(Array.from(values, (_, end) => deviation(values, end, 3))).toEqual([NaN, NaN, NaN, NaN, NaN, 1]);
});

test('returns NaN for a series shorter than the window', () => {
  expect([...highest(Float64Array.of(1, 2), 3)]).toEqual([NaN, NaN]);
  expect([...lowest(Float64Array.of(1, 2), 3)]).toEqual([NaN, NaN]);
  expect([...highest(Float64Array.of(), 3)]).toEqual([]);
  expect(mean(Float64Array.of(1, 2), 1, 3)).toBeNaN();
  expect(deviation(Float64Array.of(1, 2), 1, 3)).toBeNaN();
  expect(largest(Float64Array.of(1, 2), 1, 3)).toBeNaN();
});
