import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { addDays, LONDON_CALENDAR, NEW_YORK_CALENDAR, TOKYO_CALENDAR, weekday } from './calendar.ts';

test("has New York's holidays on the days without bars in thirteen years of real bars", () => {
  const text = gunzipSync(readFileSync('local/sample/stocks.csv.gz')).toString();
  const traded = new Set(text.split('\n').map((line) => line.split(',')[1]));
  for (let day = '2000-03-01'; day <= '2013-03-01'; day = addDays(day, 1)) {
    const isOpen = weekday(day) % 6 !== 0 && !NEW_YORK_CALENDAR.isHoliday(day);
    expect(isOpen, day).toBe(traded.has(day));
  }
});

test('closes New York early around Independence Day, Thanksgiving and Christmas', () => {
  const early = ['2024-07-03', '2024-11-29', '2024-12-24', '2025-07-03', '2026-11-27', '2026-12-24'];
  expect(early.map((day) => NEW_YORK_CALENDAR.earlyClose(day))).toEqual(early.map(() => '13:00'));
  // The 3rd is a holiday in 2026, and the 24th in 2021.
  const usual = ['2026-07-03', '2026-07-02', '2021-12-24', '2024-11-28', '2024-07-05'];
  expect(usual.map((day) => NEW_YORK_CALENDAR.earlyClose(day))).toEqual(usual.map(() => undefined));
});

test('has the holidays of London and Tokyo, including moved ones', () => {
  const london = ['2022-01-03', '2022-04-15', '2022-04-18', '2022-06-02', '2022-09-19', '2022-12-27'];
  expect(london.filter((day) => !LONDON_CALENDAR.isHoliday(day))).toEqual([]);
  expect(LONDON_CALENDAR.isHoliday('2022-05-30')).toBe(false);
  expect(LONDON_CALENDAR.earlyClose('2022-12-23')).toBe('12:30');
  expect(LONDON_CALENDAR.earlyClose('2025-12-31')).toBe('12:30');
  expect(LONDON_CALENDAR.earlyClose('2022-12-22')).toBeUndefined();
  // An equinox, a Sunday with a substitute on Wednesday, a day between two holidays, and the Olympic year.
  const tokyo = ['2026-03-20', '2026-05-06', '2026-09-22', '2026-12-31', '2027-01-01', '2021-07-22'];
  expect(tokyo.filter((day) => !TOKYO_CALENDAR.isHoliday(day))).toEqual([]);
  expect(TOKYO_CALENDAR.isHoliday('2021-07-19')).toBe(false);
  expect(TOKYO_CALENDAR.earlyClose('2026-12-30')).toBeUndefined();
});
