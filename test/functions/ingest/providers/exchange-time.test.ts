import { expect, test } from 'vitest';
import { exchangeDay, exchangeTime } from '../../../../functions/ingest/providers/exchange-time.ts';

test.each([
  // The clocks of New York go forward on 10 March 2024 and back on 3 November, London's three weeks later.
  ['America/New_York', '2024-03-08T21:00Z', '2024-03-08 16:00'],
  ['America/New_York', '2024-03-11T20:00Z', '2024-03-11 16:00'],
  ['America/New_York', '2024-11-01T20:00Z', '2024-11-01 16:00'],
  ['America/New_York', '2024-11-04T21:00Z', '2024-11-04 16:00'],
  ['Europe/London', '2024-03-29T16:30Z', '2024-03-29 16:30'],
  ['Europe/London', '2024-04-02T15:30Z', '2024-04-02 16:30'],
  ['Asia/Tokyo', '2024-03-04T00:00Z', '2024-03-04 09:00'],
  ['Asia/Tokyo', '2024-03-03T15:00Z', '2024-03-04 00:00'],
  ['Australia/Sydney', '2024-03-03T23:00Z', '2024-03-04 10:00'],
])('writes in %s the instant %s as %s', (timeZone, instant, time) => {
  expect(exchangeTime(timeZone)(Date.parse(instant))).toBe(time);
  expect(exchangeDay(timeZone)(Date.parse(instant))).toBe(time.slice(0, 10));
});

test('throws for an unknown time zone', () => {
  expect(() => exchangeTime('Nowhere/Here')).toThrow(RangeError);
});
