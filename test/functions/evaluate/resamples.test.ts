import { expect, test } from 'vitest';
import { percentile, randomNumbers } from '../../../functions/evaluate/interval.ts';
import { described, lessOther, quotient, Resamples } from '../../../functions/evaluate/resamples.ts';
import { runningRatio } from '../../../functions/evaluate/running-ratio.ts';

const SEED = 7;
const DRAWS = 200;

/** The days of each resample, drawn block by block. */
function drawnDays(days: number, block: number): number[][] {
  const random = randomNumbers(SEED);
  return Array.from({ length: DRAWS }, () => {
    const drawn: number[] = [];
    while (drawn.length < days) {
      const first = Math.floor(random() * (days - block + 1));
      for (let day = first; day < first + block && drawn.length < days; day++) drawn.push(day);
    }
    return drawn;
  });
}

/** Values that depend on the days before. */
function series(days: number, seed: number, mean = 0): Float64Array {
  const random = randomNumbers(seed);
  let level = 0;
  return new Float64Array(days).map(() => {
    level = 0.8 * level + random() - 0.5;
    return level + mean;
  });
}

const near = (values: Iterable<number>) => Array.from(values, (value) => expect.closeTo(value, 9));

test.each([
  { days: 23, block: 5 },
  { days: 40, block: 20 },
])('sums, ratios and differences of resamples equal those of their days: $days days', ({ days, block }) => {
  const resamples = new Resamples(days, block, { resamples: DRAWS, seed: SEED });
  const drawn = drawnDays(days, block);
  const [a, b] = [series(days, 1), series(days, 2, 5)];
  const of = (values: Float64Array, own: number[]) =>
    own.reduce((sum, day) => sum + (values[day] as number), 0);
  expect([...resamples.sum(a).draws]).toEqual(near(drawn.map((own) => of(a, own))));
  expect([...resamples.ratio(a, b).draws]).toEqual(near(drawn.map((own) => of(a, own) / of(b, own))));
  expect([...resamples.absoluteRatio([a, a.map((value) => -value)], b).draws]).toEqual(
    near(drawn.map((own) => (2 * Math.abs(of(a, own))) / of(b, own))),
  );
  expect([...lessOther(resamples.sum(a), resamples.sum(b)).draws]).toEqual(
    near(drawn.map((own) => of(a, own) - of(b, own))),
  );
  expect(quotient(resamples.sum(a), resamples.sum(b)).value).toBeCloseTo(
    of(a, [...a.keys()]) / of(b, [...b.keys()]),
    12,
  );
});

test('the median of each resample is that of its sorted values', () => {
  const [days, block, values] = [30, 6, 4];
  const random = randomNumbers(3);
  const counts = Array.from({ length: values }, () =>
    new Float64Array(days).map(() => Math.floor(random() * 3)),
  );
  const { value, draws } = new Resamples(days, block, { resamples: DRAWS, seed: SEED }).median(counts);
  const medianOf = (own: Iterable<number>) => {
    const sorted = [...own]
      .flatMap((day) => counts.flatMap((daily, i) => new Array<number>(daily[day] as number).fill(i + 1)))
      .sort((a, b) => a - b);
    return percentile(Float64Array.from(sorted), 0.5);
  };
  expect(value).toBe(medianOf(new Array(days).keys()));
  expect([...draws]).toEqual(drawnDays(days, block).map(medianOf));
  expect(new Set(draws).size).toBeGreaterThan(1);
});

test('a median without values is unknown', () => {
  const { value, draws } = new Resamples(4, 1).median([new Float64Array(4)]);
  expect(described({ value, draws })).toEqual({ value: null, interval: null });
});

test.each([
  { days: 300, block: 20 },
  { days: 120, block: 5 },
])('a running ratio has an interval close to that of resamples: $days days', ({ days, block }) => {
  const random = randomNumbers(9);
  const counts = new Float64Array(days).map(() => Math.floor(random() * 20));
  const sums = series(days, 4, 0.3).map((value, day) => value * (counts[day] as number));
  const running = runningRatio(sums, counts, block);
  for (const end of [days, Math.floor(days * 0.7)]) {
    const measured = described(new Resamples(end, block).ratio(sums.slice(0, end), counts.slice(0, end)));
    const [low, high] = measured.interval ?? [0, 0];
    const { value, interval } = running[end - 1] as (typeof running)[0];
    expect(value).toBeCloseTo(measured.value as number, 12);
    expect(Math.abs((interval?.[0] ?? 0) - low)).toBeLessThan(0.12 * (high - low));
    expect(Math.abs((interval?.[1] ?? 0) - high)).toBeLessThan(0.12 * (high - low));
  }
});

test('a running ratio has no interval before two blocks of days with a denominator', () => {
  const counts = Float64Array.from([0, 1, 1, 0, 1, 1, 1]);
  const running = runningRatio(Float64Array.from([0, 1, 2, 0, 3, 4, 5]), counts, 2);
  expect(running.map(({ interval }) => interval !== null)).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(running[0]?.value).toBeNaN();
  expect(running[5]?.value).toBe(2.5);
});
