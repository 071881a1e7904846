import { expect, test } from 'vitest';
import { groupFigures, verdictOf } from '../../../../functions/api/recommendations/group-figures.ts';
import { groupSums } from '../../../../functions/api/recommendations/group-sums.ts';
import { seriesOf, stepOf } from '../../../../functions/api/recommendations/series.ts';
import type { DayCounts } from '../../../../functions/api/recommendations/track-record-days.ts';
import { Resamples } from '../../../../functions/evaluate/resamples.ts';
import type { Label } from '../../../../functions/shared/constants.ts';
import { afterCosts } from '../../../../functions/shared/trading-costs.ts';

const BLOCK = 2;

/** Ten calls on each of some days, of which each returns the same percent; the average stock returns 1%. */
function counts(label: Label, pct: number, days = 8): DayCounts {
  const all = <T>(value: T) => new Array<T>(days).fill(value);
  return {
    version: 'v1.0.0',
    trained_at: new Date(0),
    data_to: null,
    horizon_days: BLOCK,
    profile: 'moderate',
    label,
    days: [...all(0).keys()].reverse(),
    scored: all(10),
    above_market: all(6),
    below_market: all(4),
    return_sum: all(10 * pct),
    market: all(1),
    benchmark: [null, ...all(3).slice(1)],
    stocks: all(100),
    stocks_above: all(50),
    stocks_below: all(45),
    momentum_stocks: all(10),
    momentum_sum: all(15),
    open_scored: [0, ...all(10).slice(1)],
    open_return_sum: [0, ...all(10 * pct).slice(1)],
    open_market: [null, ...all(0.5).slice(1)],
    open_benchmark: all(null),
    open_momentum_stocks: all(10),
    open_momentum_sum: all(20),
    hits_known: all(10),
    stops: `{${all('{3,1}').join()}}`,
    targets: `{${all('{0,5}').join()}}`,
  };
}

function figures(label: Label, pct: number, days = 8) {
  const order = [...new Array(days).keys()];
  const sums = groupSums({ profile: 'moderate', label }, [counts(label, pct, days)], order);
  return groupFigures(sums, new Resamples(days, BLOCK), BLOCK);
}

/** An estimate without any spread. */
const exactly = (value: number) => ({
  value: expect.closeTo(value, 9),
  low: expect.closeTo(value, 9),
  high: expect.closeTo(value, 9),
});
const NONE = { value: null, low: null, high: null };

test('compares calls with the average stock, the benchmark and a momentum list', () => {
  expect(figures('BUY', 2)).toMatchObject({
    calls: 80,
    days: 8,
    hitRate: exactly(0.6),
    baseRate: exactly(0.5),
    hitRateLessBase: exactly(0.1),
    close: {
      calls: 80,
      beforeCosts: { returnPct: exactly(2), lessAveragePct: exactly(1), lessBenchmarkPct: exactly(-1) },
      afterCosts: {
        returnPct: exactly(afterCosts('BUY', 2)),
        lessAveragePct: exactly(afterCosts('BUY', 2) - 1),
        lessBenchmarkPct: exactly(afterCosts('BUY', 2) - 3),
      },
      momentumLessAveragePct: exactly(0.5),
      verdict: 'better',
    },
    open: {
      calls: 70,
      beforeCosts: { returnPct: exactly(2), lessAveragePct: exactly(1.5), lessBenchmarkPct: NONE },
      verdict: 'better',
    },
    exits: {
      calls: 80,
      stopRate: exactly(0.4),
      targetRate: exactly(0.5),
      medianSessionsToStop: exactly(1),
      medianSessionsToTarget: exactly(2),
    },
  });
});

test('judges SELL by how much less its stocks return, which costs make harder', () => {
  const { hitRate, baseRate, close } = figures('SELL', 0);
  expect({ hitRate, baseRate }).toEqual({ hitRate: exactly(0.4), baseRate: exactly(0.45) });
  expect(close.afterCosts.lessAveragePct).toEqual(exactly(afterCosts('SELL', 0) - 1));
  expect(close.verdict).toBe('better');
  expect(figures('SELL', 2).close.verdict).toBe('worse');
  // Less than the average before costs, and more after them.
  expect(figures('SELL', 0.9).close).toMatchObject({ verdict: 'worse' });
  expect(figures('BUY', 1.1).close).toMatchObject({ verdict: 'worse' });
});

test('HOLD has returns, and neither a hit rate nor a verdict', () => {
  expect(figures('HOLD', 2)).toMatchObject({
    hitRate: NONE,
    baseRate: NONE,
    hitRateLessBase: NONE,
    close: {
      beforeCosts: { returnPct: exactly(2) },
      afterCosts: { returnPct: exactly(2) },
      momentumLessAveragePct: NONE,
      verdict: null,
    },
  });
});

test('has no interval before two blocks of days', () => {
  const { close, exits } = figures('BUY', 2, 2 * BLOCK - 1);
  expect(close.beforeCosts.lessAveragePct).toEqual({ value: expect.closeTo(1, 9), low: null, high: null });
  expect(exits.medianSessionsToStop).toEqual({ value: 1, low: null, high: null });
  expect(close.verdict).toBe('tooEarly');
  expect(figures('BUY', 2, 2 * BLOCK).close.verdict).toBe('better');
});

test.each([
  ['BUY', 0.1, 0.2, 'better'],
  ['BUY', -0.1, 0.2, 'tooEarly'],
  ['BUY', 0, 0.2, 'tooEarly'],
  ['BUY', -0.2, -0.1, 'worse'],
  ['SELL', -0.2, -0.1, 'better'],
  ['SELL', 0.1, 0.2, 'worse'],
  ['SELL', null, null, 'tooEarly'],
  ['HOLD', 0.1, 0.2, null],
] as const)('%s with an interval from %s to %s is %s', (label, low, high, verdict) => {
  expect(verdictOf(label, { value: 0, low, high })).toBe(verdict);
});

test('a chart of more than a year has weeks that begin on Monday, and of more than ten years months', () => {
  const monday = Date.parse('2026-01-05') / 86_400_000;
  const at = (days: number) => Array.from({ length: days }, (_, i) => monday + i);
  expect([stepOf(at(366)), stepOf(at(400)), stepOf(at(3700)), stepOf([])]).toEqual([
    'day',
    'week',
    'month',
    'day',
  ]);
  const points = (days: number) => {
    const order = at(days);
    const of = { ...counts('BUY', 2, days), days: order };
    return seriesOf(groupSums({ profile: 'moderate', label: 'BUY' }, [of], order), order, BLOCK).points;
  };
  expect(
    points(400)
      .slice(0, 3)
      .map(({ day, calls }) => [day, calls]),
  ).toEqual([
    ['2026-01-05', 70],
    ['2026-01-12', 70],
    ['2026-01-19', 70],
  ]);
  expect(
    points(3700)
      .slice(0, 3)
      .map(({ day }) => day),
  ).toEqual(['2026-01-05', '2026-02-01', '2026-03-01']);
  expect(points(3660).length).toBeLessThan(530);
});
