import { describe, expect, test } from 'vitest';
import { failures, judge } from '../../../functions/infer/gate.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { withValue } from './registry-support.ts';

const ACTIVE = { version: 'v0.9.0' };

describe('judge', () => {
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'manifest'],
    ['an empty manifest', {}],
    ['texts for numbers', { metrics: { ece: '0.01', rank_ic: '0.5', rank_icir: '2' }, parity: 'good' }],
    ['lists', { metrics: [], parity: [1, 2] }],
    ['null baselines', { metrics: { baselines: null, incumbent: null } }],
  ])('fails every check of %s and throws nothing', (_, manifest) => {
    const { passed, checks } = judge(manifest as Manifest, ACTIVE);
    expect(passed).toBe(false);
    expect(checks.map((check) => check.passed)).toEqual(checks.map(() => false));
  });

  test.each<[string, unknown]>([
    ['metrics.ece', -0.1],
    ['metrics.log_loss', Number.NEGATIVE_INFINITY],
    ['parity.classifierMaxAbsDiff', -1],
    ['parity.labelFlips', -1],
    ['parity.rows', Number.POSITIVE_INFINITY],
    ['parity.rows', 100_000.5],
    ['metrics.rank_ic', 7],
    ['metrics.incumbent.rank_icir', Number.NaN],
  ])('rejects %s of %d as a measure', (path, value) => {
    const verdict = judge(withValue(path, value), ACTIVE);
    expect(verdict.passed).toBe(false);
    expect(failures(verdict)).toContain(`${path} is ${value}, which is out of range`);
  });

  test('quotes a name with a line break', () => {
    const manifest = withValue('metrics.baselines.two\nlines', { rank_icir: 0.5 });
    expect(failures(judge(manifest, ACTIVE))).not.toContain('\n');
    expect(failures(judge(manifest, ACTIVE))).toMatch(/^rank_icir_over_"two\\nlines": /);
  });
});
