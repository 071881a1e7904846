import { describe, expect, test } from 'vitest';
import {
  findGaps,
  findLag,
  findRepeated,
  findZeroVolume,
} from '../../../../functions/ingest/quality/continuity.ts';
import { daysOf, sessionsOf } from '../../../../functions/ingest/quality/sessions.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { DAY_MS } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { closing, swinging } from './series-support.ts';

const bars = closing(...swinging(600, 100, 0.01));
const sessions = sessionsOf([[daysOf(bars), daysOf(bars)]]);
/** The bars without those at the given range of indices. */
const cut = (from: number, to: number) => [...bars.slice(0, from), ...bars.slice(to)];

describe('findGaps', () => {
  test('finds no gap in a complete series', () => {
    expect(findGaps(bars, sessions)).toEqual({ notes: [] });
    expect(findGaps([], sessions)).toEqual({ notes: [] });
  });

  test('notes the number of missing sessions and the first gap', () => {
    expect(findGaps(cut(2, 3), sessions).notes).toEqual([
      {
        reason: 'gap',
        message: '1 session is missing, the first between 2025-01-07 and 2025-01-09',
        gaps: ['2025-01-07'],
      },
    ]);
    const two = cut(2, 4).filter((bar) => bar !== bars[10]);
    expect(findGaps(two, sessions).notes[0]?.message).toBe(
      '3 sessions are missing, the first between 2025-01-07 and 2025-01-10',
    );
  });

  test('rejects the series if more than 20 sessions of the last year are missing', () => {
    expect(findGaps(cut(500, 520), sessions).fault).toBeUndefined();
    expect(findGaps(cut(500, 521), sessions).fault).toEqual({
      reason: 'gap',
      message: '21 sessions of the last year are missing, the first between 2026-12-04 and 2027-01-05',
    });
  });

  test('accepts the series once the gap leaves the look-back of the last bar', () => {
    expect(findGaps(cut(326, 348), sessions).fault).toBeDefined();
    expect(findGaps(cut(325, 347), sessions).fault).toBeUndefined();
    expect(findGaps(cut(100, 300), sessions).notes).toHaveLength(1);
  });
});

describe('findRepeated', () => {
  const repeated = (count: number, at: number): RawBar[] =>
    bars.slice(0, 20).map((bar, i) => {
      const original = bars[at] as RawBar;
      return i >= at && i < at + count
        ? [bar[0], ...(original.slice(1) as [number, number, number, number, number])]
        : bar;
    });

  test('quarantines repetitions at the end and keeps the first bar', () => {
    const { suspects, notes } = findRepeated(repeated(4, 16));
    expect(suspects.map(({ bar, reason }) => [bar[0], reason])).toEqual(
      bars.slice(17, 20).map(([ts]) => [ts, 'stale']),
    );
    expect(suspects[0]?.message).toBe('the bar of 2025-01-28 is repeated 4 times in a row');
    expect(notes).toEqual([]);
  });

  test('notes repetitions that other bars follow', () => {
    expect(findRepeated(repeated(4, 10))).toEqual({
      suspects: [],
      notes: [{ reason: 'stale', message: 'the bar of 2025-01-20 is repeated 4 times in a row' }],
    });
  });

  test('accepts three identical bars', () => {
    expect(findRepeated(repeated(3, 17))).toEqual({ suspects: [], notes: [] });
  });

  test('accepts bars that differ in volume', () => {
    const flat = repeated(5, 15).map((bar, i): RawBar => [bar[0], bar[1], bar[2], bar[3], bar[4], i]);
    expect(findRepeated(flat)).toEqual({ suspects: [], notes: [] });
  });

  test('finds nothing in an empty series', () => {
    expect(findRepeated([])).toEqual({ suspects: [], notes: [] });
  });
});

describe('findLag', () => {
  const last = (back: number) => findLag(defined(bars.at(-1 - back), 'bar')[0], sessions);

  test('finds no lag at the newest session', () => {
    expect(last(0)).toEqual({});
    expect(findLag(defined(bars.at(-1), 'last bar')[0] + DAY_MS, sessions)).toEqual({});
  });

  test('notes a lag of up to two sessions', () => {
    expect(last(1)).toEqual({
      note: { reason: 'stale', message: 'the last bar is of 2027-04-22, 1 session before 2027-04-23' },
    });
    expect(last(2)).toHaveProperty('note');
  });

  test('doubts an instrument that lags by three sessions', () => {
    expect(last(3)).toEqual({
      doubt: { reason: 'stale', message: 'the last bar is of 2027-04-20, 3 sessions before 2027-04-23' },
    });
  });

  test('finds no lag where the newest session is unknown', () => {
    expect(findLag(0, sessionsOf([]))).toEqual({});
  });
});

test('notes bars without volume in a series with volume', () => {
  const quiet = (places: number[]) =>
    bars
      .slice(0, 5)
      .map((bar, i): RawBar => [bar[0], bar[1], bar[2], bar[3], bar[4], places.includes(i) ? 0 : 9]);
  expect(findZeroVolume(quiet([1, 3]))).toEqual([
    { reason: 'zero_volume', message: '2 of 5 bars have no volume, the first of 2025-01-07' },
  ]);
  expect(findZeroVolume(quiet([]))).toEqual([]);
  expect(findZeroVolume(quiet([0, 1, 2, 3, 4]))).toEqual([]);
});
