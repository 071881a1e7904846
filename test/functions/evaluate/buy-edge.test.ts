import { describe, expect, test } from 'vitest';
import { BuyCalls } from '../../../functions/evaluate/buy-edge.ts';
import type { Outlook } from '../../../functions/infer/profiles.ts';

const USUAL: Outlook = {
  probabilities: [0.2, 0.5, 0.3],
  baseRates: [0.2, 0.5, 0.3],
  place: 0.5,
  expectedExcessPct: 0,
  volatility: 0.2,
  close: 100,
  atr: 2,
};
const BUY: Outlook = { ...USUAL, place: 0.01, expectedExcessPct: 1 };

describe('BuyCalls', () => {
  test('compares the calls of a day with all of its rows, and averages the days with calls', () => {
    const calls = new BuyCalls('moderate');
    // 4 % against 2 %.
    calls.addDay([BUY, BUY, USUAL], [0.05, 0.03, -0.02]);
    calls.addDay([USUAL, USUAL, USUAL], [0.5, 0.5, 0.5]);
    // -3 % against -1 %. One call has the weight of two, because days are averaged.
    calls.addDay([USUAL, BUY, USUAL], [0, -0.03, 0]);
    const edge = calls.edge(20);
    expect(edge?.edgePct).toBeCloseTo((2 - 2) / 2, 12);
    expect(edge).toMatchObject({ calls: 3, days: 2, low: null, high: null });
  });

  test('has an interval if the days with calls span two horizons', () => {
    const calls = new BuyCalls('aggressive');
    for (let day = 0; day < 60; day++) {
      calls.addDay([day % 2 === 0 ? BUY : USUAL, USUAL], [0.02 + (day % 4) / 100, 0]);
    }
    const { edgePct = 0, low, high, days } = calls.edge(10) ?? {};
    expect(days).toBe(30);
    // Calls of 2 and of 4 percent in turn, against 1 and 2.
    expect(edgePct).toBeCloseTo(1.5, 12);
    expect(low).toBeLessThan(edgePct);
    expect(high).toBeGreaterThan(edgePct);
  });

  test('returns null without calls, and applies the rule of each profile', () => {
    const wild = { ...BUY, volatility: 0.4 };
    const edges = (['conservative', 'moderate', 'aggressive'] as const).map((profile) => {
      const calls = new BuyCalls(profile);
      calls.addDay([wild, USUAL], [0.1, 0]);
      return calls.edge(20)?.calls ?? null;
    });
    expect(edges).toEqual([null, 1, 1]);
  });
});
