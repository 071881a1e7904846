import { describe, expect, test } from 'vitest';
import { examine } from '../../../../functions/ingest/quality/gate.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { closing, swinging } from './series-support.ts';

const BARS = closing(...swinging(40, 100, 0.01));
const PLACE = 20;

/** The gate's result for daily bars. */
const gate = (bars: readonly RawBar[]) =>
  examine({
    symbol: 'VOD.L',
    interval: 'daily',
    from: '2025-01-06',
    asOf: '2025-12-31',
    fetchedAt: Date.parse('2025-12-31T23:00:00Z'),
    bars,
    actions: [],
  });
/** The bars with other values in one of them: by the place of each value in a raw bar. */
const withValues = (values: Partial<Record<0 | 1 | 2 | 3 | 4 | 5, number>>, place = PLACE) =>
  BARS.map((bar, i): RawBar => {
    if (i !== place) return bar;
    const copy: RawBar = [...bar];
    for (const [field, value] of Object.entries(values)) copy[Number(field) as 0] = value;
    return copy;
  });
const [TS, , HIGH, LOW, CLOSE] = defined(BARS[PLACE], 'the bar');

describe('one bad bar is quarantined, and the other bars are used', () => {
  test.each<[string, Parameters<typeof withValues>[0], string]>([
    ['open, high and low of 0', { 1: 0, 2: 0, 3: 0 }, 'ohlc_zero'],
    ['all prices 0', { 1: 0, 2: 0, 3: 0, 4: 0 }, 'ohlc_zero'],
    ['a low of 0', { 3: 0 }, 'non_positive'],
    ['a negative close', { 4: -1 }, 'non_positive'],
    ['no close', { 4: Number.NaN }, 'missing_price'],
    ['no open', { 1: Number.NaN }, 'missing_price'],
    ['an infinite high', { 2: Number.POSITIVE_INFINITY }, 'missing_price'],
    ['no price at all', { 1: Number.NaN, 2: Number.NaN, 3: Number.NaN, 4: Number.NaN }, 'no_adjusted_close'],
    [
      'infinite prices',
      {
        1: Number.POSITIVE_INFINITY,
        2: Number.POSITIVE_INFINITY,
        3: Number.POSITIVE_INFINITY,
        4: Number.POSITIVE_INFINITY,
      },
      'no_adjusted_close',
    ],
    ['a negative volume', { 5: -1 }, 'negative_volume'],
    ['no volume', { 5: Number.NaN }, 'missing_volume'],
    ['an infinite volume', { 5: Number.POSITIVE_INFINITY }, 'missing_volume'],
    ['an open 10 times too large', { 1: 1000 }, 'slipped_decimal'],
    ['an open 10 times too large, and the high with it', { 1: 1000, 2: 1000 }, 'wick'],
    ['a high 10 times too large', { 2: HIGH * 10 }, 'slipped_decimal'],
    ['a high 100 times too small', { 2: HIGH / 100 }, 'slipped_decimal'],
    ['a low 10 times too small', { 3: LOW / 10 }, 'slipped_decimal'],
    ['a low 1000 times too large', { 3: LOW * 1000 }, 'slipped_decimal'],
    ['a close 100 times too large', { 4: CLOSE * 100 }, 'slipped_decimal'],
    ['a close 1000 times too small', { 4: CLOSE / 1000 }, 'slipped_decimal'],
    ['a close a fifth above the high', { 4: HIGH * 1.2 }, 'ohlc_order'],
    ['a high below the low', { 2: LOW, 3: HIGH }, 'ohlc_order'],
  ])('%s', (_, values, reason) => {
    const { bars, suspects, notes, ...rest } = gate(withValues(values));
    expect(rest).toEqual({});
    expect(suspects.map(({ bar, reason: why }) => [bar[0], why])).toEqual([[TS, reason]]);
    expect(suspects[0]?.message).toContain(toDay(TS));
    expect(bars).toEqual(BARS.filter((_bar, i) => i !== PLACE));
    expect(notes).toEqual([]);
  });

  test('two different rows of one day', () => {
    const other: RawBar = [TS, CLOSE, HIGH * 1.001, LOW, CLOSE, 5];
    const { bars, suspects, fault } = gate([...BARS.slice(0, PLACE + 1), other, ...BARS.slice(PLACE + 1)]);
    expect(fault).toBeUndefined();
    expect(suspects.map(({ reason }) => reason)).toEqual(['two_rows']);
    expect(bars).toEqual(BARS.filter((_bar, i) => i !== PLACE));
  });
});

test('accepts a wide range, a flat bar, and a bar that opens at its low and closes at its high', () => {
  for (const values of [
    { 2: CLOSE * 2.99, 3: CLOSE * 0.34 },
    { 1: 100, 2: 100, 3: 100, 4: 100, 5: 0 },
    { 1: LOW, 4: HIGH },
  ]) {
    const bars = withValues(values);
    const { bars: kept, suspects } = gate(bars);
    expect(kept).toBe(bars);
    expect(suspects).toEqual([]);
  }
});

test('two equal rows of one day are one bar', () => {
  const { bars, suspects, notes } = gate([
    ...BARS.slice(0, PLACE + 1),
    defined(BARS[PLACE], 'the bar'),
    ...BARS.slice(PLACE + 1),
  ]);
  expect(bars).toEqual(BARS);
  expect(suspects).toEqual([]);
  expect(notes.map(({ reason }) => reason)).toEqual(['repeated_row']);
});

describe('an open or close slightly outside the range widens it', () => {
  test.each<[string, Parameters<typeof withValues>[0], [high: number, low: number]]>([
    ['a close above the high', { 4: HIGH * 1.003 }, [HIGH * 1.003, LOW]],
    ['an open below the low', { 1: LOW * 0.99 }, [HIGH, LOW * 0.99]],
    ['both', { 1: LOW * 0.95, 4: HIGH * 1.05 }, [HIGH * 1.05, LOW * 0.95]],
  ])('%s', (_, values, [high, low]) => {
    const { bars, suspects, notes } = gate(withValues(values));
    expect(suspects).toEqual([]);
    expect(bars).toEqual(withValues({ ...values, 2: high, 3: low }));
    expect(notes.map(({ reason }) => reason)).toEqual(['widened']);
  });

  test('and the note counts the bars and names the largest excess', () => {
    const twice = withValues({ 4: HIGH * 1.003 }).map((bar, i): RawBar => {
      return i === 30 ? [bar[0], bar[1], bar[2], bar[3], bar[2] * 1.01, bar[5]] : bar;
    });
    expect(gate(twice).notes).toEqual([
      {
        reason: 'widened',
        message: expect.stringMatching(
          /^2 bars open or close up to 1\.0% outside .* the first on 2025-02-03/,
        ),
      },
    ]);
  });
});

describe('the last bar', () => {
  test('withholds the call while it is bad', () => {
    const { bars, doubt } = gate(withValues({ 4: Number.NaN }, 39));
    expect(bars).toHaveLength(39);
    expect(doubt?.reason).toBe('missing_price');
  });
});

test('rejects a series of which most bars are bad', () => {
  const bars = BARS.map((bar, i): RawBar => (i % 5 < 3 ? [bar[0], 0, 0, 0, bar[4], bar[5]] : bar));
  expect(gate(bars)).toEqual({
    fault: { reason: 'bad_bars', message: expect.stringContaining('24 of 40 bars are bad') },
    bars: [],
    suspects: [],
    notes: [],
  });
});
