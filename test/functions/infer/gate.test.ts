import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { failures, judge } from '../../../functions/infer/gate.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { BASELINES } from '../../../functions/shared/constants.ts';
import { passingManifest, withValue } from './registry-support.ts';

const ACTIVE = { version: 'v0.9.0' };

/** Names of the failed checks. */
function failing(manifest: Manifest, active: { version: string } | null = ACTIVE): string[] {
  return judge(manifest, active ?? undefined)
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);
}

function detail(manifest: Manifest, name: string, active: { version: string } | null = ACTIVE): string {
  return judge(manifest, active ?? undefined).checks.find((check) => check.name === name)?.detail ?? '';
}

test('passes a release that beats every baseline, with the numbers of every check', () => {
  const verdict = judge(passingManifest('v1.0.0', ACTIVE.version), ACTIVE);
  expect(verdict).toEqual({
    passed: true,
    checks: [
      {
        name: 'parity',
        passed: true,
        detail:
          'on 100000 rows (at least 100000), ONNX differs from LightGBM by at most 2e-7 in the classifier ' +
          'and 4e-8 in the regressor (limit 0.00001), and 0 labels differ (limit 0)',
      },
      {
        name: 'calibration',
        passed: true,
        detail: 'the expected calibration error of 0.01 is within the limit of 0.02',
      },
      {
        name: 'log_loss',
        passed: true,
        detail: 'the log loss of 1.05 is below the 1.09 of the majority class',
      },
      {
        name: 'rank_ic',
        passed: true,
        detail: 'the rank IC of 0.03 has an interval of 0.01 to 0.05, which is above 0',
      },
      {
        name: 'rank_icir_over_momentum_12_1',
        passed: true,
        detail: 'the rank ICIR of 0.3 is above the 0.1 of momentum_12_1',
      },
      {
        name: 'rank_icir_over_short_term_reversal',
        passed: true,
        detail: 'the rank ICIR of 0.3 is above the 0.05 of short_term_reversal',
      },
      {
        name: 'incumbent',
        passed: true,
        detail: 'the rank ICIR of 0.3 is above the 0.2 of v0.9.0 on the same folds',
      },
    ],
  });
  expect(failures(verdict)).toBe('');
});

describe('judge with one bad measure', () => {
  test.each<[string, string, unknown]>([
    ['parity', 'parity.rows', 99_999],
    ['parity', 'parity.classifierMaxAbsDiff', 1.01e-5],
    ['parity', 'parity.regressorMaxAbsDiff', 1.01e-5],
    ['parity', 'parity.labelFlips', 1],
    ['calibration', 'metrics.ece', 0.0201],
    ['log_loss', 'metrics.log_loss', 1.09],
    ['log_loss', 'metrics.baselines.majority_class.log_loss', 1.05],
    ['rank_icir_over_momentum_12_1', 'metrics.baselines.momentum_12_1.rank_icir', 0.3],
    ['rank_icir_over_short_term_reversal', 'metrics.baselines.short_term_reversal.rank_icir', 0.31],
    ['rank_icir_over_analysts', 'metrics.baselines.analysts', { rank_icir: 0.4 }],
    ['incumbent', 'metrics.incumbent.version', 'v0.8.0'],
    ['incumbent', 'metrics.incumbent.rank_icir', 0.3],
    ['rank_ic', 'metrics.intervals.rank_ic', [0, 0.05]],
    ['rank_ic', 'metrics.intervals.rank_ic', [-0.01, 0.07]],
  ])('fails only %s if %s is %j', (name, path, value) => {
    expect(failing(withValue(path, value))).toEqual([name]);
    expect(judge(withValue(path, value), ACTIVE).passed).toBe(false);
  });
});

describe('judge with a missing number', () => {
  test.each([
    ['parity', 'parity'],
    ['parity', 'parity.rows'],
    ['parity', 'parity.classifierMaxAbsDiff'],
    ['parity', 'parity.regressorMaxAbsDiff'],
    ['parity', 'parity.labelFlips'],
    ['calibration', 'metrics.ece'],
    ['log_loss', 'metrics.log_loss'],
    ['log_loss', 'metrics.baselines.majority_class'],
    ['rank_icir_over_momentum_12_1', 'metrics.baselines.momentum_12_1'],
    ['rank_icir_over_short_term_reversal', 'metrics.baselines.short_term_reversal.rank_icir'],
    ['incumbent', 'metrics.incumbent.rank_icir'],
    ['rank_ic', 'metrics.rank_ic'],
    ['rank_ic', 'metrics.intervals.rank_ic'],
  ])('fails %s and names %s', (name, path) => {
    expect(failing(withValue(path, undefined))).toEqual([name]);
    expect(detail(withValue(path, undefined), name)).toMatch(new RegExp(`^${path}[\\w.]* is missing`));
  });

  test('fails every comparison if the number of the release is missing', () => {
    expect(failing(withValue('metrics.rank_icir', undefined))).toEqual([
      'rank_icir_over_momentum_12_1',
      'rank_icir_over_short_term_reversal',
      'incumbent',
    ]);
  });
});

describe('limits of the gate', () => {
  test.each<[string, unknown]>([
    ['metrics.ece', 0.02],
    ['parity.classifierMaxAbsDiff', 1e-5],
    ['parity.regressorMaxAbsDiff', 0],
  ])('pass %s of %d', (path, value) => {
    expect(failing(withValue(path, value))).toEqual([]);
  });

  test('accept fewer parity rows only if they are all test rows', () => {
    const few = (rows: number) => ({ ...withValue('parity.rows', rows), training: { testRows: 5000 } });
    expect(failing(few(5000))).toEqual([]);
    expect(failing(few(4999))).toEqual(['parity']);
    expect(detail(few(4999), 'parity')).toMatch(/^on 4999 rows \(at least 5000\)/);
  });

  test.each([0, -5, 1.5, null, 'all'])('ignore a number of test rows of %j', (testRows) => {
    expect(failing({ ...withValue('parity.rows', 10), training: { testRows } })).toEqual(['parity']);
  });

  test('print two numbers in full if a few digits do not distinguish them', () => {
    expect(detail(withValue('metrics.ece', 0.02000001), 'calibration')).toBe(
      'the expected calibration error of 0.02000001 is not within the limit of 0.02',
    );
  });

  test('print the rows on a threshold separately', () => {
    expect(detail(withValue('parity.thresholdRows', 12), 'parity')).toMatch(
      /; not counted: 12 rows that lie on a threshold$/,
    );
  });
});

describe('comparison with the active model', () => {
  test('passes if no model is active, or if the release itself is active', () => {
    expect(failing(withValue('metrics.incumbent', undefined), null)).toEqual([]);
    expect(failing(withValue('metrics.incumbent', undefined), { version: 'v1.0.0' })).toEqual([]);
  });

  test('fails if the active model was not measured on the same folds', () => {
    const without = withValue('metrics.incumbent', undefined);
    expect(detail(without, 'incumbent')).toBe(
      'the release was not compared with v0.9.0 on the same folds: train it with --incumbent',
    );
    expect(detail(withValue('metrics.incumbent.version', 'v0.8.0'), 'incumbent')).toBe(
      'the release was not compared with v0.9.0 on the same folds but with v0.8.0: train it with --incumbent',
    );
  });

  test('uses unseen rows, or the walk-forward of the active model if its folds were the same', () => {
    const seen = { version: 'v0.9.0', rank_icir: 0.5, log_loss: 1.06 };
    expect(failing(withValue('metrics.incumbent', seen))).toEqual(['incumbent']);
    const unseen = { rank_icir: 0.1, model: { rank_icir: 0.2 } };
    expect(failing(withValue('metrics.incumbent', { ...seen, unseen }))).toEqual([]);
    const worse = { rank_icir: 0.3, model: { rank_icir: 0.2 } };
    expect(failing(withValue('metrics.incumbent', { ...seen, unseen: worse }))).toEqual(['incumbent']);
    const walked = { ...seen, unseen: worse, walk_forward: { rank_icir: 0.01 } };
    expect(failing(withValue('metrics.incumbent', walked))).toEqual([]);
  });
});

test('BASELINES are the baselines in the manifest that the trainer wrote', async () => {
  const source = new URL('../../../models/manifest.json', import.meta.url);
  const { metrics } = JSON.parse(await readFile(source, 'utf8'));
  expect(Object.keys(metrics.baselines)).toEqual([...BASELINES]);
});
