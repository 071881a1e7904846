import { describe, expect, test } from 'vitest';
import { justify, type Reasons } from '../../../functions/infer/justification.ts';

const REASONS: Reasons = {
  call: { label: 'BUY', confidence: 0.44, stopLoss: 92, takeProfit: 112 },
  outlook: {
    probabilities: [0.2, 0.36, 0.44],
    baseRates: [0.3, 0.4, 0.31],
    place: 0.03,
    expectedExcessPct: 1.28,
    volatility: 0.28,
    close: 100,
    atr: 4,
  },
  horizonDays: 20,
  currency: 'USD',
  features: { ret_20d: 0.081, vol_20d: 0.28, rsi_14: 61.4, illiquidity_20_rank: 0.1, ret_1d: -0.004 },
  contributions: {
    ret_1d: -0.0001,
    vol_20d: -0.0035,
    ret_20d: 0.0121,
    rsi_14: 0,
    illiquidity_20_rank: 0.0042,
  },
};

describe('justify', () => {
  test('writes both chances, the estimate, the three strongest inputs with their points, and the risk', () => {
    expect(justify(REASONS)).toBe(
      'A 64 in 100 chance of clearly beating or lagging the average stock over 20 trading days (60 in 100 for any ' +
        'stock), and in that case 69 in 100 of beating it. ' +
        "Its estimated return is 1.28 points above the average stock's. " +
        'Its price rose 8.1% over the last month (+1.210 points). ' +
        'It is easier to trade than 90% of stocks (+0.420 points). ' +
        'Its price would move by 28% in a usual year at the pace of the last month (-0.350 points). ' +
        'A usual year moves its price by about 28%. The stop at 92.00 USD is 8.0% below the close.',
    );
  });

  test('states a return below the average, and the stop of a SELL above the close', () => {
    const call = { label: 'SELL', confidence: 0.41, stopLoss: 110.5, takeProfit: 88 } as const;
    const outlook = { ...REASONS.outlook, expectedExcessPct: -0.306 };
    const text = justify({ ...REASONS, call, outlook });
    expect(text).toContain(" Its estimated return is 0.31 points below the average stock's. ");
    expect(text).toMatch(/ The stop at 110\.50 USD is 10\.5% above the close\.$/);
  });

  test("adds the profile's objection", () => {
    const heldBack = 'Not a BUY: it is among the best 7% of stocks, and this profile takes the best 5%';
    expect(justify({ ...REASONS, call: { ...REASONS.call, label: 'HOLD', heldBack } })).toContain(
      ` points). ${heldBack}. A usual year `,
    );
  });

  test.each([
    [0.08, 'An 8 in'],
    [0.11, 'An 11 in'],
    [0.181, 'An 18 in'],
    [0.85, 'An 85 in'],
    [0.1, 'A 10 in'],
    [0.78, 'A 78 in'],
    [1, 'A 100 in'],
  ])('puts the right article before a chance of %d', (large, start) => {
    const outlook = { ...REASONS.outlook, probabilities: [large / 2, 1 - large, large / 2] as const };
    const text = justify({ ...REASONS, outlook });
    expect(text.startsWith(`${start} 100 chance`)).toBe(true);
  });

  test('leaves out inputs that contribute nothing', () => {
    const text = justify({ ...REASONS, contributions: { ret_1d: 0, ret_20d: 0.0121, rsi_14: 0 } });
    expect(text).toContain(
      "the average stock's. Its price rose 8.1% over the last month (+1.210 points). A usual year",
    );
    expect(justify({ ...REASONS, contributions: { ret_1d: 0 } })).toContain(
      "the average stock's. A usual year",
    );
  });

  test('names an input that is not defined with its value', () => {
    const text = justify({ ...REASONS, features: { moon: 12.3456 }, contributions: { moon: -0.02 } });
    expect(text).toContain('The input moon is 12.3 (-2.000 points).');
  });

  test('does not name an input without a value, whatever it contributes', () => {
    const features = { ret_20d: 0.081 };
    const text = justify({
      ...REASONS,
      features,
      contributions: { illiquidity_20_rank: 0.1, ret_20d: 0.0121 },
    });
    expect(text).toContain(
      "the average stock's. Its price rose 8.1% over the last month (+1.210 points). A usual year",
    );
  });

  test('states the stop without a currency where it is unknown', () => {
    expect(justify({ ...REASONS, currency: null })).toContain('The stop at 92.00 is 8.0% below the close.');
  });
});
