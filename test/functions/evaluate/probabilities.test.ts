import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { Probabilities } from '../../../functions/evaluate/probabilities.ts';

type Case = [probabilities: [number, number, number], label: number];

function collect(cases: Case[]) {
  const collected = new Probabilities();
  for (const [probabilities, label] of cases) collected.add(probabilities, label);
  return { ...collected.measures(), baseRate: collected.baseRate() };
}

/** The error bin by bin: the difference of mean confidence and accuracy, weighted by rows. */
function naiveEce(cases: Case[]): number {
  let sum = 0;
  for (let bin = 0; bin < 15; bin++) {
    const within = cases.filter(([p]) => Math.min(Math.floor(Math.max(...p) * 15), 14) === bin);
    if (within.length === 0) continue;
    const confidence = within.reduce((total, [p]) => total + Math.max(...p), 0) / within.length;
    const accuracy =
      within.filter(([p, label]) => p.indexOf(Math.max(...p)) === label).length / within.length;
    sum += (within.length / cases.length) * Math.abs(accuracy - confidence);
  }
  return sum;
}

describe('Probabilities', () => {
  test('equals values computed by hand', () => {
    const { logLoss, ece, hitRate, baseRate } = collect([
      [[0.1, 0.2, 0.7], 2],
      [[0.1, 0.2, 0.7], 1],
      [[0.25, 0.5, 0.25], 1],
      [[0.25, 0.5, 0.25], 0],
    ]);
    expect(logLoss).toBeCloseTo(-(Math.log(0.7) + Math.log(0.2) + Math.log(0.5) + Math.log(0.25)) / 4, 12);
    // 0.7 was right half of the time, 0.5 too: gaps of 0.2 and 0 on half of the rows each.
    expect(ece).toBeCloseTo(0.1, 12);
    expect(hitRate).toEqual({ SELL: null, HOLD: 0.5, BUY: 0.5 });
    expect(baseRate).toEqual({ SELL: 0.25, HOLD: 0.5, BUY: 0.25 });
  });

  test('computes the calibration error of the single bins', () => {
    const random = randomNumbers(3);
    const cases = Array.from({ length: 2000 }, (): Case => {
      const weights = [random(), random(), random()].map((value) => value ** 3);
      const sum = weights.reduce((a, b) => a + b);
      return [weights.map((value) => value / sum) as [number, number, number], Math.floor(random() * 3)];
    });
    expect(collect(cases).ece).toBeCloseTo(naiveEce(cases), 12);
  });

  test('cancels gaps within a bin, but not between bins', () => {
    // Within one bin 0.5 was right once of twice; 0.9 always: a gap of 0.1 on a third of the rows.
    const cases: Case[] = [
      [[0.5, 0.3, 0.2], 0],
      [[0.5, 0.3, 0.2], 1],
      [[0.05, 0.05, 0.9], 2],
    ];
    expect(collect(cases).ece).toBeCloseTo(0.1 / 3, 12);
  });

  test('assigns a tie to the first label, and certainty to the last bin', () => {
    expect(collect([[[0.4, 0.4, 0.2], 0]]).hitRate).toEqual({ SELL: 1, HOLD: null, BUY: null });
    expect(collect([[[0, 0, 1], 2]]).ece).toBe(0);
  });

  test('bounds the loss of an outcome with probability 0', () => {
    expect(collect([[[0, 0.5, 0.5], 0]]).logLoss).toBeCloseTo(-Math.log(1e-12), 9);
  });
});
