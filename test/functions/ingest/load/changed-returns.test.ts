import { describe, expect, test } from 'vitest';
import { firstChangedReturn } from '../../../../functions/ingest/load/changed-returns.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';

/** A bar of a day number; the range is 2% around the close. */
const bar = (day: number, close: number): RawBar => [day, close, close * 1.01, close * 0.99, close, 1000];
const series = (closes: Record<number, number>) =>
  Object.entries(closes).map(([day, close]) => bar(Number(day), close));

const STORED = { 1: 100, 2: 110, 3: 105, 4: 120 };

/**
 * The first changed return if these closes arrive, and these days are removed. `firstTs` is the first stored day. By
 * default all bars are written.
 */
function changedBy(
  closes: Record<number, number> | RawBar[],
  { removed = [], firstTs = 1, changes }: { removed?: number[]; firstTs?: number; changes?: RawBar[] } = {},
) {
  const stored = new Map(series(STORED).map((each) => [each[0], { bar: each, source: 'test' }]));
  const bars = Array.isArray(closes) ? closes : series(closes);
  return firstChangedReturn({ bars, changes: changes ?? bars, stored, removed, firstTs, lastTs: 4 });
}

describe('firstChangedReturn', () => {
  test.each([
    ['the stored bars', STORED],
    ['the next bars', { 5: 121, 6: 130 }],
    ['a whole history that a split halves', { 1: 50, 2: 55, 3: 52.5, 4: 60, 5: 61 }],
    ['a history that begins earlier', { 0: 90, ...STORED }],
    ['prices that the vendor rounds', { 1: 33.3333, 2: 36.6667, 3: 35, 4: 40 }],
  ])('finds none in %s', (_, closes) => {
    expect(changedBy(closes)).toBeUndefined();
  });

  test.each<[string, Record<number, number>, number]>([
    ['a corrected bar', { ...STORED, 3: 105.5 }, 3],
    ['a corrected first bar', { ...STORED, 1: 101 }, 2],
    ['a dividend that the vendor reports late', { 1: 99, 2: 108.9, 3: 105, 4: 120 }, 3],
    ['an inserted bar', { ...STORED, 2.5: 107 }, 2.5],
  ])('finds the first one after %s', (_, closes, day) => {
    const ascending = series(closes).sort(([a], [b]) => a - b);
    expect(changedBy(ascending)).toBe(day);
  });

  test.each([1, 2, 3] as const)('compares opens, highs and lows too (%i)', (price) => {
    const bars = series(STORED);
    (bars[2] as RawBar)[price] *= 1.001;
    expect(changedBy(bars)).toBe(3);
  });

  test('compares only the bars that are written', () => {
    expect(changedBy({ ...STORED, 2: 110.2, 3: 105.1 }, { changes: [] })).toBeUndefined();
    const next = series({ ...STORED, 3: 105.1, 5: 130 });
    expect(changedBy(next, { changes: next.slice(-1) })).toBeUndefined();
  });

  test('finds a removed bar', () => {
    expect(changedBy({ 1: 100, 3: 105, 4: 120 }, { removed: [2] })).toBe(2);
    expect(changedBy({ 1: 101, 3: 105, 4: 120 }, { removed: [4] })).toBe(3);
  });

  test('compares with the bars before the requested days, which stay', () => {
    expect(changedBy({ 3: 52.5, 4: 60 })).toBe(3);
    expect(changedBy({ 3: 52.5, 4: 60 }, { firstTs: 3 })).toBeUndefined();
  });
});
