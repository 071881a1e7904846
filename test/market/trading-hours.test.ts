import { describe, expect, test } from 'vitest';
import {
  dayAt,
  isTradingDay,
  LONDON,
  lastTradingDays,
  NASDAQ,
  NYSE,
  sessionOf,
  TOKYO,
  tradingDayUpTo,
} from './trading-hours.ts';
import { zonedInstant } from './zone.ts';

const iso = (instant: number) => new Date(instant).toISOString().slice(0, 16);
const hours = (day: string, exchange = NYSE) => {
  const { start, end, gmtoffset, timezone } = sessionOf(exchange, day);
  return [iso(start), iso(end), gmtoffset, timezone];
};

describe('trading hours', () => {
  test("follows the exchange's clock through both clock changes", () => {
    expect(hours('2026-03-06')).toEqual(['2026-03-06T14:30', '2026-03-06T21:00', -18_000, 'EST']);
    expect(hours('2026-03-09')).toEqual(['2026-03-09T13:30', '2026-03-09T20:00', -14_400, 'EDT']);
    expect(hours('2026-11-02')).toEqual(['2026-11-02T14:30', '2026-11-02T21:00', -18_000, 'EST']);
    expect(hours('2026-03-27', LONDON)).toEqual(['2026-03-27T08:00', '2026-03-27T16:30', 0, 'GMT']);
    expect(hours('2026-03-30', LONDON)).toEqual(['2026-03-30T07:00', '2026-03-30T15:30', 3600, 'BST']);
    expect(hours('2026-07-01', TOKYO)).toEqual(['2026-07-01T00:00', '2026-07-01T06:30', 32_400, 'JST']);
  });

  test('ends sessions early by the calendar, and later in Tokyo since November 2024', () => {
    expect(hours('2026-11-27')).toEqual(['2026-11-27T14:30', '2026-11-27T18:00', -18_000, 'EST']);
    expect(hours('2026-12-24', LONDON)[1]).toBe('2026-12-24T12:30');
    expect(hours('2024-11-01', TOKYO)[1]).toBe('2024-11-01T06:00');
    expect(hours('2024-11-05', TOKYO)[1]).toBe('2024-11-05T06:30');
  });

  test('has a lunch break in Tokyo, and extended trading elsewhere', () => {
    const { lunch } = sessionOf(TOKYO, '2026-07-01');
    expect([iso(lunch?.start ?? 0), iso(lunch?.end ?? 0)]).toEqual(['2026-07-01T02:30', '2026-07-01T03:30']);
    const { pre, post, lunch: none } = sessionOf(NASDAQ, '2026-07-01');
    expect([iso(pre.start), iso(post.end)]).toEqual(['2026-07-01T08:00', '2026-07-02T00:00']);
    expect(none).toBeUndefined();
  });

  test('finds the instant of a local time on the days of clock changes', () => {
    expect(iso(zonedInstant('2026-03-08', '01:30', 'America/New_York'))).toBe('2026-03-08T06:30');
    expect(iso(zonedInstant('2026-03-08', '03:30', 'America/New_York'))).toBe('2026-03-08T07:30');
    expect(iso(zonedInstant('2026-10-25', '12:00', 'Europe/London'))).toBe('2026-10-25T12:00');
  });
});

test('uses local days of the exchange', () => {
  const instant = Date.parse('2026-03-31T23:30:00Z');
  expect([NYSE, LONDON, TOKYO].map((exchange) => dayAt(exchange, instant))).toEqual([
    '2026-03-31',
    '2026-04-01',
    '2026-04-01',
  ]);
});

test('leaves out weekends and holidays from trading days', () => {
  expect(isTradingDay(NYSE, '2026-04-03')).toBe(false);
  expect(isTradingDay(TOKYO, '2026-04-03')).toBe(true);
  expect(tradingDayUpTo(NYSE, '2026-04-05')).toBe('2026-04-02');
  expect(lastTradingDays(NYSE, '2026-04-06', 3)).toEqual(['2026-04-01', '2026-04-02', '2026-04-06']);
});
