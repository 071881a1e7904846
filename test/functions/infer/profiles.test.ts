import { describe, expect, test } from 'vitest';
import { decide, type Outlook, PROFILE_RULES, type ProfileRule } from '../../../functions/infer/profiles.ts';
import { PROFILES } from '../../../functions/shared/constants.ts';
import { random } from './support.ts';

/** Base rates and sums are powers of two, so that the limits are met exactly. */
const RULE: ProfileRule = { minLift: 1.25, minExcessPct: 0.5, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 };

/** Meets the rule for BUY, with room to spare: twice its base rate, a point and a half above the average. */
const BUY: Outlook = {
  probabilities: [0.2, 0.3, 0.5],
  baseRates: [0.25, 0.5, 0.25],
  expectedReturnPct: 2,
  averageReturnPct: 0.5,
  volatility: 0.2,
  close: 100,
  atr: 4,
};
/** Meets the rule for SELL, with room to spare. */
const SELL: Outlook = { ...BUY, probabilities: [0.5, 0.3, 0.2], expectedReturnPct: -1 };

function outcome(outlook: Outlook, rule: Partial<ProfileRule> = {}) {
  const { label, confidence, heldBack } = decide(outlook, { ...RULE, ...rule });
  return { label, confidence, heldBack };
}

describe('the label', () => {
  test.each<[string, Outlook, string, number]>([
    ['BUY when all of the rule is met', BUY, 'BUY', 0.5],
    ['SELL when all of the rule is met', SELL, 'SELL', 0.5],
    ['BUY exactly at the lift', { ...BUY, probabilities: [0.25, 0.4375, 0.3125] }, 'BUY', 0.3125],
    ['SELL exactly at the lift', { ...SELL, probabilities: [0.3125, 0.4375, 0.25] }, 'SELL', 0.3125],
    ['BUY exactly at the excess', { ...BUY, expectedReturnPct: 1 }, 'BUY', 0.5],
    ['SELL exactly at the excess', { ...SELL, expectedReturnPct: 0 }, 'SELL', 0.5],
    [
      'SELL of what rises less than the average',
      { ...SELL, expectedReturnPct: 0.25, averageReturnPct: 1 },
      'SELL',
      0.5,
    ],
    ['BUY exactly at the volatility cap', { ...BUY, volatility: 0.3 }, 'BUY', 0.5],
    ['SELL however volatile: the cap is for what is bought', { ...SELL, volatility: 3 }, 'SELL', 0.5],
    [
      'the one that is further above its base rate, and not the likelier one',
      { ...SELL, baseRates: [0.125, 0.25, 0.625], probabilities: [0.25, 0.25, 0.5] },
      'SELL',
      0.25,
    ],
  ])('is %s', (_, outlook, label, confidence) => {
    expect(outcome(outlook)).toEqual({ label, confidence, heldBack: undefined });
  });

  test.each<[string, Outlook, Partial<ProfileRule>, string]>([
    [
      'everything without an edge',
      { ...BUY, probabilities: [0.25, 0.5, 0.25], expectedReturnPct: 0.5 },
      {},
      'BUY has a probability of 25% and would need 31%',
    ],
    [
      'a BUY that chance would nearly give',
      { ...BUY, probabilities: [0.25, 0.47, 0.28] },
      {},
      'BUY has a probability of 28% and would need 31%',
    ],
    [
      'a SELL that chance would nearly give',
      { ...SELL, probabilities: [0.28, 0.47, 0.25] },
      {},
      'SELL has a probability of 28% and would need 31%',
    ],
    [
      'a BUY that promises little more than the average',
      { ...BUY, expectedReturnPct: 0.9 },
      {},
      "BUY would need an expected return 0.5 points above the average instrument's 0.5%",
    ],
    [
      'a SELL that promises little less than the average',
      { ...SELL, expectedReturnPct: 0.1 },
      {},
      "SELL would need an expected return 0.5 points below the average instrument's 0.5%",
    ],
    [
      'a BUY whose expected return is below the average',
      { ...BUY, expectedReturnPct: 0.4 },
      { minExcessPct: 0 },
      "BUY would need an expected return 0 points above the average instrument's 0.5%",
    ],
    [
      'a BUY of what is too volatile',
      { ...BUY, volatility: 0.62 },
      {},
      "its volatility of 62% a year is above this profile's 30%",
    ],
  ])('is HOLD, saying why, instead of %s', (_, outlook, rule, heldBack) => {
    expect(outcome(outlook, rule)).toEqual({ label: 'HOLD', confidence: outlook.probabilities[1], heldBack });
  });

  test('is held back in numbers that differ, however close the miss', () => {
    const close: Outlook = { ...BUY, probabilities: [0.2, 0.4883, 0.3117] };
    expect(outcome(close).heldBack).toBe('BUY has a probability of 31.2% and would need 31.3%');
    expect(outcome({ ...BUY, volatility: 0.304 }).heldBack).toBe(
      "its volatility of 30.4% a year is above this profile's 30.0%",
    );
  });
});

describe('stop and target', () => {
  const levels = (outlook: Outlook) => {
    const { stopLoss, takeProfit } = decide(outlook, RULE);
    return { stopLoss, takeProfit };
  };

  test('of a BUY are below and above the close', () => {
    expect(levels(BUY)).toEqual({ stopLoss: 92, takeProfit: 112 });
  });

  test('of a SELL are above and below the close', () => {
    expect(levels(SELL)).toEqual({ stopLoss: 108, takeProfit: 88 });
  });

  test('of a HOLD are as for what one owns, whichever side was favoured', () => {
    const idle = { stopLoss: 92, takeProfit: 112 };
    expect(levels({ ...BUY, expectedReturnPct: 0.5 })).toEqual(idle);
    expect(levels({ ...SELL, expectedReturnPct: 0.5 })).toEqual(idle);
  });

  test('stay at a hundredth of the close where the range is huge', () => {
    expect(levels({ ...BUY, atr: 500 })).toEqual({ stopLoss: 1, takeProfit: 1600 });
    expect(levels({ ...SELL, atr: 500 })).toEqual({ stopLoss: 1100, takeProfit: 1 });
  });
});

/** Outlooks from calm to wild, with and without an edge. */
function outlooks(count: number): Outlook[] {
  const next = random(7);
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

describe('the profiles', () => {
  test('take more risk from one to the next', () => {
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

  test('set levels above zero and on either side of the close', () => {
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
