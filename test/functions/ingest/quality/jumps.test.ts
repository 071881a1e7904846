import { describe, expect, test } from 'vitest';
import { findJumps, hasEarlyMove } from '../../../../functions/ingest/quality/jumps.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { closing, swinging } from './series-support.ts';

const calm = swinging(30, 100, 0.01);
const found = (bars: RawBar[], before: number[] = []) => {
  const { doubts, suspects, notes } = findJumps(bars, closing(...before));
  return {
    ...(doubts.length > 0 && {
      doubts: doubts.map(({ ts, reason }) => `${bars.findIndex((bar) => bar[0] === ts)} ${reason}`),
    }),
    suspects: suspects.map(({ bar, reason }) => `${bars.indexOf(bar)} ${reason}`),
    notes: notes.map(({ reason }) => reason),
  };
};
const NONE = { suspects: [], notes: [] };

test('finds no jump in an ordinary series', () => {
  expect(found(closing(...calm))).toEqual(NONE);
  expect(found([])).toEqual(NONE);
  expect(found(closing(100))).toEqual(NONE);
});

describe('a close far from the previous one', () => {
  test('goes into quarantine when the next bar reverses it, and later closes are not compared with it', () => {
    expect(found(closing(...calm, 160, ...calm))).toEqual({ ...NONE, suspects: ['30 jump'] });
    expect(found(closing(...calm, 60, ...calm))).toEqual({ ...NONE, suspects: ['30 jump'] });
  });

  test.each([
    ['half', 50.3],
    ['a third', 33.2],
    ['two fifths', 40.1],
    ['double', 201],
    ['a hundredth', 1.003],
  ])('is reported as a spurious split when it was %s of it and the next bar reverses it', (_, close) => {
    expect(found(closing(...calm, close, ...calm))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('is reported with the closes before and after it', () => {
    expect(findJumps(closing(...calm, 50, 101)).suspects).toEqual([
      {
        bar: closing(...calm, 50, 101)[30],
        reason: 'split_spurious',
        message: 'bar 2025-02-17T00:00: close 50 after 101 is reversed by the next bar, which closes at 101',
      },
    ]);
  });

  test('is noted when the next bar confirms it', () => {
    expect(found(closing(...calm, 60, 61, 60))).toEqual({ ...NONE, notes: ['jump'] });
    expect(found(closing(...calm, 160, 150))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('is noted when the next bar reverses half of it', () => {
    expect(found(closing(...calm, 60, 80, 81))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('waits in quarantine as the last bar', () => {
    expect(found(closing(...calm, 60))).toEqual({ ...NONE, suspects: ['30 jump'] });
    expect(findJumps(closing(...calm, 60)).suspects[0]?.message).toBe(
      'bar 2025-02-17T00:00: close 60 after 101 is in quarantine until the next bar confirms it',
    );
  });

  test('is a doubtful level when it moves by more than 8 times and stays', () => {
    expect(found(closing(...calm, 12, 12))).toMatchObject({ doubts: ['30 jump'] });
    expect(found(closing(...calm, 900, 900))).toMatchObject({ doubts: ['30 jump'] });
    expect(found(closing(...calm, 13, 13))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('goes into quarantine when it moves by more than 8 times and back', () => {
    expect(found(closing(...calm, 1, ...calm))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('goes into quarantine together with the next ones when a later bar reverses it', () => {
    for (const count of [2, 3, 8]) {
      const off = swinging(count, 50, 0.01);
      const places = off.map((_, i) => `${30 + i} split_spurious`);
      expect(found(closing(...calm, ...off, ...calm))).toEqual({ ...NONE, suspects: places });
    }
    const pence = swinging(3, 10_000, 0.01);
    expect(found(closing(...calm, ...pence, ...calm)).suspects).toHaveLength(3);
  });

  test('is a fact when the move happens within the session', () => {
    const rally = closing(...calm, ...swinging(6, 154, 0.01), ...calm);
    const [first, back] = [rally[30], rally[36]];
    for (const bar of [first, back]) if (bar) bar[1] = bar === first ? 103 : 150;
    expect(found(rally)).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('is a fact when the price stays, comes back later than eight bars, or only in part', () => {
    for (const closes of [
      swinging(30, 50, 0.01),
      [...swinging(9, 50, 0.01), ...calm],
      [50, 51, 50, 80, 81],
    ]) {
      expect(found(closing(...calm, ...closes)).suspects).toEqual([]);
    }
  });

  test('is found again soon after a first one, which is left out of the volatility', () => {
    const bars = closing(...calm, 10, ...swinging(6, 100, 0.01), 10, ...calm);
    expect(found(bars)).toEqual({ ...NONE, suspects: ['30 split_spurious', '37 split_spurious'] });
  });
});

describe('a volatile instrument', () => {
  const wild = swinging(30, 100, 0.2);

  test('has a jump only beyond a multiple of its volatility', () => {
    expect(found(closing(...wild, 60, 101))).toEqual(NONE);
    expect(found(closing(...wild, 20, 101))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('is recognised by the closes before the series', () => {
    expect(found(closing(100, 60, 101))).toEqual({ ...NONE, suspects: ['1 jump'] });
    expect(found(closing(100, 60, 101), wild)).toEqual(NONE);
  });

  test('is not recognised by too few closes', () => {
    expect(found(closing(100, 60, 101), wild.slice(0, 19))).toEqual({ ...NONE, suspects: ['1 jump'] });
  });

  test('is measured on the last sixty returns', () => {
    expect(found(closing(...wild, ...swinging(61, 100, 0.01), 60, 101))).toEqual({
      ...NONE,
      suspects: ['91 jump'],
    });
  });
});

test('hasEarlyMove finds large moves among the first bars only', () => {
  expect(hasEarlyMove(closing(100, 60))).toBe(true);
  expect(hasEarlyMove(closing(...calm))).toBe(false);
  expect(hasEarlyMove(closing(...calm, 60))).toBe(false);
  expect(hasEarlyMove(closing(...calm.slice(0, 20), 60))).toBe(true);
  expect(hasEarlyMove([])).toBe(false);
});
