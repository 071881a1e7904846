import { describe, expect, test } from 'vitest';
import {
  groupIntoBatches,
  overlapFrom,
  wholeHistoryFrom,
} from '../../../../functions/ingest/plan/batches.ts';
import { BATCH_SIZE } from '../../../../functions/shared/constants.ts';
import { addDays } from '../../../../functions/shared/days.ts';

const AS_OF = '2026-03-06';
const WHOLE = '2018-03-06';
const group = (wanted: Record<string, string>) =>
  groupIntoBatches(
    Object.entries(wanted).map(([symbol, from]) => ({ symbol, from })),
    'daily',
    AS_OF,
  ).map(({ from, symbols }) => `${from} ${symbols.join(' ')}`);

test('defines a whole history as eight years of daily or thirty days of 15-minute bars', () => {
  expect(wholeHistoryFrom('daily', AS_OF)).toBe(WHOLE);
  expect(wholeHistoryFrom('15m', AS_OF)).toBe('2026-02-04');
});

test('overlaps stored bars by a week', () => {
  expect(overlapFrom('2026-03-05')).toBe('2026-02-26');
});

describe('groupIntoBatches', () => {
  test('keeps a first day that all instruments share, however long ago', () => {
    expect(group({ A: '2020-01-01', B: '2020-01-01' })).toEqual(['2020-01-01 A B']);
    expect(group({ A: '2010-01-01' })).toEqual(['2010-01-01 A']);
  });

  test('gives instruments of a group the first day of the one that lags most', () => {
    expect(group({ A: '2026-02-26', B: '2026-02-24', C: '2026-02-25' })).toEqual(['2026-02-24 A B C']);
  });

  test('separates very different first days, the longest history first', () => {
    expect(group({ A: '2026-02-26', B: '2025-12-20', C: '2025-12-10', D: WHOLE, E: '2024-01-01' })).toEqual([
      `${WHOLE} D`,
      '2024-01-01 E',
      '2025-12-10 B C',
      '2026-02-26 A',
    ]);
  });

  test('gives an instrument that lags by more than four years the whole history', () => {
    expect(group({ A: '2026-02-26', B: '2021-01-01' })).toEqual([`${WHOLE} B`, '2026-02-26 A']);
    expect(group({ A: '2026-02-26', B: '2017-01-01' })).toEqual(['2017-01-01 B', '2026-02-26 A']);
  });
});

test('makes at most five first days, so that batches stay few', () => {
  const wanted = Array.from({ length: 3000 }, (_, i) => ({
    symbol: `S${i}`,
    from: addDays(AS_OF, -1 - i),
  }));
  const requests = groupIntoBatches(wanted, 'daily', AS_OF);
  expect(new Set(requests.map(({ from }) => from)).size).toBe(5);
  expect(requests.length).toBeLessThanOrEqual(Math.ceil(3000 / BATCH_SIZE) + 4);
  const asked = new Map(requests.flatMap(({ from, symbols }) => symbols.map((symbol) => [symbol, from])));
  for (const { symbol, from } of wanted) expect((asked.get(symbol) ?? '9') <= from).toBe(true);
});

test('limits the size of batches and keeps the order', () => {
  const wanted = Array.from({ length: BATCH_SIZE + 1 }, (_, i) => ({ symbol: `S${i}`, from: WHOLE }));
  const requests = groupIntoBatches(wanted, 'daily', AS_OF);
  expect(requests.map(({ symbols }) => symbols.length)).toEqual([BATCH_SIZE, 1]);
  expect(requests.flatMap(({ symbols }) => symbols)).toEqual(wanted.map(({ symbol }) => symbol));
});
