import { expect, test } from 'vitest';
import { adjust, adjustForDividends, applySplits } from '../../../../functions/ingest/providers/adjust.ts';
import { SchemaDriftError } from '../../../../functions/ingest/providers/errors.ts';
import type { Bar, CorporateAction } from '../../../../functions/ingest/providers/provider.ts';

test('halves prices and doubles volume for a 2:1 split', () => {
  expect(adjust({ ts: 5, o: 88, h: 90, l: 86, c: 89, v: 10 }, 44.5)).toEqual({
    ts: 5,
    o: 44,
    h: 45,
    l: 43,
    c: 44.5,
    v: 20,
  });
});

test('leaves a bar unchanged whose close is adjusted already', () => {
  const bar = { ts: 5, o: 88, h: 90, l: 86, c: 89, v: 10 };
  expect(adjust(bar, 89)).toEqual(bar);
});

test('keeps open and close within low and high, and the dollar volume, for any factor', () => {
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const broken: Bar[] = [];
  for (let i = 0; i < 20_000; i++) {
    const l = 0.01 + random() * 500;
    const h = l + random() * (i % 3);
    // Every other bar opens at its low and closes at its high, where rounding would show.
    const [o, c] = i % 2 ? [l, h] : [l + (h - l) * random(), l];
    const bar = { ts: 0, o, h, l, c: Math.min(c, h), v: Math.floor(random() * 1e9) };
    const adjusted = adjust(bar, bar.c * (0.001 + random() * 3));
    const ordered =
      adjusted.l <= Math.min(adjusted.o, adjusted.c) && adjusted.h >= Math.max(adjusted.o, adjusted.c);
    const kept = Math.abs(adjusted.c * adjusted.v - bar.c * bar.v) <= 1e-12 * bar.c * bar.v;
    if (!ordered || !kept) broken.push(bar);
  }
  expect(broken).toEqual([]);
});

const dayOf = (ts: number) => new Date(ts).toISOString().slice(0, 10);
/** Bars of consecutive days from 4 March 2024, each opening at its close. */
const flat = (...closes: number[]) =>
  closes.map((c, i) => ({ ts: Date.UTC(2024, 2, 4 + i), o: c, h: c + 1, l: c - 1, c, v: 100 }));
const closes = (bars: Bar[]) => bars.map(({ c }) => Number(c.toFixed(9)));
const dividend = (exDay: string, value: number): CorporateAction => ({ exDay, kind: 'dividend', value });
const split = (exDay: string, value: number): CorporateAction => ({ exDay, kind: 'split', value });

test.each([
  ['none', [], [100, 100, 98]],
  ['one', [dividend('2024-03-06', 2)], [98, 98, 98]],
  [
    'two, each on the close before it',
    [dividend('2024-03-05', 10), dividend('2024-03-06', 2)],
    [88.2, 98, 98],
  ],
  ['two on a day', [dividend('2024-03-06', 1), dividend('2024-03-06', 1)], [98.01, 98.01, 98]],
  ['one on the first day', [dividend('2024-03-04', 2)], [100, 100, 98]],
  ['one after the last bar', [dividend('2024-03-11', 49)], [50, 50, 49]],
  ['not for a split', [split('2024-03-05', 2)], [100, 100, 98]],
])('adjusts for dividends: %s', (_, actions, expected) => {
  expect(closes(adjustForDividends('KO', flat(100, 100, 98), actions, dayOf))).toEqual(expected);
});

test('lowers every price for a dividend, and raises the volume', () => {
  const [bar] = adjustForDividends('KO', flat(100, 98), [dividend('2024-03-05', 2)], dayOf);
  expect(bar).toMatchObject({ o: 98, h: 98.98, l: 97.02, c: 98 });
  expect(bar?.v).toBeCloseTo(100 / 0.98, 9);
});

test('refuses a dividend as large as the price', () => {
  const work = () => adjustForDividends('KO', flat(100, 98), [dividend('2024-03-05', 100)], dayOf);
  expect(work).toThrow(new SchemaDriftError('KO: unexpected answer: a dividend of 100 on a price of 100'));
});

test.each([
  ['that is not applied', [400, 404, 101], [split('2024-03-06', 4)], [100, 101, 101]],
  ['that is applied', [100, 101, 101], [split('2024-03-06', 4)], [100, 101, 101]],
  ['that is applied, on a bad day', [100, 101, 70], [split('2024-03-06', 4)], [100, 101, 70]],
  ['that merges shares and is not applied', [1, 1.1, 11], [split('2024-03-06', 0.1)], [10, 11, 11]],
  ['that merges shares and is applied', [10, 11, 11], [split('2024-03-06', 0.1)], [10, 11, 11]],
  [
    'and another, both not applied',
    [600, 300, 100],
    [split('2024-03-05', 2), split('2024-03-06', 3)],
    [100, 100, 100],
  ],
  ['that could be a day’s move', [105, 105, 100], [split('2024-03-06', 1.05)], [105, 105, 100]],
  ['before the first bar', [100, 101, 102], [split('2024-03-04', 2)], [100, 101, 102]],
  ['after the last bar', [100, 101, 102], [split('2024-03-08', 2)], [100, 101, 102]],
  ['of prices of zero', [0, 0, 100], [split('2024-03-06', 2)], [0, 0, 100]],
  ['list that has only a dividend', [200, 200, 100], [dividend('2024-03-06', 2)], [200, 200, 100]],
])('handles a split %s', (_, prices, actions, expected) => {
  expect(closes(applySplits('AAPL', flat(...prices), actions, dayOf))).toEqual(expected);
});
