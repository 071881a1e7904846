import { describe, expect, test } from 'vitest';
import { deviations, highest, lowest, means, meansOfIntegers } from '../../../functions/features/windows.ts';
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

  test('computes highest and lowest from each window alone', () => {
    const most = windows(values, size).map((window) => (window ? Math.max(...window) : Number.NaN));
    const least = windows(values, size).map((window) => (window ? Math.min(...window) : Number.NaN));
    expect([...highest(values, size)]).toEqual(most);
    expect([...lowest(values, size)]).toEqual(least);
  });

  test('computes mean and deviation from each window alone', () => {
    const averages = means(values, size);
    const spreads = deviations(values, averages, size);
    for (const [end, window] of windows(values, size).entries()) {
      if (!window) {
        expect(averages[end]).toBeNaN();
        expect(spreads[end]).toBeNaN();
        continue;
      }
      expect(averages[end]).toBeCloseTo(window.reduce((a, b) => a + b, 0) / size, 12);
      if (size > 1) expect(spreads[end]).toBeCloseTo(sampleDeviation(window), 12);
    }
  });

  test('computes the same bits from any index on, whatever windows are summed side by side', () => {
    const averages = means(values, size);
    const spreads = deviations(values, averages, size);
    for (let from = 0; from < values.length; from++) {
      expect(means(values, size, from).subarray(from)).toEqual(averages.subarray(from));
      expect(deviations(values, averages, size, from).subarray(from)).toEqual(spreads.subarray(from));
    }
  });
});

test.each([1, 7, 50])('computes means of %d whole numbers exactly, with some missing', (size) => {
  const whole = randomSeries(4, 200).map((value, i) => (i % 61 === 9 ? Number.NaN : Math.sign(value - 1)));
  expect(meansOfIntegers(whole, size)).toEqual(means(whole, size));
});

test('computes mean and sample deviation of known numbers', () => {
  const values = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);
  const averages = means(values, 8);
  expect(averages[7]).toBe(5);
  expect(deviations(values, averages, 8)[7]).toBeCloseTo(Math.sqrt(32 / 7), 15);
});

test.each([[0.1], [13.37], [1234567.8]])(
  'computes exactly the mean and a deviation of exactly 0 if all values are %d',
  (value) => {
    const values = new Float64Array(20).fill(value);
    const averages = means(values, 20);
    expect(averages[19]).toBe(value);
    expect(deviations(values, averages, 20)[19]).toBe(0);
  },
);

test('returns NaN for windows with NaN, and a statistic for the first window without', () => {
  const values = Float64Array.of(5, 1, Number.NaN, 2, 3, 4);
  const expected = [NaN, NaN, NaN, NaN, NaN, 4];
  expect([...highest(values, 3)]).toEqual(expected);
  expect([...lowest(values, 3)]).toEqual([NaN, NaN, NaN, NaN, NaN, 2]);
  expect([...means(values, 3)]).toEqual([NaN, NaN, NaN, NaN, NaN, 3]);
  expect([...meansOfIntegers(values, 3)]).toEqual([NaN, NaN, NaN, NaN, NaN, 3]);
  expect([...deviations(values, means(values, 3), 3)]).toEqual([NaN, NaN, NaN, NaN, NaN, 1]);
});

test('returns NaN for a series shorter than the window', () => {
  expect([...highest(Float64Array.of(1, 2), 3)]).toEqual([NaN, NaN]);
  expect([...lowest(Float64Array.of(1, 2), 3)]).toEqual([NaN, NaN]);
  expect([...highest(Float64Array.of(), 3)]).toEqual([]);
  const short = Float64Array.of(1, 2);
  expect([...means(short, 3)]).toEqual([NaN, NaN]);
  expect([...deviations(short, means(short, 3), 3)]).toEqual([NaN, NaN]);
  expect([...meansOfIntegers(short, 3)]).toEqual([NaN, NaN]);
});
