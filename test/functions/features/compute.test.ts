import { describe, expect, test } from 'vitest';
import { type BarColumns, blockStart, computeFeatures } from '../../../functions/features/compute.ts';
import type { FeatureName } from '../../../functions/features/definitions.ts';
import { LEAST_HISTORY_BARS } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { naiveFeatures } from './naive.ts';
import { barsOfCloses, FEATURE_NAMES, randomWalk } from './series.ts';

const compute = (bars: BarColumns) => computeFeatures(bars, defined(bars.ts[0], 'start of a bar')).columns;
const last = (bars: BarColumns, name: FeatureName) => compute(bars)[name].at(-1);

/** Closes that start at 100 and move by the given steps. */
function walk(steps: number[]): number[] {
  const closes = [100];
  for (const step of steps) closes.push((closes.at(-1) ?? 0) + step);
  return closes;
}
const repeat = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('computeFeatures on numbers computed by hand', () => {
  test('computes returns over 1, 5 and 20 bars', () => {
    const closes = [...repeat(15, 100), 80, 100, 100, 100, 100, 110];
    expect(last(barsOfCloses(closes), 'ret_1d')).toBeCloseTo(0.1, 12);
    expect(last(barsOfCloses(closes), 'ret_5d')).toBeCloseTo(0.375, 12);
    expect(last(barsOfCloses(closes), 'ret_20d')).toBeCloseTo(0.1, 12);
    expect(last(barsOfCloses(closes), 'max_ret_20d')).toBeCloseTo(0.25, 12);
  });

  test('computes an RSI of 100 * 10 / 14 from 10 gains and 4 losses of 1', () => {
    const closes = walk([1, 1, -1, 1, 1, 1, -1, 1, 1, -1, 1, 1, 1, -1]);
    expect(last(barsOfCloses(closes), 'rsi_14')).toBeCloseTo(71.43, 2);
  });

  test('smooths the next loss of the RSI by a fourteenth, as Wilder does', () => {
    const closes = walk([1, 1, -1, 1, 1, 1, -1, 1, 1, -1, 1, 1, 1, -1, -1]);
    const gain = ((10 / 14) * 13) / 14;
    const loss = ((4 / 14) * 13 + 1) / 14;
    expect(last(barsOfCloses(closes), 'rsi_14')).toBeCloseTo((100 * gain) / (gain + loss), 2);
  });

  test('computes an ATR of 2 from ranges of 2, and of 3 after a range of 16', () => {
    expect(last(barsOfCloses(repeat(15, 100)), 'atr_14')).toBe(2);
    expect(last(barsOfCloses([...repeat(15, 100), 114]), 'atr_14')).toBeCloseTo(3, 12);
    expect(last(barsOfCloses([...repeat(15, 100), 114]), 'momentum_5d')).toBeCloseTo(14 / 3, 12);
    expect(last(barsOfCloses([...repeat(15, 100), 114]), 'atr_pct')).toBeCloseTo(3 / 114, 12);
  });

  test('computes an ADX of 100 for an uninterrupted rise', () => {
    expect(last(barsOfCloses(walk(repeat(30, 1))), 'adx_14')).toBeCloseTo(100, 9);
  });

  test('places a close of 120 after 19 closes of 100 in its Bollinger bands', () => {
    const bars = barsOfCloses([...repeat(19, 100), 120]);
    const width = 2 * Math.sqrt((19 * 1 + 19 ** 2) / 20);
    expect(last(bars, 'sma_ratio_20')).toBeCloseTo(120 / 101 - 1, 12);
    expect(last(bars, 'bollinger_pct_b')).toBeCloseTo((19 + width) / (2 * width), 12);
  });

  test('computes a z-score of 19 / sqrt(20) for a volume of 120 after 19 of 100', () => {
    const bars = { ...barsOfCloses(repeat(20, 50)), v: [...repeat(19, 100), 120] };
    expect(last(bars, 'volume_zscore')).toBeCloseTo(19 / Math.sqrt(20), 12);
  });

  test('leaves bars without volume out of the illiquidity', () => {
    const closes = walk([...repeat(19, 0), 10]);
    const bars = { ...barsOfCloses(closes), v: [...repeat(16, 0), ...repeat(5, 1000)] };
    expect(last(bars, 'illiquidity_20')).toBeCloseTo(Math.log(0.1 / (110 * 1000) / 5), 9);
  });
});

/** Index of the first bar with the feature, which is the feature's look-back in bars. */
const FIRST_INDEX: Record<FeatureName, number> = {
  ret_1d: 1,
  ret_5d: 5,
  ret_20d: 20,
  rsi_14: 14,
  momentum_5d: 14,
  vol_20d: 20,
  atr_14: 14,
  volume_zscore: 19,
  ret_60d: 60,
  ret_120d: 120,
  ret_252d: 252,
  mom_12_1: 252,
  dist_high_252: 251,
  dist_low_252: 251,
  sma_ratio_20: 19,
  sma_ratio_50: 49,
  sma_ratio_200: 199,
  macd_hist: 33,
  bollinger_pct_b: 19,
  adx_14: 27,
  vol_60d: 60,
  vol_ratio: 60,
  atr_pct: 14,
  illiquidity_20: 20,
  max_ret_20d: 20,
  mom_12_7: 252,
  season_12: 252,
  up_share_231: 252,
  intraday_231: 251,
  overnight_231: 252,
  intraday_20: 19,
  close_place_5: 4,
  close_place_20: 19,
  volume_ratio_5_60: 59,
};

describe('computeFeatures on a random walk', () => {
  const bars = randomWalk(300, 11);
  const computed = compute(bars);
  const expected = naiveFeatures(bars);

  test.each(FEATURE_NAMES)('computes %s as defined, and NaN exactly if the history is too short', (name) => {
    for (const [t, value] of computed[name].entries()) {
      if (t < FIRST_INDEX[name]) {
        expect(value, `bar ${t}`).toBeNaN();
        continue;
      }
      // The RSI is rounded to hundredths.
      const tolerance = name === 'rsi_14' ? 0.005001 : 1e-9 * Math.max(1, Math.abs(expected[name][t] ?? 0));
      expect(Math.abs(value - (expected[name][t] ?? Number.NaN)), `bar ${t}`).toBeLessThanOrEqual(tolerance);
    }
  });

  test.each([5, 40, 100])('computes no feature whose look-back exceeds a history of %i bars', (count) => {
    const short = compute(randomWalk(count, 11));
    for (const name of FEATURE_NAMES) {
      const present = [...short[name]].map((value) => !Number.isNaN(value));
      expect(present, name).toEqual(Array.from({ length: count }, (_, t) => t >= FIRST_INDEX[name]));
    }
  });
});

test('computes every feature from LEAST_HISTORY_BARS bars, but not from one fewer', () => {
  const missing = (count: number) =>
    FEATURE_NAMES.filter((name) => Number.isNaN(last(randomWalk(count, 5), name)));
  expect(missing(LEAST_HISTORY_BARS)).toEqual([]);
  expect(missing(LEAST_HISTORY_BARS - 1)).toEqual(
    FEATURE_NAMES.filter((name) => FIRST_INDEX[name] === LEAST_HISTORY_BARS - 1),
  );
});

test('starts a block at the calendar year in UTC', () => {
  expect(blockStart(Date.UTC(2012, 0, 1))).toBe(Date.UTC(2012, 0, 1));
  expect(blockStart(Date.UTC(2012, 11, 31, 23, 59, 59, 999))).toBe(Date.UTC(2012, 0, 1));
});

test('returns no rows without bars at or after the start', () => {
  expect(computeFeatures(barsOfCloses([]), 0).ts).toEqual([]);
  expect(computeFeatures(barsOfCloses([1, 2, 3]), Date.UTC(2025, 0, 1)).ts).toEqual([]);
});
