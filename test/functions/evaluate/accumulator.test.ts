import { describe, expect, test } from 'vitest';
import { EvaluationAccumulator } from '../../../functions/evaluate/accumulator.ts';
import { randomNumbers } from '../../../functions/evaluate/interval.ts';
import type { Prediction } from '../../../functions/infer/day-scores.ts';
import { recommend } from '../../../functions/infer/publish.ts';
import { LABELS, PROFILES } from '../../../functions/shared/constants.ts';
import { manifest, prediction, row } from './support.ts';

const SYMBOLS = ['A', 'B', 'C', 'D', 'E', 'F'];

function measured(days: number, predict: (forward: number) => Prediction, change = {}) {
  const random = randomNumbers(1);
  const evaluation = new EvaluationAccumulator(manifest(change));
  for (let day = 0; day < days; day++) {
    const rows = SYMBOLS.map((symbol) =>
      row(`2020-01-${10 + day}`, symbol, random() - 0.4, { mom_12_1: random(), ret_20d: random() }),
    );
    evaluation.addDay(
      rows,
      rows.map(({ forward }) => predict(forward)),
    );
  }
  return evaluation.result();
}

describe('EvaluationAccumulator', () => {
  test('reports the data that it measured', () => {
    expect(measured(8, prediction)).toMatchObject({
      model: 'v1.2.3',
      from: '2020-01-10',
      to: '2020-01-17',
      days: 8,
      instruments: 6,
      rows: 48,
      horizonDays: 2,
    });
  });

  test('ranks by expected return and compares baselines on the same rows', () => {
    const evaluation = new EvaluationAccumulator(manifest());
    const rows = SYMBOLS.map((symbol, i) => row('2020-01-10', symbol, i, { mom_12_1: i, ret_20d: i }));
    evaluation.addDay(
      rows,
      rows.map(({ forward }) => prediction(-forward)),
    );
    const { rankIc, baselines } = evaluation.result();
    expect(rankIc).toBeCloseTo(-1, 12);
    expect(baselines.momentum12_1.rankIc).toBeCloseTo(1, 12);
    expect(baselines.shortTermReversal.rankIc).toBeCloseTo(-1, 12);
  });

  test('uses the shares of the training rows as the probabilities of the majority class', () => {
    const { baselines, baseRate } = measured(8, prediction);
    const expected = -(
      Math.log(0.2) * baseRate.SELL +
      Math.log(0.5) * baseRate.HOLD +
      Math.log(0.3) * baseRate.BUY
    );
    expect(baselines.majorityClass.logLoss).toBeCloseTo(expected, 12);
    expect(baselines.majorityClass.ece).toBeCloseTo(Math.abs(baseRate.HOLD - 0.5), 12);
    expect(baselines.majorityClass.hitRate).toEqual({ SELL: null, HOLD: baseRate.HOLD, BUY: null });
    expect(Object.keys(baselines.majorityClass)).not.toContain('ic');
  });

  test('labels rows by the rule of the release', () => {
    const label = { kind: 'cross-sectional-neutral', tail: 0.3, volatilityFeature: 'vol_20d', exposures: [] };
    const own = new EvaluationAccumulator(manifest());
    const relative = new EvaluationAccumulator(manifest({ label }));
    const rows = SYMBOLS.map((symbol, i) => row('2020-01-10', symbol, 0.2 + i / 100));
    const predictions = rows.map(() => prediction(0));
    own.addDay(rows, predictions);
    relative.addDay(rows, predictions);
    expect(own.result().baseRate).toEqual({ SELL: 0, HOLD: 0, BUY: 1 });
    // Of six places, (1 to 6 - 0.5) / 6, two are below 0.3 and two above 0.7.
    expect(relative.result().baseRate).toEqual({ SELL: 2 / 6, HOLD: 2 / 6, BUY: 2 / 6 });
  });

  test('makes the calls that Publish would make', () => {
    const random = randomNumbers(7);
    const evaluation = new EvaluationAccumulator(manifest());
    const bought = Object.fromEntries(PROFILES.map((profile) => [profile, 0]));
    for (let day = 0; day < 20; day++) {
      const rows = SYMBOLS.map((symbol) => row(`2020-01-${10 + day}`, symbol, 0, { vol_20d: random() }));
      const predictions = rows.map(() => {
        const [sell, buy] = [random() / 2, random() / 2];
        return { ...prediction(1, [sell, 1 - sell - buy, buy]), place: random() / 20 };
      });
      evaluation.addDay(rows, predictions);
      const recommendations = recommend({
        modelVersionId: '00000000-0000-7000-8000-000000000000',
        modelVersion: 'v1.2.3',
        horizonDays: 2,
        baseRates: [0.2, 0.5, 0.3],
        instruments: rows.map(({ symbol, inputs }, i) => ({
          instrumentId: '00000000-0000-7000-8000-000000000000',
          symbol,
          asOf: '2020-01-10T00:00:00.000Z',
          universe: { day: '2020-01-10', stocks: rows.length },
          ...(predictions[i] as Prediction),
          contributions: {},
          inputs: inputs as Record<string, number>,
        })),
      });
      for (const { profile, label } of recommendations) {
        if (label === 'BUY') bought[profile] = (bought[profile] ?? 0) + 1;
      }
    }
    const { buyEdge } = evaluation.result();
    for (const profile of PROFILES) {
      expect(bought[profile]).toBeGreaterThan(0);
      expect(buyEdge[profile]?.calls).toBe(bought[profile]);
    }
  });

  test('returns only finite figures or null, which JSON preserves', () => {
    const result = measured(1, () => prediction(0));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result).toMatchObject({ ic: 0, icir: null, intervals: { ic: null, rankIc: null } });
    expect(Object.keys(result.hitRate)).toEqual([...LABELS]);
  });
});
