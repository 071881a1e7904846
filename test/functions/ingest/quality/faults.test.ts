import { describe, expect, test } from 'vitest';
import { findFault } from '../../../../functions/ingest/quality/faults.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { at, batchOf, rawBar, week } from '../support.ts';

const tuesday = (rest: Parameters<typeof rawBar>[2]) => [
  rawBar('2026-03-02', 100),
  rawBar('2026-03-03', 100, rest),
];
const OUTSIDE = 'is outside 2026-03-02 to 2026-03-06';

test('finds no fault in a clean or empty series', () => {
  expect(findFault(week(100, 101, 99, 100, 102), batchOf())).toBeUndefined();
  expect(findFault([], batchOf())).toBeUndefined();
});

test.each<[string, RawBar]>([
  ['is flat and without volume', [at('2026-03-03'), 5, 5, 5, 5, 0]],
  ['opens at its low and closes at its high', [at('2026-03-03'), 90, 110, 90, 110, 1]],
])('accepts a bar that %s', (_, bar) => {
  expect(findFault([bar], batchOf())).toBeUndefined();
});

describe('rejects a series and names the bar', () => {
  test.each<[string, string, RawBar[]]>([
    ['not_finite', 'bar 2026-03-03T00:00: a value is not a finite number', tuesday({ c: Number.NaN })],
    [
      'not_finite',
      'bar 2026-03-03T00:00: a value is not a finite number',
      tuesday({ v: Number.POSITIVE_INFINITY }),
    ],
    ['not_finite', 'bar NaN: a value is not a finite number', tuesday({ ts: Number.NaN })],
    ['non_positive', 'bar 2026-03-03T00:00: a price is not above zero', tuesday({ l: 0 })],
    ['non_positive', 'bar 2026-03-03T00:00: a price is not above zero', tuesday({ o: -1, l: -1 })],
    [
      'ohlc_order',
      'bar 2026-03-03T00:00: open 102 or close 100 is outside low 99 to high 101',
      tuesday({ o: 102 }),
    ],
    [
      'ohlc_order',
      'bar 2026-03-03T00:00: open 98 or close 100 is outside low 99 to high 101',
      tuesday({ o: 98 }),
    ],
    [
      'ohlc_order',
      'bar 2026-03-03T00:00: open 100 or close 101.5 is outside low 99 to high 101',
      tuesday({ c: 101.5 }),
    ],
    [
      'ohlc_order',
      'bar 2026-03-03T00:00: open 100 or close 98.5 is outside low 99 to high 101',
      tuesday({ c: 98.5 }),
    ],
    ['negative_volume', 'bar 2026-03-03T00:00: volume -1 is negative', tuesday({ v: -1 })],
    [
      'not_midnight',
      'bar 2026-03-03T14:30: is not at midnight UTC',
      tuesday({ ts: at('2026-03-03') + 52_200_000 }),
    ],
    [
      'not_ascending',
      'bar 2026-03-02T00:00: is not later than the bar before it',
      [rawBar('2026-03-03', 100), rawBar('2026-03-02', 100)],
    ],
    [
      'not_ascending',
      'bar 2026-03-03T00:00: is not later than the bar before it',
      [rawBar('2026-03-03', 100), rawBar('2026-03-03', 100)],
    ],
    ['outside_request', `bar 2026-03-01T00:00: ${OUTSIDE}`, [rawBar('2026-03-01', 100)]],
    ['outside_request', `bar 2026-03-07T00:00: ${OUTSIDE}`, [rawBar('2026-03-07', 100)]],
  ])('%s: %s', (reason, message, bars) => {
    expect(findFault(bars, batchOf())).toEqual({ reason, message });
  });

  test('reports the earliest of several faults', () => {
    const bars = [rawBar('2026-03-02', 100, { v: -1 }), rawBar('2026-03-03', 100, { l: 0 })];
    expect(findFault(bars, batchOf())?.reason).toBe('negative_volume');
  });
});

test('accepts a 15-minute bar at any instant of the requested days', () => {
  const intraday = batchOf({ interval: '15m' });
  const late = at('2026-03-07') - 1;
  expect(
    findFault([rawBar('2026-03-03', 100, { ts: at('2026-03-03') + 52_200_000 })], intraday),
  ).toBeUndefined();
  expect(findFault([rawBar('2026-03-06', 100, { ts: late })], intraday)).toBeUndefined();
  expect(findFault([rawBar('2026-03-06', 100, { ts: late + 1 })], intraday)?.reason).toBe('outside_request');
});
