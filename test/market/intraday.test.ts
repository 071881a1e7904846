import { describe, expect, test } from 'vitest';
import { merge, QUARTER_MS, quarters, upTo } from './intraday.ts';
import { type Exchange, LONDON, NYSE, sessionOf, TOKYO } from './trading-hours.ts';

const bar = (day: string) => ({ day, o: 101.5, h: 107.25, l: 99.75, c: 103, v: 1_234_567 });
const of = (exchange: Exchange, day: string, seed = 7) => quarters(bar(day), sessionOf(exchange, day), seed);

describe('15-minute bars of a day', () => {
  test.each([
    ['a whole day in New York', NYSE, '2026-03-09', 26],
    ['an early close in New York', NYSE, '2026-11-27', 14],
    ['a whole day in London', LONDON, '2026-03-30', 34],
    ['an early close in London', LONDON, '2026-12-24', 18],
    ['a day with a pause in Tokyo', TOKYO, '2026-07-01', 22],
    ['a shorter day in Tokyo, before 2024', TOKYO, '2023-07-03', 20],
  ])('add up to the daily bar: %s', (_name, exchange, day, count) => {
    for (let seed = 0; seed < 50; seed++) {
      const bars = of(exchange, day, seed);
      expect(bars).toHaveLength(count);
      expect(merge(day, bars)).toEqual(bar(day));
      expect(bars.every(({ o, h, l, c, v }) => l <= Math.min(o, c) && h >= Math.max(o, c) && v >= 0)).toBe(
        true,
      );
      expect(bars.every(({ v }) => Number.isInteger(v))).toBe(true);
    }
  });

  test('start during trading, on the 15-minute grid', () => {
    const starts = of(TOKYO, '2026-07-01').map(({ ts }) => new Date(ts).toISOString().slice(11, 16));
    expect(starts.slice(8, 12)).toEqual(['02:00', '02:15', '03:30', '03:45']);
    expect(starts.at(-1)).toBe('06:15');
  });

  test('depend only on the seed and the day', () => {
    expect(of(NYSE, '2026-03-09')).toEqual(of(NYSE, '2026-03-09'));
    expect(of(NYSE, '2026-03-09', 8)).not.toEqual(of(NYSE, '2026-03-09'));
  });

  test('scale with a restated day', () => {
    const session = sessionOf(NYSE, '2026-03-09');
    const twice = { ...bar('2026-03-09'), o: 203, h: 214.5, l: 199.5, c: 206 };
    const [before, after] = [of(NYSE, '2026-03-09'), quarters(twice, session, 7)];
    expect(after.map(({ o }) => o)).toEqual(before.map(({ o }) => expect.closeTo(o * 2, 9)));
  });

  test('are flat for a day without a range or volume', () => {
    const flat = { day: '2026-03-09', o: 5, h: 5, l: 5, c: 5, v: 0 };
    expect(merge(flat.day, quarters(flat, sessionOf(NYSE, flat.day), 1))).toEqual(flat);
  });
});

describe('open day', () => {
  const bars = of(NYSE, '2026-03-09');
  const { start } = sessionOf(NYSE, '2026-03-09');

  test('has the bars that have ended and a part of the current one', () => {
    const begun = upTo(bars, start + 2.5 * QUARTER_MS);
    expect(begun).toHaveLength(3);
    expect(begun.slice(0, 2)).toEqual(bars.slice(0, 2));
    expect(begun[2]).toMatchObject({ ts: bars[2]?.ts, o: bars[2]?.o, v: Math.floor((bars[2]?.v ?? 0) / 2) });
  });

  test('has only whole bars on the grid, and none before the open', () => {
    expect(upTo(bars, start + 2 * QUARTER_MS)).toEqual(bars.slice(0, 2));
    expect(upTo(bars, start)).toEqual([]);
    expect(merge('2026-03-09', [])).toBeUndefined();
  });
});
