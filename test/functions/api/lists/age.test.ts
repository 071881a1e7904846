import { expect, test } from 'vitest';
import { ageInDays, dayOf, daysBefore, yearBefore } from '../../../../functions/api/lists/age.ts';

test.each([
  ['2026-03-02T00:00:00Z', '2026-03-02T23:59:59Z', 0],
  ['2026-03-01T23:59:59Z', '2026-03-02T00:00:00Z', 1],
  ['2026-02-27T00:00:00Z', '2026-03-02T08:00:00Z', 3],
  ['2024-02-28T00:00:00Z', '2024-03-01T00:00:00Z', 2],
])('counts the calendar days from %s to %s: %i', (from, to, days) => {
  expect(ageInDays(new Date(from), new Date(to))).toBe(days);
});

test('daysBefore agrees with ageInDays', () => {
  const at = new Date('2026-03-02T08:00:00Z');
  expect(dayOf(daysBefore(at, 7))).toBe('2026-02-23');
  expect(ageInDays(daysBefore(at, 7), at)).toBe(7);
});

test.each([
  ['2026-03-02', '2025-03-02'],
  ['2024-02-29', '2023-02-28'],
  ['2025-02-28', '2024-02-28'],
  ['1900-01-01', '1899-01-01'],
])('returns the day one year before %s: %s', (day, before) => {
  expect(yearBefore(day)).toBe(before);
});
