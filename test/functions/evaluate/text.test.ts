import { expect, test } from 'vitest';
import type { EvaluationResult } from '../../../functions/evaluate/evaluate-members.ts';
import type { ReleaseMeasures } from '../../../functions/evaluate/measures.ts';
import { evaluationText, verdict } from '../../../functions/evaluate/text.ts';
import { FIXTURE } from './measures-support.ts';

const RESULT: EvaluationResult = {
  from: '2020-09-30',
  to: '2020-11-24',
  instruments: 34,
  horizonDays: 20,
  shortHorizonDays: 5,
  metrics: FIXTURE.metrics as ReleaseMeasures,
};

const decided = (interval: [number, number] | null) =>
  verdict({ metrics: { e5_rank_ic: { value: 0, interval } } as unknown as ReleaseMeasures });

/** The cells of the line that contains all of some words. */
function cells(text: string, ...words: string[]): string[] {
  const line = text.split('\n').find((one) => words.every((word) => one.includes(word))) ?? '';
  return line.split('│').map((cell) => cell.trim());
}

test('shows every measure of the model with its interval', () => {
  const text = evaluationText('v1.2.3', RESULT);
  expect(text).toContain('Model v1.2.3 on 2020-09-30 to 2020-11-24: ');
  expect(text).toContain(' 34 instruments; returns over 5 and 20 bars');
  const { value, interval } = FIXTURE.metrics.e5_rank_ic as { value: number; interval: [number, number] };
  const range = interval.map((end) => end.toFixed(4)).join(' to ');
  expect(cells(text, 'rank IC, 5 days beyond factors')).toEqual([
    '',
    'rank IC, 5 days beyond factors',
    value.toFixed(4),
    range,
    '',
  ]);
  for (const name of ['AUC of direction', 'Brier skill', 'gain by large moves', 'gain by direction', 'ECE'])
    expect(cells(text, name)[2]).toMatch(/^-?\d\.\d{4}$/);
  for (const share of [2, 5, 10]) expect(cells(text, `best ${share}%`)[2]).toMatch(/^-?\d+\.\d\d %$/);
  expect(text).not.toMatch(/NaN|undefined|null/);
});

test('shows every baseline with the difference from it', () => {
  const text = evaluationText('v1.2.3', RESULT);
  for (const name of ['momentum 12-1', 'last month reversed', 'last week reversed']) {
    const line = cells(text, name, 'rank IC, 20 days raw');
    expect(line).toHaveLength(8);
    expect(line[3]).toMatch(/^-?\d\.\d{4}$/);
    expect(line[6]).toMatch(/^-?\d\.\d{4} to -?\d\.\d{4}$/);
  }
});

test('shows a dash for a measure without a value', () => {
  const metrics = { ...RESULT.metrics, direction_auc: { value: null, interval: null } };
  expect(cells(evaluationText('v1.2.3', { ...RESULT, metrics }), 'AUC of direction').slice(2, 4)).toEqual([
    '-',
    '-',
  ]);
});

test('decides by the interval of the rank IC on 5 days beyond factors', () => {
  expect(decided([0.001, 0.02])).toMatch(/^The ranking was better than chance/);
  expect(decided([-0.02, -0.001])).toMatch(/^The ranking was worse than chance/);
  expect(decided([-0.01, 0.02])).toMatch(/^No edge is shown: the interval .* includes 0\.$/);
  expect(decided([0, 0.02])).toMatch(/^No edge is shown/);
  expect(decided(null)).toMatch(/^No edge is shown: there are too few days/);
});
