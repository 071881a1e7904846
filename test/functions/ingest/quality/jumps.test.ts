import { describe, expect, test } from 'vitest';
import { findJumps, hasEarlyMove } from '../../../../functions/ingest/quality/jumps.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { closing, swinging } from './series.ts';

const calm = swinging(30, 100, 0.01);
const found = (bars: RawBar[], before?: number[]) => {
  const { fault, suspects, notes } = findJumps(bars, before);
  return {
    ...(fault && { fault: fault.reason }),
    suspects: suspects.map(({ bar, reason }) => `${bars.indexOf(bar)} ${reason}`),
    notes: notes.map(({ reason }) => reason),
  };
};
const NONE = { suspects: [], notes: [] };

test('a series that moves as series do has none', () => {
  expect(found(closing(...calm))).toEqual(NONE);
  expect(found([])).toEqual(NONE);
  expect(found(closing(100))).toEqual(NONE);
});

describe('a close far from the last one', () => {
  test('that is gone with the next bar goes into quarantine, and nothing is compared with it', () => {
    expect(found(closing(...calm, 160, ...calm))).toEqual({ ...NONE, suspects: ['30 jump'] });
    expect(found(closing(...calm, 60, ...calm))).toEqual({ ...NONE, suspects: ['30 jump'] });
  });

  test.each([
    ['half', 50.3],
    ['a third', 33.2],
    ['two fifths', 40.1],
    ['double', 201],
    ['a hundredth', 1.003],
  ])('and was %s of it is called a split that was none', (_, close) => {
    expect(found(closing(...calm, close, ...calm))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('says which, and what came before and after', () => {
    expect(findJumps(closing(...calm, 50, 101)).suspects).toEqual([
      {
        bar: closing(...calm, 50, 101)[30],
        reason: 'split_spurious',
        message: 'bar 2025-02-17T00:00: close 50 after 101 is reversed by the next bar, which closes at 101',
      },
    ]);
  });

  test('that stays is a fact', () => {
    expect(found(closing(...calm, 60, 61, 60))).toEqual({ ...NONE, notes: ['jump'] });
    expect(found(closing(...calm, 160, 150))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('that is gone by half is a fact as well', () => {
    expect(found(closing(...calm, 60, 80, 81))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('as the last bar waits in quarantine', () => {
    expect(found(closing(...calm, 60))).toEqual({ ...NONE, suspects: ['30 jump'] });
    expect(findJumps(closing(...calm, 60)).suspects[0]?.message).toBe(
      'bar 2025-02-17T00:00: close 60 after 101 is in quarantine until the next bar confirms it',
    );
  });

  test('by more than 8 times, for good, is no price', () => {
    expect(found(closing(...calm, 12, 12))).toMatchObject({ fault: 'jump' });
    expect(found(closing(...calm, 900, 900))).toMatchObject({ fault: 'jump' });
    expect(found(closing(...calm, 13, 13))).toEqual({ ...NONE, notes: ['jump'] });
  });

  test('by 8 times and back is one wrong row', () => {
    expect(found(closing(...calm, 1, ...calm))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('again soon after is seen again: the first one does not make the series look wild', () => {
    const bars = closing(...calm, 10, ...swinging(6, 100, 0.01), 10, ...calm);
    expect(found(bars)).toEqual({ ...NONE, suspects: ['30 split_spurious', '37 split_spurious'] });
  });
});

describe('where an instrument moves a lot', () => {
  const wild = swinging(30, 100, 0.2);

  test('a move must be large for it', () => {
    expect(found(closing(...wild, 60, 101))).toEqual(NONE);
    expect(found(closing(...wild, 20, 101))).toEqual({ ...NONE, suspects: ['30 split_spurious'] });
  });

  test('closes before the series say so', () => {
    expect(found(closing(100, 60, 101))).toEqual({ ...NONE, suspects: ['1 jump'] });
    expect(found(closing(100, 60, 101), wild)).toEqual(NONE);
  });

  test('too few of them say nothing', () => {
    expect(found(closing(100, 60, 101), wild.slice(0, 19))).toEqual({ ...NONE, suspects: ['1 jump'] });
  });

  test('only the last sixty count', () => {
    expect(found(closing(...wild, ...swinging(61, 100, 0.01), 60, 101))).toEqual({
      ...NONE,
      suspects: ['91 jump'],
    });
  });
});

describe('an open, high or low far from the close', () => {
  const bar = (rest: { o?: number; h?: number; l?: number }): RawBar => {
    const [ts] = closing(...calm, 100)[30] ?? [0];
    return [ts, rest.o ?? 100, rest.h ?? 101, rest.l ?? 99, 100, 5];
  };
  test.each([
    ['a low a decimal off', bar({ l: 9.9 })],
    ['a high a decimal off', bar({ h: 1010 })],
    ['an open far above', bar({ o: 301, h: 301 })],
  ])('%s goes into quarantine', (_, wrong) => {
    expect(found([...closing(...calm), wrong])).toEqual({ ...NONE, suspects: ['30 wick'] });
  });

  test('of a wild day does not', () => {
    expect(found([...closing(...calm), bar({ l: 34, h: 299 })])).toEqual(NONE);
  });
});

test('moves among the first bars are those that closes before them have a say in', () => {
  expect(hasEarlyMove(closing(100, 60))).toBe(true);
  expect(hasEarlyMove(closing(...calm))).toBe(false);
  expect(hasEarlyMove(closing(...calm, 60))).toBe(false);
  expect(hasEarlyMove(closing(...calm.slice(0, 20), 60))).toBe(true);
  expect(hasEarlyMove([])).toBe(false);
});
