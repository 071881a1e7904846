import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { decide, type Outlook, PROFILE_RULES, type ProfileRule } from '../../../functions/infer/profiles.ts';
import { PROFILES } from '../../../functions/shared/constants.ts';

/** Base rates and sums are powers of two, so that tests can meet the limits exactly. */
const RULE: ProfileRule = { minLift: 1.25, minExcessPct: 0.5, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 };

/** Meets the rule for BUY easily: twice its base rate, 1.5 points above the average. */
const BUY: Outlook = {
  probabilities: [0.2, 0.3, 0.5],
  baseRates: [0.25, 0.5, 0.25],
  expectedReturnPct: 2,
  averageReturnPct: 0.5,
  volatility: 0.2,
  close: 100,
  atr: 4,
};
/** Meets the rule for SELL easily. */
const SELL: Outlook = { ...BUY, probabilities: [0.5, 0.3, 0.2], expectedReturnPct: -1 };

function outcome(outlook: Outlook, rule: Partial<ProfileRule> = {}) {
  const { label, confidence, heldBack } = decide(outlook, { ...RULE, ...rule });
  return { label, confidence, heldBack };
}

describe('decide', () => {
  test.each<[string, Outlook, string, number]>([
    ['BUY if it meets the whole rule', BUY, 'BUY', 0.5],
    ['SELL if it meets the whole rule', SELL, 'SELL', 0.5],
    ['BUY exactly at the lift', { ...BUY, probabilities: [0.25, 0.4375, 0.3125] }, 'BUY', 0.3125],
    ['SELL exactly at the lift', { ...SELL, probabilities: [0.3125, 0.4375, 0.25] }, 'SELL', 0.3125],
    ['BUY exactly at the excess', { ...BUY, expectedReturnPct: 1 }, 'BUY', 0.5],
    ['SELL exactly at the excess', { ...SELL, expectedReturnPct: 0 }, 'SELL', 0.5],
    [
      'SELL for a stock that rises less than the average',
      { ...SELL, expectedReturnPct: 0.25, averageReturnPct: 1 },
      'SELL',
      0.5,
    ],
    ['BUY exactly at the volatility cap', { ...BUY, volatility: 0.3 }, 'BUY', 0.5],
    ['SELL at any volatility, because only BUY has a cap', { ...SELL, volatility: 3 }, 'SELL', 0.5],
    [
      'the label further above its base rate, not the likelier label',
      { ...SELL, baseRates: [0.125, 0.25, 0.625], probabilities: [0.25, 0.25, 0.5] },
      'SELL',
      0.25,
    ],
  ])('calls %s', (_, outlook, label, confidence) => {
    expect(outcome(outlook)).toEqual({ label, confidence, heldBack: undefined });
  });

  test.each<[string, Outlook, Partial<ProfileRule>, string]>([
    [
      'a BUY without an edge',
      { ...BUY, probabilities: [0.25, 0.5, 0.25], expectedReturnPct: 0.5 },
      {},
      'Not a BUY: its chance is 25%, and this profile needs 31%',
    ],
    [
      'a BUY barely likelier than chance',
      { ...BUY, probabilities: [0.25, 0.47, 0.28] },
      {},
      'Not a BUY: its chance is 28%, and this profile needs 31%',
    ],
    [
      'a SELL barely likelier than chance',
      { ...SELL, probabilities: [0.28, 0.47, 0.25] },
      {},
      'Not a SELL: its chance is 28%, and this profile needs 31%',
    ],
    [
      'a BUY with little more estimated return than the average',
      { ...BUY, expectedReturnPct: 0.9 },
      {},
      "Not a BUY: its estimated return is 0.40 points above the average stock's, and this profile needs 0.50 points above it",
    ],
    [
      'a SELL with little less estimated return than the average',
      { ...SELL, expectedReturnPct: 0.1 },
      {},
      "Not a SELL: its estimated return is 0.40 points below the average stock's, and this profile needs 0.50 points below it",
    ],
    [
      'a BUY with an estimated return below the average',
      { ...BUY, expectedReturnPct: 0.4 },
      { minExcessPct: 0 },
      "Not a BUY: its estimated return is 0.10 points below the average stock's, and this profile needs at least the average",
    ],
    [
      'a BUY of a stock that is too volatile',
      { ...BUY, volatility: 0.62 },
      {},
      'Not a BUY: a usual year moves the price by 62%, and this profile allows 30%',
    ],
  ])('calls HOLD with the reason instead of %s', (_, outlook, rule, heldBack) => {
    expect(outcome(outlook, rule)).toEqual({ label: 'HOLD', confidence: outlook.probabilities[1], heldBack });
  });

  test('writes the two numbers of a near miss with enough digits to differ', () => {
    const close: Outlook = { ...BUY, probabilities: [0.2, 0.4883, 0.3117] };
    expect(outcome(close).heldBack).toBe('Not a BUY: its chance is 31.2%, and this profile needs 31.3%');
    expect(outcome({ ...BUY, volatility: 0.304 }).heldBack).toBe(
      'Not a BUY: a usual year moves the price by 30.4%, and this profile allows 30.0%',
    );
  });
});

describe('stop and target of decide', () => {
  const levels = (outlook: Outlook) => {
    const { stopLoss, takeProfit } = decide(outlook, RULE);
    return { stopLoss, takeProfit };
  };

  test('lie below and above the close of a BUY', () => {
    expect(levels(BUY)).toEqual({ stopLoss: 92, takeProfit: 112 });
  });

  test('lie above and below the close of a SELL', () => {
    expect(levels(SELL)).toEqual({ stopLoss: 108, takeProfit: 88 });
  });

  test('lie below and above the close of a HOLD, whichever side was favoured', () => {
    const idle = { stopLoss: 92, takeProfit: 112 };
    expect(levels({ ...BUY, expectedReturnPct: 0.5 })).toEqual(idle);
    expect(levels({ ...SELL, expectedReturnPct: 0.5 })).toEqual(idle);
  });

  test('are at least a hundredth of the close if the range is huge', () => {
    expect(levels({ ...BUY, atr: 500 })).toEqual({ stopLoss: 1, takeProfit: 1600 });
    expect(levels({ ...SELL, atr: 500 })).toEqual({ stopLoss: 1100, takeProfit: 1 });
  });
});

/** Outlooks from calm to wild, with and without an edge. */
function outlooks(count: number): Outlook[] {
  const next = randomNumbers(7);
  return Array.from({ length: count }, () => {
    const [a, b, c] = [next(), next(), next()] as const;
    const sum = a + b + c;
    return {
      probabilities: [a / sum, b / sum, c / sum] as const,
      baseRates: [0.3, 0.4, 0.3] as const,
      expectedReturnPct: next() * 8 - 4,
      averageReturnPct: next(),
      volatility: next(),
      close: 0.01 + next() * 500,
      atr: next() ** 4 * 1000,
    };
  });
}

describe('PROFILE_RULES', () => {
  test('accept every call of the more careful profiles', () => {
    const calls = { BUY: 0, SELL: 0 };
    for (const outlook of outlooks(5000)) {
      const labels = PROFILES.map((profile) => decide(outlook, PROFILE_RULES[profile]).label);
      for (const label of ['BUY', 'SELL'] as const) {
        const first = labels.indexOf(label);
        if (first < 0) continue;
        calls[label] += 1;
        expect(labels.slice(first), JSON.stringify(outlook)).toEqual(labels.slice(first).fill(label));
      }
    }
    expect(calls.BUY).toBeGreaterThan(200);
    expect(calls.SELL).toBeGreaterThan(200);
  });

  test('set levels above zero and on both sides of the close', () => {
    for (const outlook of outlooks(2000)) {
      for (const profile of PROFILES) {
        const { label, stopLoss, takeProfit } = decide(outlook, PROFILE_RULES[profile]);
        const [low, high] = label === 'SELL' ? [takeProfit, stopLoss] : [stopLoss, takeProfit];
        expect(low).toBeGreaterThan(0);
        expect(low).toBeLessThanOrEqual(outlook.close);
        expect(high).toBeGreaterThanOrEqual(outlook.close);
      }
    }
  });
});
