import { RANKING_BASELINES } from '../shared/constants.ts';
import { ModelError } from '../shared/errors.ts';
import { valueAt } from '../shared/value-at.ts';
import type { Manifest } from './manifest.ts';

/** Fewest rows on which ONNX is compared with LightGBM, unless there are fewer test rows. */
const LEAST_PARITY_ROWS = 100_000;

/** Largest difference that float32 sums of a few hundred trees explain, with a wide margin. */
const LARGEST_DIFFERENCE = 1e-5;

/** Probabilities may be two points off on average, which is less than the profiles' margin over the base rate. */
const LARGEST_CALIBRATION_ERROR = 0.02;

/** One condition of the gate. */
export interface Check {
  name: string;
  passed: boolean;
  /** A sentence with the measured number and its limit, or with the missing number. */
  detail: string;
}

/** The gate's judgement of a release. */
export interface Verdict {
  /** Every check passed. */
  passed: boolean;
  checks: Check[];
}

/** A release fails the gate, so it was not promoted. */
export class GateRefusedError extends ModelError {
  readonly verdict: Verdict;
  constructor(version: string, verdict: Verdict) {
    super(`model ${version} fails the gate: ${failures(verdict)}`);
    this.verdict = verdict;
  }
}

/**
 * Judges from its manifest whether a release may replace the active one. It must pass all of these checks:
 *
 * - ONNX equals LightGBM.
 * - The probabilities are calibrated and beat the shares of the labels.
 * - The interval of the rank IC is above 0.
 * - The rank ICIR, the mean of the daily rank IC over its deviation, is above that of the baselines and of the active
 *   model on the same folds (docs/adr/0009).
 *
 * A number that is missing or out of range fails its check and throws nothing.
 *
 * @param active - the active version
 * @example
 * const { passed, checks } = judge(manifest, { version: 'v0.1.0' });
 */
export function judge(manifest: Manifest, active: { version: string } | undefined): Verdict {
  const source = new Source(manifest);
  const error = source.number('metrics.ece', SHARE);
  const limit = { value: LARGEST_CALIBRATION_ERROR };
  const loss = source.number('metrics.log_loss', POSITIVE);
  const majority = source.number('metrics.baselines.majority_class.log_loss', POSITIVE);
  const steadiness = source.number('metrics.rank_icir', RATIO);
  const checks = [
    parity(source),
    compared('calibration', 'expected calibration error', error, 'within', limit),
    compared('log_loss', 'log loss', loss, 'below', majority, 'the majority class'),
    rankIc(source),
    ...baselines(source).map((name) => {
      const base = source.number(['metrics', 'baselines', name, 'rank_icir'], RATIO);
      return compared(`rank_icir_over_${word(name)}`, 'rank ICIR', steadiness, 'above', base, word(name));
    }),
    incumbent(source, steadiness, active),
  ];
  return { passed: checks.every(({ passed }) => passed), checks };
}

/** Names and details of the failed checks, on one line. */
export function failures({ checks }: Verdict): string {
  const failed = checks.filter(({ passed }) => !passed);
  return failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
}

function parity(source: Source): Check {
  const rows = source.number('parity.rows', COUNT);
  const classifier = source.number('parity.classifierMaxAbsDiff', POSITIVE);
  const regressor = source.number('parity.regressorMaxAbsDiff', POSITIVE);
  const flips = source.number('parity.labelFlips', COUNT);
  return settled('parity', [rows, classifier, regressor, flips], () => {
    const tested = source.number('training.testRows', COUNT);
    const needed = Math.min(LEAST_PARITY_ROWS, tested.value || LEAST_PARITY_ROWS);
    const first = ({ value }: Reading) => pair(value, LARGEST_DIFFERENCE)[0];
    const largest = Math.max(classifier.value, regressor.value);
    const excepted = source.number('parity.thresholdRows', COUNT);
    return {
      passed: rows.value >= needed && largest <= LARGEST_DIFFERENCE && flips.value === 0,
      detail:
        `on ${rows.value} rows (at least ${needed}), ONNX differs from LightGBM by at most ` +
        `${first(classifier)} in the classifier and ${first(regressor)} in the regressor ` +
        `(limit ${LARGEST_DIFFERENCE}), and ${flips.value} labels differ (limit 0)` +
        (excepted.fault ? '' : `; not counted: ${excepted.value} rows that lie on a threshold`),
    };
  });
}

/** The interval must exclude 0. A mean above 0 may be chance. */
function rankIc(source: Source): Check {
  const own = source.number('metrics.rank_ic', CORRELATION);
  const low = source.number('metrics.intervals.rank_ic.0', CORRELATION);
  const high = source.number('metrics.intervals.rank_ic.1', CORRELATION);
  return settled('rank_ic', [own, low, high], () => {
    const passed = low.value > 0;
    const interval = `${short(low.value)} to ${short(high.value)}`;
    const detail = `the rank IC of ${short(own.value)} has an interval of ${interval}, which is ${passed ? '' : 'not '}above 0`;
    return { passed, detail };
  });
}

function incumbent(source: Source, own: Reading, active: { version: string } | undefined): Check {
  const name = 'incumbent';
  if (!active) return { name, passed: true, detail: 'no model was active to compare with' };
  if (source.at(['version']) === active.version)
    return { name, passed: true, detail: `${active.version} is the active version itself` };
  const measured = source.at(['metrics', 'incumbent', 'version']);
  if (measured !== active.version) {
    const other = typeof measured === 'string' ? ` but with ${word(measured)}` : '';
    const detail = `the release was not compared with ${active.version} on the same folds${other}: train it with --incumbent`;
    return { name, passed: false, detail };
  }
  const rank = (path: string) => source.number(['metrics', 'incumbent', ...path.split('.')], RATIO);
  const has = (path: string) => source.at(['metrics', 'incumbent', path]) instanceof Object;
  // Rows that a release was fitted on flatter it. So the active model's own walk-forward is compared if its folds were
  // the same. Otherwise it is the rows that neither model saw, and all rows only without either.
  if (has('walk_forward')) {
    const whose = `${active.version} in its walk-forward over the same folds`;
    return compared(name, 'rank ICIR', own, 'above', rank('walk_forward.rank_icir'), whose);
  }
  if (has('unseen')) {
    const whose = `${active.version} on the rows that neither had seen`;
    const unseen = rank('unseen.model.rank_icir');
    return compared(name, 'rank ICIR', unseen, 'above', rank('unseen.rank_icir'), whose);
  }
  return compared(name, 'rank ICIR', own, 'above', rank('rank_icir'), `${active.version} on the same folds`);
}

const SIDES = {
  above: (own: number, base: number) => own > base,
  below: (own: number, base: number) => own < base,
  within: (own: number, base: number) => own <= base,
};
type Side = keyof typeof SIDES;

/**
 * Checks that a number is on one side of another.
 *
 * @param whose - the model that the other number belongs to; a limit if left out
 */
function compared(name: string, what: string, own: Reading, side: Side, base: Reading, whose?: string) {
  return settled(name, [own, base], () => {
    const [found, limit] = pair(own.value, base.value);
    const passed = SIDES[side](own.value, base.value);
    const reference = whose === undefined ? `the limit of ${limit}` : `the ${limit} of ${whose}`;
    return { passed, detail: `the ${what} of ${found} is ${passed ? '' : 'not '}${side} ${reference}` };
  });
}

/** The baselines to beat: those of every release, and any other with a rank ICIR in the manifest. */
function baselines(source: Source): string[] {
  const measured = source.at(['metrics', 'baselines']);
  const others = typeof measured === 'object' && measured !== null ? Object.keys(measured) : [];
  const ranked = others.filter(
    (name) => source.at(['metrics', 'baselines', name, 'rank_icir']) !== undefined,
  );
  return [...new Set<string>([...RANKING_BASELINES, ...ranked])];
}

/** Decides a check if all of its numbers are valid; otherwise the check fails with their faults. */
function settled(name: string, readings: Reading[], decide: () => Omit<Check, 'name'>): Check {
  const faults = readings.flatMap(({ fault }) => fault ?? []);
  return faults.length > 0 ? { name, passed: false, detail: faults.join(', ') } : { name, ...decide() };
}

/** A number, or NaN with its fault. */
interface Reading {
  value: number;
  fault?: string;
}

type Range = readonly [least: number, most: number];
const CORRELATION: Range = [-1, 1];
const RATIO: Range = [-Number.MAX_VALUE, Number.MAX_VALUE];
const SHARE: Range = [0, 1];
const POSITIVE: Range = [0, Number.MAX_VALUE];
/** Whole numbers only. */
const COUNT: Range = [0, Number.MAX_SAFE_INTEGER];

/** Reads numbers from a manifest whose measures may have any shape. */
class Source {
  readonly #manifest: unknown;
  constructor(manifest: unknown) {
    this.#manifest = manifest;
  }

  at(path: string[]): unknown {
    return valueAt(this.#manifest, path);
  }

  number(where: string | string[], range: Range): Reading {
    const path = typeof where === 'string' ? where.split('.') : where;
    const value = this.at(path);
    const name = path.map(word).join('.');
    const wrong = (fault: string) => ({ value: Number.NaN, fault: `${name} ${fault}` });
    if (value === undefined || value === null) return wrong('is missing');
    if (typeof value !== 'number') return wrong('is not a number');
    const [least, most] = range;
    const fits = value >= least && value <= most && (range !== COUNT || Number.isInteger(value));
    return fits ? { value } : wrong(`is ${value}, which is out of range`);
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** Two numbers as text, in full where a few digits do not distinguish them. */
function pair(a: number, b: number): [string, string] {
  const few: [string, string] = [short(a), short(b)];
  return few[0] === few[1] && a !== b ? [String(a), String(b)] : few;
}

/** A name from a manifest, quoted if it has unusual characters, so that a verdict stays on one line. */
function word(name: string): string {
  return /^[\w.-]{1,60}$/.test(name) ? name : JSON.stringify(name.slice(0, 60));
}
