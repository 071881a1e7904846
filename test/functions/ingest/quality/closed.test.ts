import { describe, expect, test } from 'vitest';
import { closedBars } from '../../../../functions/ingest/quality/closed.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { at, rawBar, week } from '../support.ts';

const friday = week(1, 2, 3, 4, 5);
const kept = (symbol: string, fetchedAt: string, bars = friday, interval: 'daily' | '15m' = 'daily') =>
  closedBars(bars, { symbol, interval, fetchedAt: Date.parse(fetchedAt) }).bars.length;

describe('a daily bar of an American symbol', () => {
  test.each([
    ['2026-03-06T20:59:59Z', 4],
    ['2026-03-06T21:00:00Z', 5],
    ['2026-03-06T23:59:59Z', 5],
    ['2026-03-07T02:00:00Z', 5],
    ['2030-01-01T00:00:00Z', 5],
    ['2026-03-04T12:00:00Z', 2],
    ['2026-03-01T12:00:00Z', 0],
  ])('is closed at %s if New York has closed', (fetchedAt, count) => {
    expect(kept('BRK-B', fetchedAt)).toBe(count);
  });

  test('is closed an hour earlier in summer', () => {
    const summer = [rawBar('2026-07-06', 100)];
    expect(kept('AAPL', '2026-07-06T19:59:59Z', summer)).toBe(0);
    expect(kept('AAPL', '2026-07-06T20:00:00Z', summer)).toBe(1);
  });
});

test('accepts a daily bar of another exchange once any exchange may have closed', () => {
  expect(kept('7203.T', '2026-03-06T04:59:59Z')).toBe(4);
  expect(kept('7203.T', '2026-03-06T06:30:00Z')).toBe(5);
});

test('accepts a daily bar of an instrument that trades every day once its day is over in UTC', () => {
  const days = Array.from({ length: 10 }, (_, i) => at('2026-03-01') + i * 86_400_000);
  const bars = days.map((ts, i): RawBar => [ts, 100, 102, 98, 100, i]);
  expect(kept('BTC-USD', '2026-03-10T23:59:59Z', bars)).toBe(9);
  expect(kept('BTC-USD', '2026-03-11T00:00:00Z', bars)).toBe(10);
});

test('accepts a 15-minute bar once its quarter of an hour is over', () => {
  const quarter: RawBar[] = [rawBar('2026-03-06', 100, { ts: at('2026-03-06') + 60 * 60_000 })];
  expect(kept('AAPL', '2026-03-06T01:14:59Z', quarter, '15m')).toBe(0);
  expect(kept('AAPL', '2026-03-06T01:15:00Z', quarter, '15m')).toBe(1);
});

test('notes the first bar that it leaves out', () => {
  const series = {
    symbol: 'AAPL',
    interval: 'daily',
    fetchedAt: Date.parse('2026-03-06T15:00:00Z'),
  } as const;
  expect(closedBars(friday, series).note).toEqual({
    reason: 'unclosed',
    message: 'bar 2026-03-06T00:00: its session was still open at 2026-03-06T15:00:00.000Z',
  });
  expect(closedBars(friday.slice(0, 4), series)).toEqual({ bars: friday.slice(0, 4) });
});
