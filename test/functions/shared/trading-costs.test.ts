import { describe, expect, test } from 'vitest';
import { afterCosts } from '../../../functions/shared/trading-costs.ts';

describe('afterCosts', () => {
  test('subtracts a cost of 0.1% for each of the two trades of a BUY', () => {
    // 1000 buy 1000 / 100.1 shares at 100 plus 0.1%, which sell at 110 less 0.1%.
    expect(afterCosts('BUY', 10)).toBeCloseTo(((1000 / 100.1) * 110 * 0.999) / 10 - 100, 10);
  });

  test('adds the costs of selling and buying back to the return that a SELL avoids', () => {
    // 10 shares sell at 100 less 0.1%, and are bought back at 90 plus 0.1%.
    expect(afterCosts('SELL', -10)).toBeCloseTo((900 * 1.001) / (10 * 0.999) - 100, 10);
  });

  test('leaves a HOLD unchanged, because nobody trades', () => {
    expect(afterCosts('HOLD', 7)).toBe(7);
  });

  test('loses the costs if the price does not move', () => {
    expect(afterCosts('BUY', 0)).toBeCloseTo(-0.1998, 4);
    expect(afterCosts('SELL', 0)).toBeCloseTo(0.2002, 4);
  });
});
