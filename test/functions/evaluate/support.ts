import type { EvaluationRow } from '../../../functions/evaluate/rows.ts';
import type { Prediction } from '../../../functions/infer/day-scores.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';

/** A manifest with two inputs and a horizon of two bars. */
export function manifest(change: Record<string, unknown> = {}): Manifest {
  return {
    version: 'v1.2.3',
    horizonDays: 2,
    features: ['ret_1d', 'ret_20d'],
    baseRates: { SELL: 0.2, HOLD: 0.5, BUY: 0.3 },
    label: { description: 'bands', bandWidth: 0.5, volatilityFeature: 'vol_20d' },
    ...change,
  } as unknown as Manifest;
}

/** A row of a day with the given outcome. */
export function row(
  day: string,
  symbol: string,
  forward: number,
  inputs: Record<string, number | null> = {},
): EvaluationRow {
  const usual = { vol_20d: 0.2, close_price: 100, atr_14: 2, mom_12_1: 0.1, ret_20d: 0.05 };
  return { day, symbol, forward, inputs: { ...usual, ...inputs } };
}

/** A prediction of a row. */
export function prediction(
  score: number,
  probabilities: [number, number, number] = [0.2, 0.5, 0.3],
): Prediction {
  return { probabilities, score, place: 0.5, expectedExcess: score / 100 };
}

/** A fixed permutation of the numbers 0 to n - 1. */
export function shuffled(n: number, random: () => number): number[] {
  const numbers = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j] as number, numbers[i] as number];
  }
  return numbers;
}
