import { ADX, ATR, MACD, RSI, WEMA } from 'technicalindicators';
import { describe, expect, test } from 'vitest';
import type { BarColumns } from '../../../functions/features/compute.ts';
import {
  averageDirectionalIndex,
  averageTrueRange,
  macdHistogram,
  relativeStrengthIndex,
  wilderAverage,
} from '../../../functions/features/smoothed.ts';
import { randomWalk, realBars, toColumns } from './series.ts';

/** An indicator's shorter output, at the end of as many rows as there are bars. */
function aligned(count: number, values: readonly number[]): number[] {
  return [...new Array(Math.max(0, count - values.length)).fill(Number.NaN), ...values];
}

const SERIES: [string, BarColumns][] = [
  ['AAPL', toColumns(await realBars('AAPL'))],
  ['IBM', toColumns(await realBars('IBM'))],
  ...[1, 5, 13, 14, 15, 26, 35, 200].map((count): [string, BarColumns] => [
    `${count} random bars`,
    randomWalk(count, count),
  ]),
];

describe.each(SERIES)('%s', (_name, { h, l, c }) => {
  const [high, low, close] = [h, l, c].map((values) => Float64Array.from(values)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const n = c.length;

  test('gives the bits of technicalindicators for RSI, ATR and MACD', () => {
    const settings = {
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
    };
    const macd = MACD.calculate({ values: c, ...settings }).map(({ histogram = Number.NaN }) => histogram);
    expect([...relativeStrengthIndex(close, 14)]).toEqual(
      aligned(n, RSI.calculate({ period: 14, values: c })),
    );
    expect([...averageTrueRange(high, low, close, 14)]).toEqual(
      aligned(n, ATR.calculate({ period: 14, high: h, low: l, close: c })),
    );
    expect([...macdHistogram(close, { fast: 12, slow: 26, signal: 9 })]).toEqual(aligned(n, macd));
    expect([...wilderAverage(close, 0, 14)]).toEqual(aligned(n, WEMA.calculate({ period: 14, values: c })));
  });

  test('gives the ADX of technicalindicators, which divides by the true range first', () => {
    const theirs = aligned(
      n,
      ADX.calculate({ period: 14, high: h, low: l, close: c }).map(({ adx }) => adx),
    );
    const ours = averageDirectionalIndex(high, low, 14);
    for (const [i, value] of theirs.entries())
      if (Number.isNaN(value)) expect(ours[i]).toBeNaN();
      else expect(ours[i]).toBeCloseTo(value, 9);
  });
});

test('rounds the RSI as toFixed does', () => {
  for (let i = 1; i < 20_000; i++) {
    // One fall of 1, then a rise: the RSI is any value between 50 and 100, ties between hundredths among them.
    const close = Float64Array.of(100, 99, 99 + i / 799);
    const exact = 100 - 100 / (1 + i / 799);
    const [, , rsi] = relativeStrengthIndex(close, 2);
    expect(Math.abs((rsi ?? 0) - exact)).toBeLessThanOrEqual(0.00501);
    expect(String(rsi)).toMatch(/^\d+(\.\d{1,2})?$/);
  }
});
