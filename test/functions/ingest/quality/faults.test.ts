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

test('finds no fault in values or in two rows of one day, which cost one bar', () => {
  expect(findFault(tuesday({ c: Number.NaN, l: 0, v: -1 }), batchOf())).toBeUndefined();
  expect(findFault([rawBar('2026-03-03', 100), rawBar('2026-03-03', 101)], batchOf())).toBeUndefined();
});

describe('rejects a series and names the bar', () => {
  test.each<[string, string, RawBar[]]>([
    ['not_finite', 'bar NaN: the instant is not a finite number', tuesday({ ts: Number.NaN })],
    [
      'not_midnight',
      'bar 2026-03-03T14:30: is not at midnight UTC',
      tuesday({ ts: at('2026-03-03') + 52_200_000 }),
    ],
    [
      'not_ascending',
      'bar 2026-03-02T00:00: is earlier than the bar before it',
      [rawBar('2026-03-03', 100), rawBar('2026-03-02', 100)],
    ],
    ['outside_request', `bar 2026-03-01T00:00: ${OUTSIDE}`, [rawBar('2026-03-01', 100)]],
    ['outside_request', `bar 2026-03-07T00:00: ${OUTSIDE}`, [rawBar('2026-03-07', 100)]],
  ])('%s: %s', (reason, message, bars) => {
    expect(findFault(bars, batchOf())).toEqual({ reason, message });
  });

  test('reports the earliest of several faults', () => {
    const bars = [rawBar('2026-03-01', 100), rawBar('2026-02-28', 100)];
    expect(findFault(bars, batchOf())?.message).toContain('2026-03-01');
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
