import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import { type DayFit, fitDay, neutralScore, type Pair } from '../../../functions/infer/day-fit.ts';

/** Scores that depend on two inputs, plus noise. */
function day(n: number): { scores: number[]; inputs: Pair[] } {
  const next = randomNumbers(3);
  const inputs = Array.from({ length: n }, (): Pair => [next(), next()]);
  return { inputs, scores: inputs.map(([x, y]) => 5 + 3 * x - 2 * y + next() - 0.5) };
}

function allOf(fit: DayFit, scores: number[], inputs: Pair[]): number[] {
  return scores.map((score, i) => neutralScore(fit, score, inputs[i] as Pair));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] as number), 0);
}

describe('fitDay', () => {
  test('leaves neutral scores without mean, of deviation 1 and orthogonal to both inputs', () => {
    const { scores, inputs } = day(400);
    const fit = fitDay(scores, inputs);
    const z = allOf(fit, scores, inputs);
    expect(dot(z, z) / 400).toBeCloseTo(1, 10);
    for (const factor of [z.map(() => 1), inputs.map(([x]) => x), inputs.map(([, y]) => y)]) {
      expect(dot(z, factor)).toBeCloseTo(0, 8);
    }
    expect(fit.slopes[0]).toBeCloseTo(3, 0);
    expect(fit.slopes[1]).toBeCloseTo(-2, 0);
  });

  test('takes the solution of least norm if the inputs are multiples of each other', () => {
    // The scores are 5 x. With y = 2 x, b = (1, 2) is the shortest of all b with b1 + 2 b2 = 5.
    const inputs = [0, 0.25, 0.5, 0.75, 1].map((x): Pair => [x, 2 * x]);
    const fit = fitDay(
      inputs.map(([x]) => 5 * x),
      inputs,
    );
    expect(fit.slopes[0]).toBeCloseTo(1, 12);
    expect(fit.slopes[1]).toBeCloseTo(2, 12);
  });

  test.each([0, 1, 2, 3])('subtracts only the mean of %i stocks', (n) => {
    const { scores, inputs } = day(n);
    const fit = fitDay(scores, inputs);
    expect(fit.slopes).toEqual([0, 0]);
    expect(
      Math.abs(
        dot(
          allOf(fit, scores, inputs),
          scores.map(() => 1),
        ),
      ),
    ).toBeLessThan(1e-12);
  });

  test('uses the slopes of four stocks', () => {
    const { scores, inputs } = day(4);
    expect(fitDay(scores, inputs).slopes).not.toEqual([0, 0]);
  });

  test('gives all stocks 0 on a day of equal scores, whose inputs are equal too', () => {
    const inputs = Array.from({ length: 6 }, (): Pair => [0.5, 0.5]);
    const scores = inputs.map(() => 0.25);
    expect(allOf(fitDay(scores, inputs), scores, inputs)).toEqual(scores.map(() => 0));
  });
});
