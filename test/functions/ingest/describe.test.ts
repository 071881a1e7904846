import { describe, expect, test } from 'vitest';
import { isTurnOf } from '../../../functions/ingest/describe.ts';

const DAY_MS = 86_400_000;
const daysFrom = (day: string, count: number) =>
  Array.from({ length: count }, (_, i) => new Date(Date.parse(day) + i * DAY_MS).toISOString().slice(0, 10));
const SYMBOLS = Array.from({ length: 500 }, (_, i) => `S${i}`);

describe('isTurnOf', () => {
  test.each(['2026-01-05', '2026-03-01', '2028-02-29'])('is true once in the four weeks from %s', (first) => {
    const days = daysFrom(first, 28);
    for (const symbol of ['AAPL', 'BRK-B', '^GSPC', 'A']) {
      expect(days.filter((day) => isTurnOf(symbol, day))).toHaveLength(1);
    }
  });

  test('is false on Saturdays and Sundays', () => {
    const weekend = daysFrom('2026-01-03', 2);
    expect(SYMBOLS.some((symbol) => weekend.some((day) => isTurnOf(symbol, day)))).toBe(false);
  });

  test('spreads instruments so that no day gets more than twice its share', () => {
    const counts = daysFrom('2026-01-05', 26)
      .map((day) => SYMBOLS.filter((symbol) => isTurnOf(symbol, day)).length)
      .filter((count) => count > 0);
    expect(counts).toHaveLength(20);
    expect(Math.max(...counts)).toBeLessThanOrEqual((2 * SYMBOLS.length) / 20);
  });
});
