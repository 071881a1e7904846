import { describe, expect, test } from 'vitest';
import { findDividendDoubts } from '../../../../functions/ingest/quality/dividends.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { closing, swinging } from './series-support.ts';

const CLOSES = swinging(40, 100, 0.002);

/** A series with dividends of some shares of the price at some places, of which those in `applied` are taken off. */
function doubtsOf(told: Record<number, number>, applied = told): string[] {
  const plain = closing(...CLOSES);
  const factors = plain.map((_, i) =>
    Object.entries(applied).reduce(
      (product, [at, share]) => (i < Number(at) ? product * (1 - share) : product),
      1,
    ),
  );
  const bars = plain.map(([ts, o, h, l, c, v], i): RawBar => {
    const factor = defined(factors[i], 'factor');
    return [ts, o * factor, h * factor, l * factor, c * factor, v];
  });
  const actions = Object.entries(told).map(([at, share]) => ({
    kind: 'dividend' as const,
    exDay: toDay(defined(plain[Number(at)], 'bar of the ex day')[0]),
    value: share * defined(CLOSES[Number(at) - 1], 'close before it'),
  }));
  const adjustments = bars.map(([ts], i): [number, number] => [ts, defined(factors[i], 'factor')]);
  return findDividendDoubts(bars, actions, adjustments).map(({ reason }) => reason);
}

describe('two dividends within a few days', () => {
  test.each([1, 2, 3, 4, 5, 8])('are each compared with their own step, %i sessions apart', (apart) => {
    expect(doubtsOf({ 20: 0.01, [20 + apart]: 0.0055 })).toEqual([]);
    expect(doubtsOf({ 20: 0.004, [20 + apart]: 0.03 })).toEqual([]);
  });

  test('are both doubted if neither is taken off, and one if only the other is', () => {
    expect(doubtsOf({ 20: 0.01, 23: 0.02 }, {})).toEqual(['dividend_misapplied', 'dividend_misapplied']);
    expect(doubtsOf({ 20: 0.01, 25: 0.02 }, { 20: 0.01 })).toEqual(['dividend_misapplied']);
  });
});
