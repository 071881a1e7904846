import { beforeAll, describe, expect, test } from 'vitest';
import {
  type BarColumns,
  blockStart,
  computeFeatures,
  type FeatureColumns,
} from '../../../functions/features/compute.ts';
import { WARM_UP_BARS } from '../../../functions/features/definitions.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { barsBetween, firstDifference, realBars, rowsBetween, toColumns } from './series.ts';

describe.each(['AAPL', 'FB', 'GOOG'])('%s', (symbol) => {
  let bars: BarColumns;
  let full: FeatureColumns;
  beforeAll(async () => {
    bars = toColumns(await realBars(symbol));
    full = computeFeatures(bars, defined(bars.ts[0], 'start of a bar'));
  });
  /** Indices spread over the series, including its ends and year boundaries. */
  const spread = () => {
    const boundaries = bars.ts.flatMap((ts, i) =>
      i > 0 && blockStart(ts) > defined(bars.ts[i - 1], 'start of a bar') ? [i - 1, i] : [],
    );
    const steps = [0.05, 0.3, 0.5, 0.75, 0.9].map((share) => Math.floor(share * bars.ts.length));
    return [0, ...boundaries.slice(-8), ...steps, bars.ts.length - 1];
  };

  test('computes identical features up to t without the bars after t', () => {
    for (const t of spread()) {
      const known = barsBetween(bars, 0, t + 1);
      const computed = computeFeatures(known, defined(known.ts[0], 'start of a bar'));
      expect(firstDifference(computed, rowsBetween(full, 0, t + 1)), `up to bar ${t}`).toBeUndefined();
    }
  });

  test('computes identical features from any bar on, with only the warm-up before its year', () => {
    for (const t of spread()) {
      const block = blockStart(defined(bars.ts[t], 'start of a bar'));
      const first = bars.ts.findIndex((ts) => ts >= block);
      const given = barsBetween(bars, Math.max(0, first - WARM_UP_BARS));
      const computed = computeFeatures(given, defined(bars.ts[t], 'start of a bar'));
      expect(firstDifference(computed, rowsBetween(full, t)), `from bar ${t}`).toBeUndefined();
    }
  });
});

test('changes no feature before a changed bar', async () => {
  const bars = toColumns(await realBars('MSFT', '2008-01-01', '2012-12-31'));
  const before = computeFeatures(bars, defined(bars.ts[0], 'start of a bar'));
  const t = 700;
  const changed = { ...bars, c: bars.c.with(t, ((bars.h[t] ?? 0) + (bars.l[t] ?? 0)) / 2) };
  const after = computeFeatures(changed, defined(bars.ts[0], 'start of a bar'));
  expect(firstDifference(rowsBetween(after, 0, t), rowsBetween(before, 0, t))).toBeUndefined();
  expect(firstDifference(rowsBetween(after, t, t + 1), rowsBetween(before, t, t + 1))).toBeDefined();
});
