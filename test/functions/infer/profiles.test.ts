import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { decide, type Outlook, PROFILE_RULES, type ProfileRule } from '../../../functions/infer/profiles.ts';
import { PROFILES } from '../../../functions/shared/constants.ts';

const RULE: ProfileRule = { share: 0.0625, maxVolatility: 0.3, stopAtr: 2, targetAtr: 3 };

/** Meets the rule for BUY easily. */
const BUY: Outlook = {
  probabilities: [0.2, 0.5, 0.3],
  baseRates: [0.3, 0.4, 0.3],
  place: 0.01,
  expectedExcessPct: 0.3,
  volatility: 0.2,
  close: 100,
  atr: 4,
};
/** Meets the rule for SELL easily. */
const SELL: Outlook = { ...BUY, probabilities: [0.3, 0.5, 0.2], place: 0.99, expectedExcessPct: -0.3 };

function outcome(outlook: Outlook, rule: Partial<ProfileRule> = {}) {
  const { label, confidence, heldBack } = decide(outlook, { ...RULE, ...rule });
  return { label, confidence, heldBack };
}

describe('decide', () => {
  test.each<[string, Outlook, string]>([
    ['BUY if it meets the whole rule', BUY, 'BUY'],
    ['SELL if it meets the whole rule', SELL, 'SELL'],
    ['BUY exactly at the share', { ...BUY, place: 0.0625 }, 'BUY'],
    ['SELL exactly at the share', { ...SELL, place: 0.9375 }, 'SELL'],
    ['BUY exactly at the volatility cap', { ...BUY, volatility: 0.3 }, 'BUY'],
    ['SELL at any volatility, because only BUY has a cap', { ...SELL, volatility: 3 }, 'SELL'],
  ])('calls %s', (_, outlook, label) => {
    expect(outcome(outlook)).toEqual({ label, confidence: 0.3, heldBack: undefined });
  });

  test.each<[string, Outlook, string]>([
    [
      'a BUY in the middle',
      { ...BUY, place: 0.4 },
      'Not a BUY: it is among the best 40% of stocks, and this profile takes the best 6%',
    ],
    [
      'a SELL in the middle',
      { ...SELL, place: 0.7 },
      'Not a SELL: it is among the worst 30% of stocks, and this profile takes the worst 6%',
    ],
    [
      'a BUY that is not expected to beat the average',
      { ...BUY, expectedExcessPct: 0 },
      'Not a BUY: it is not expected to return more than the average stock',
    ],
    [
      'a SELL that is not expected to lag the average',
      { ...SELL, expectedExcessPct: 0.1 },
      'Not a SELL: it is not expected to return less than the average stock',
    ],
    [
      'a BUY of a stock that is too volatile',
      { ...BUY, volatility: 0.62 },
      'Not a BUY: a usual year moves the price by 62%, and this profile allows 30%',
    ],
  ])('calls HOLD with the reason instead of %s', (_, outlook, heldBack) => {
    expect(outcome(outlook)).toEqual({ label: 'HOLD', confidence: 0.5, heldBack });
  });

  test('writes the two numbers of a near miss with enough digits to differ', () => {
    expect(outcome({ ...BUY, place: 0.0628 }).heldBack).toBe(
      'Not a BUY: it is among the best 6.28% of stocks, and this profile takes the best 6.25%',
    );
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
    expect(levels({ ...BUY, place: 0.3 })).toEqual(idle);
    expect(levels({ ...SELL, place: 0.7 })).toEqual(idle);
  });

  test('are at least a hundredth of the close if the range is huge', () => {
    expect(levels({ ...BUY, atr: 500 })).toEqual({ stopLoss: 1, takeProfit: 1600 });
    expect(levels({ ...SELL, atr: 500 })).toEqual({ stopLoss: 1100, takeProfit: 1 });
  });
});

/** The stocks of a day, from calm to wild. */
function stocks(count: number): Outlook[] {
  const next = randomNumbers(7);
  return Array.from({ length: count }, (_, i) => ({
    probabilities: [0.3, 0.4, 0.3] as const,
    baseRates: [0.3, 0.4, 0.3] as const,
    place: (i + 0.5) / count,
    expectedExcessPct: (0.5 - (i + 0.5) / count) * (next() < 0.1 ? 0 : 1),
    volatility: next(),
    close: 0.01 + next() * 500,
    atr: next() ** 4 * 1000,
  }));
}

describe('PROFILE_RULES', () => {
  test('accept every call of the more careful profiles', () => {
    const calls = { BUY: 0, SELL: 0 };
    for (const outlook of stocks(5000)) {
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

  test('give 2, 5 and 10 percent of calm stocks a BUY, and as many a SELL', () => {
    const calm = stocks(500).map((outlook) => ({
      ...outlook,
      volatility: 0.1,
      expectedExcessPct: 0.5 - outlook.place,
    }));
    const counts = PROFILES.map((profile) => {
      const labels = calm.map((outlook) => decide(outlook, PROFILE_RULES[profile]).label);
      return ['BUY', 'SELL'].map((label) => labels.filter((own) => own === label).length);
    });
    expect(counts).toEqual([
      [10, 10],
      [25, 25],
      [50, 50],
    ]);
  });

  test('set levels above zero and on both sides of the close', () => {
    for (const outlook of stocks(2000)) {
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
