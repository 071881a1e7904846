import { describe, expect, test } from 'vitest';
import { failures, judge, type ReleaseEvidence } from '../../../functions/infer/gate.ts';
import type { Manifest } from '../../../functions/infer/manifest.ts';
import { NO_PREDICTIONS } from '../../../functions/infer/release-evidence.ts';
import { changed, fixtureEvidence, measuredManifest } from './gate-support.ts';
import { ONNX, OWN_SLICE, passingManifest } from './registry-support.ts';

const ACTIVE = { version: 'v0.9.0' };
const MANIFEST = measuredManifest();
const EVIDENCE = { ...fixtureEvidence(), comparedWith: ACTIVE.version };

type Case = {
  manifest?: Manifest;
  evidence?: ReleaseEvidence;
  active?: { version: string } | undefined;
};

function verdictOf(change: Case) {
  const { manifest, evidence, active } = {
    manifest: MANIFEST,
    evidence: EVIDENCE,
    active: ACTIVE,
    ...change,
  };
  return judge(manifest, active, evidence);
}

/** Names of the failed checks. */
const failing = (change: Case) =>
  verdictOf(change)
    .checks.filter(({ passed }) => !passed)
    .map(({ name }) => name);

const detail = (name: string, change: Case) =>
  verdictOf(change).checks.find((check) => check.name === name)?.detail ?? '';

const edited = (path: string, value: unknown): Case => ({ manifest: changed(MANIFEST, path, value) });
const measured = (path: string, value: unknown): Case => ({ evidence: changed(EVIDENCE, path, value) });
/** The manifest and the gate agree on a value. */
const both = (path: string, value: unknown): Case => ({
  manifest: changed(MANIFEST, `metrics.${path}`, value),
  evidence: changed(EVIDENCE, `measures.${path}`, value),
});
const compared = (interval: [number, number] | null): Case => ({
  evidence: { ...EVIDENCE, comparison: { rows: 900, value: interval && -0.01, interval } },
});

describe('judge', () => {
  test('fails predictions of few days, whose interval tells nothing', () => {
    expect(failing(both('days', 39))).toEqual(['predictions']);
    expect(detail('predictions', both('days', 39))).toBe('39 days are too few to measure (at least 40)');
    expect(failing(both('days', 40))).toEqual([]);
  });

  test('passes a release whose measures are those of its predictions', () => {
    const verdict = verdictOf({});
    expect(failures(verdict)).toBe('');
    expect(verdict.passed).toBe(true);
    expect(verdict.checks.map(({ name }) => name)).toEqual([
      'parity',
      'onnx',
      'predictions',
      'metrics',
      'own_slice',
      'calibration',
      'e5_rank_ic',
      'incumbent',
    ]);
    expect(detail('parity', {})).toBe(
      'on 100000 rows (at least 100000), ONNX differs from LightGBM by at most 0.000001 in the score and 1e-7 in ' +
        'the chance of a large move (limit 0.00001); excluded: 0 rows that lie on a threshold',
    );
  });

  test('fails a release without predictions, such as one of format 1', () => {
    const old = {
      manifest: passingManifest('v1.0.0'),
      evidence: { fault: NO_PREDICTIONS, onnx: ONNX },
    };
    expect(failing(old)).toEqual(['predictions']);
    expect(detail('predictions', old)).toBe(NO_PREDICTIONS);
    const lacking = { evidence: { fault: 'the bars are missing', onnx: ONNX } };
    expect(failing(lacking)).toEqual(['predictions']);
    expect(detail('predictions', lacking)).toBe('the bars are missing');
  });

  test('fails ONNX that differs from the trees, and says on which rows', () => {
    const measured = (onnx: object) => ({ evidence: { ...EVIDENCE, onnx: { ...ONNX, ...onnx } } });
    expect(failing(measured({ difference: 1e-5 }))).toEqual([]);
    expect(failing(measured({ difference: 1.01e-5 }))).toEqual(['onnx']);
    expect(failing(measured({ difference: Number.NaN }))).toEqual(['onnx']);
    expect(detail('onnx', measured({}))).toContain(' on 500 rows of 2026-02-27');
    expect(detail('onnx', measured({ day: null }))).toContain(
      ' on 500 random rows, because the database has none with all inputs',
    );
    const { onnx: _, ...unmeasured } = EVIDENCE;
    expect(failing({ evidence: unmeasured })).toEqual(['onnx']);
  });

  test('fails a model that does not order the stocks like its predictions', () => {
    const measured = (ownSlice: object) => ({
      evidence: { ...EVIDENCE, ownSlice: { ...OWN_SLICE, ...ownSlice } },
    });
    expect(failing(measured({ score: 0.5, move: 0.5 }))).toEqual([]);
    expect(failing(measured({ score: 0.499 }))).toEqual(['own_slice']);
    expect(failing(measured({ move: 0.499 }))).toEqual(['own_slice']);
    expect(failing(measured({ score: Number.NaN }))).toEqual(['own_slice']);
    expect(failing({ evidence: { ...EVIDENCE, ownSlice: undefined } })).toEqual(['own_slice']);
  });

  test.each([['v0.8.0'], [undefined]])(
    'refuses a comparison with %s, which is not the active version',
    (comparedWith) => {
      const stale = { evidence: { ...EVIDENCE, comparedWith } };
      expect(failing(stale)).toEqual(['incumbent']);
      expect(detail('incumbent', stale)).toContain(
        'v0.9.0 is active now; measure it again with npm run model -- promote',
      );
      expect(failing({ ...stale, active: undefined })).toEqual([]);
      expect(failing({ ...stale, active: { version: MANIFEST.version } })).toEqual([]);
    },
  );

  test.each<[string, unknown]>([
    ['e5_rank_ic.value', 0.7],
    ['n5_rank_icir.value', 0.7],
    ['ece.value', 0],
    ['baselines.weekly_reversal.e5_rank_ic.value', -0.5],
    ['baselines.momentum_12_1.e5_rank_ic.difference.value', 0.7],
    ['hit_rate.BUY', 0.9],
    ['top_2_excess_after_costs.value', 0.05],
    ['log_loss_gain_direction.value', 0.1],
    ['rows', 9999],
    ['e5_rank_ic.interval', [0.4, 0.8]],
    ['direction_auc', undefined],
    ['direction_auc.value', '0.6'],
    ['baselines', undefined],
    ['e5_rank_ic.interval', null],
  ])('fails the metrics alone if the manifest says that %s is %j', (path, value) => {
    expect(failing(edited(`metrics.${path}`, value))).toEqual(['metrics']);
    expect(detail('metrics', edited(`metrics.${path}`, value))).toContain(path.split('.')[0]);
  });

  test('allows a measure to differ by 0.0001', () => {
    const own = EVIDENCE.measures.ece as { value: number };
    expect(failing(edited('metrics.ece.value', own.value + 0.99e-4))).toEqual([]);
    expect(failing(edited('metrics.ece.value', own.value + 1.01e-4))).toEqual(['metrics']);
    expect(failing(edited('metrics.ece.value', own.value - 1.01e-4))).toEqual(['metrics']);
  });

  test('decides by its own interval, not the manifest’s', () => {
    expect(failing(measured('measures.e5_rank_ic.interval', [0, 0.49]))).toContain('e5_rank_ic');
    expect(failing(both('e5_rank_ic.interval', [0, 0.49]))).toEqual(['e5_rank_ic']);
    expect(failing(both('e5_rank_ic.interval', [1e-9, 0.49]))).toEqual([]);
  });

  test('limits the calibration error to 0.02', () => {
    expect(failing(both('ece.value', 0.02))).toEqual([]);
    expect(failing(both('ece.value', 0.02000001))).toEqual(['calibration']);
    expect(detail('calibration', both('ece.value', 0.02000001))).toBe(
      'the expected calibration error of 0.02000001 is not within the limit of 0.02',
    );
  });

  test('refuses a release whose whole interval of the paired difference is below 0', () => {
    expect(failing(compared([-0.02, 0]))).toEqual([]);
    expect(failing(compared([-0.02, -1e-6]))).toEqual(['incumbent']);
    expect(failing(compared(null))).toEqual([]);
    expect(failing({ ...compared([-0.02, -0.01]), active: undefined })).toEqual([]);
    expect(failing({ ...compared([-0.02, -0.01]), active: { version: 'v1.0.0' } })).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['parity.rows', 99_999],
    ['parity.rows', 100_000.5],
    ['parity.scoreMaxAbsDiff', 1.01e-5],
    ['parity.moveMaxAbsDiff', 1.01e-5],
    ['parity.moveMaxAbsDiff', -1],
    ['parity.scoreMaxAbsDiff', undefined],
    ['parity', 'good'],
  ])('fails the parity alone if %s is %j', (path, value) => {
    expect(failing(edited(path, value))).toEqual(['parity']);
  });

  test('accepts fewer parity rows only if they are all test rows', () => {
    const few = (rows: number) => ({
      manifest: changed(changed(MANIFEST, 'parity.rows', rows), 'training.testRows', 5000),
    });
    expect(failing(few(5000))).toEqual([]);
    expect(failing(few(4999))).toEqual(['parity']);
  });

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['a text', 'manifest'],
    ['an empty manifest', {}],
    ['lists', { metrics: [], parity: [1, 2] }],
  ])('throws nothing for %s', (_, manifest) => {
    const strange = (manifest ?? {}) as Manifest;
    expect(failing({ manifest: strange })).toEqual(['parity', 'metrics']);
    expect(failures(verdictOf({ manifest: strange }))).not.toContain('\n');
  });
});
