import { describe, expect, test } from 'vitest';
import { type BarColumns, computeFeatures } from '../../../functions/features/compute.ts';
import type { FeatureName } from '../../../functions/features/definitions.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { FEATURE_NAMES, randomWalk, toColumns } from './series.ts';

/** Bars of one price, from 2024-01-01 on. */
function flat(count: number, price: number, volume: number): BarColumns {
  return toColumns(
    Array.from({ length: count }, (_, i) => ({
      ts: Date.UTC(2024, 0, 1 + i),
      o: price,
      h: price,
      l: price,
      c: price,
      v: volume,
    })),
  );
}

/** Two series, one after the other. */
function joined(a: BarColumns, b: BarColumns): BarColumns {
  const bars = { ...a };
  for (const name of ['o', 'h', 'l', 'c', 'v'] as const) bars[name] = [...a[name], ...b[name]];
  bars.ts = bars.c.map((_, i) => Date.UTC(2024, 0, 1 + i));
  return bars;
}

const lastOf = (bars: BarColumns) => {
  const { columns } = computeFeatures(bars, defined(bars.ts[0], 'start of a bar'));
  return Object.fromEntries(FEATURE_NAMES.map((name) => [name, columns[name].at(-1)])) as Record<
    FeatureName,
    number
  >;
};

/** Each feature's value in a market that never moved. */
const STILL: Partial<Record<FeatureName, number>> = {
  rsi_14: 100,
  bollinger_pct_b: 0.5,
  close_place_5: 0.5,
  close_place_20: 0.5,
  vol_ratio: 1,
};

// 13.37 and 100.1 are not exact in binary, so naive averages of them are off by a bit.
describe.each([
  [50, 1000],
  [13.37, 100.1],
])('a constant price of %d with a volume of %d', (price, volume) => {
  const features = lastOf(flat(300, price, volume));

  test.each(FEATURE_NAMES)('gives %s its documented value', (name) => {
    const still = name === 'illiquidity_20' ? Math.log(1e-12 / (price * volume)) : (STILL[name] ?? 0);
    expect(features[name]).toBeCloseTo(still, 12);
  });
});

test('puts a price that stopped moving 25 bars ago in the middle of its bands', () => {
  const features = lastOf(joined(randomWalk(270, 3), flat(25, 13.37, 100.1)));
  expect(features.bollinger_pct_b).toBe(0.5);
  expect(features.volume_zscore).toBe(0);
  expect(features.sma_ratio_20).toBe(0);
  expect(features.vol_20d).toBe(0);
  expect(features.vol_ratio).toBe(0);
});

test('computes every feature of a listing that did not move in its first weeks', () => {
  const features = lastOf(joined(flat(40, 10, 500), randomWalk(260, 3)));
  expect(FEATURE_NAMES.filter((name) => !Number.isFinite(features[name]))).toEqual([]);
});

test('leaves only illiquidity without a value if there is no volume', () => {
  const features = lastOf({ ...randomWalk(300, 3), v: Array.from({ length: 300 }, () => 0) });
  expect(FEATURE_NAMES.filter((name) => !Number.isFinite(features[name]))).toEqual(['illiquidity_20']);
  expect(features.volume_zscore).toBe(0);
});
