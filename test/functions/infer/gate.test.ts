import { describe, expect, test } from 'vitest';
import { failures, judge } from '../../../functions/infer/gate.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { passingManifest, withValue } from './registry-support.ts';

const ACTIVE = { version: 'v0.9.0' };

/** Names of the checks that fail. */
function failing(manifest: Manifest, active: { version: string } | null = ACTIVE): string[] {
  return judge(manifest, active ?? undefined)
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);
}

function detail(manifest: Manifest, name: string, active: { version: string } | null = ACTIVE): string {
  return judge(manifest, active ?? undefined).checks.find((check) => check.name === name)?.detail ?? '';
}

test('a release that is better than everything passes, and every check says with what numbers', () => {
  const verdict = judge(passingManifest('v1.0.0', ACTIVE.version), ACTIVE);
  expect(verdict).toEqual({
    passed: true,
    checks: [
      {
        name: 'parity',
        passed: true,
        detail:
          'compared on 100000 rows (at least 100000), the largest differences from LightGBM are 2e-7 of the ' +
          'classifier and 4e-8 of the regressor (at most 0.00001), with 0 label flips (none)',
      },
      {
        name: 'calibration',
        passed: true,
        detail: 'the expected calibration error, 0.01, is within the limit, 0.02',
      },
      {
        name: 'log_loss',
        passed: true,
        detail: 'the log loss, 1.05, is below that of the majority class, 1.09',
      },
      {
        name: 'rank_ic',
        passed: true,
        detail: 'the interval of the rank IC, 0.01 to 0.05 about 0.03, is above 0',
      },
      {
        name: 'rank_icir_over_momentum_12_1',
        passed: true,
        detail: 'the rank ICIR, 0.3, is above that of momentum_12_1, 0.1',
      },
      {
        name: 'rank_icir_over_short_term_reversal',
        passed: true,
        detail: 'the rank ICIR, 0.3, is above that of short_term_reversal, 0.05',
      },
      {
        name: 'incumbent',
        passed: true,
        detail: 'the rank ICIR, 0.3, is above that of v0.9.0 on the same folds, 0.2',
      },
    ],
  });
  expect(failures(verdict)).toBe('');
});

describe('one thing that is wrong fails its own check alone', () => {
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
  ])('%s: %s is %j', (name, path, value) => {
    expect(failing(withValue(path, value))).toEqual([name]);
    expect(judge(withValue(path, value), ACTIVE).passed).toBe(false);
  });
});

describe('a number that is missing fails its check, which names it', () => {
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
  ])('%s: %s', (name, path) => {
    expect(failing(withValue(path, undefined))).toEqual([name]);
    expect(detail(withValue(path, undefined), name)).toMatch(new RegExp(`^${path}[\\w.]* is missing`));
  });

  test('of the release itself fails all that compare it', () => {
    expect(failing(withValue('metrics.rank_icir', undefined))).toEqual([
      'rank_icir_over_momentum_12_1',
      'rank_icir_over_short_term_reversal',
      'incumbent',
    ]);
  });
});

describe('limits', () => {
  test.each<[string, unknown]>([
    ['metrics.ece', 0.02],
    ['parity.classifierMaxAbsDiff', 1e-5],
    ['parity.regressorMaxAbsDiff', 0],
  ])('%s may be %d', (path, value) => {
    expect(failing(withValue(path, value))).toEqual([]);
  });

  test('fewer rows than the least are enough where they are all test rows, and no fewer', () => {
    const few = (rows: number) => ({ ...withValue('parity.rows', rows), training: { testRows: 5000 } });
    expect(failing(few(5000))).toEqual([]);
    expect(failing(few(4999))).toEqual(['parity']);
    expect(detail(few(4999), 'parity')).toMatch(/^compared on 4999 rows \(at least 5000\)/);
  });

  test.each([0, -5, 1.5, null, 'all'])('test rows of %j lower nothing', (testRows) => {
    expect(failing({ ...withValue('parity.rows', 10), training: { testRows } })).toEqual(['parity']);
  });

  test('two numbers that would read the same are told in full', () => {
    expect(detail(withValue('metrics.ece', 0.02000001), 'calibration')).toBe(
      'the expected calibration error, 0.02000001, is not within the limit, 0.02',
    );
  });

  test('rows on a threshold are told beside the difference', () => {
    expect(detail(withValue('parity.thresholdRows', 12), 'parity')).toMatch(
      /, and 12 rows on a threshold counted separately$/,
    );
  });
});

describe('the incumbent', () => {
  test('is nothing to beat where no model is active, and no rival of itself', () => {
    expect(failing(withValue('metrics.incumbent', undefined), null)).toEqual([]);
    expect(failing(withValue('metrics.incumbent', undefined), { version: 'v1.0.0' })).toEqual([]);
  });

  test('must have been measured on the same folds', () => {
    const without = withValue('metrics.incumbent', undefined);
    expect(detail(without, 'incumbent')).toBe(
      'was not compared with v0.9.0 on the same folds: train with --incumbent',
    );
    expect(detail(withValue('metrics.incumbent.version', 'v0.8.0'), 'incumbent')).toBe(
      'was not compared with v0.9.0 on the same folds but with v0.8.0: train with --incumbent',
    );
  });

  test('is compared on the rows that neither model saw, or by its own walk-forward where the folds were the same', () => {
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
