import { describe, expect, test } from 'vitest';
import { EvaluationAccumulator } from '../../../functions/evaluate/accumulator.ts';
import type { Interval } from '../../../functions/evaluate/interval.ts';
import { evaluationText, verdict } from '../../../functions/evaluate/text.ts';
import { manifest, prediction, row } from './support.ts';

function result(rankIc: Interval | null) {
  const evaluation = new EvaluationAccumulator(manifest());
  const rows = ['A', 'B', 'C', 'D', 'E'].map((symbol, i) => row('2020-01-10', symbol, i / 10));
  evaluation.addDay(
    rows,
    rows.map(({ forward }) => prediction(forward)),
  );
  const measured = evaluation.result();
  return { ...measured, intervals: { ...measured.intervals, rankIc } };
}

describe('verdict', () => {
  test.each([
    [[-0.01, 0.03], 'No edge is shown: the interval of the rank IC includes 0.'],
    [[0, 0.03], 'No edge is shown: the interval of the rank IC includes 0.'],
    [[0.01, 0.03], 'The ranking was better than chance: the interval of its rank IC is above 0.'],
    [[-0.03, -0.01], 'The ranking was worse than chance: the interval of its rank IC is below 0.'],
  ] as [Interval, string][])('of the interval %j is "%s"', (interval, sentence) => {
    expect(verdict(result(interval))).toBe(sentence);
  });

  test('states the days needed if there is no interval', () => {
    expect(verdict(result(null))).toMatch(/^No edge is shown: an interval needs at least 4 days/);
  });
});

test('evaluationText names the data, the baselines and each profile, and ends with the verdict', () => {
  const text = evaluationText(result([0.1, 0.2]));
  expect(text).toContain('Model v1.2.3 on 2020-01-10 to 2020-01-10: 5 rows, 1 days, 5 instruments');
  expect(text).toMatch(/model +│ +1\.0000 │ +- │ +1\.0000 │ 0\.1000 to 0\.2000 │/);
  for (const name of [
    'momentum 12-1',
    'short-term reversal',
    'majority class',
    'base rate',
    'conservative',
  ]) {
    expect(text).toContain(name);
  }
  expect(text).not.toMatch(/NaN|undefined|null/);
  expect(text.split('\n').at(-1)).toBe(verdict(result([0.1, 0.2])));
});
