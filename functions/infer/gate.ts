import type { Evidence } from '../evaluate/evidence.ts';
import { ModelError } from '../shared/errors.ts';
import { valueAt } from '../shared/value-at.ts';
import type { Manifest } from './manifest.ts';
import type { OnnxParity } from './onnx-parity.ts';
import type { OwnSlice } from './own-slice.ts';

/** Fewest rows on which ONNX is compared with LightGBM, unless there are fewer test rows. */
const LEAST_PARITY_ROWS = 100_000;

/** Largest difference that float32 sums of a few hundred trees explain, with a wide margin. */
const LARGEST_DIFFERENCE = 1e-5;

/** Probabilities may be two points off on average. */
const LARGEST_CALIBRATION_ERROR = 0.02;

/** Largest difference of a measure from the manifest's. Other ties and rounding explain less. */
const LARGEST_DEVIATION = 1e-4;

/**
 * Largest difference of an interval's end from the manifest's, as a share of the interval's width. Other random numbers
 * explain about 0.03.
 */
const LARGEST_SHIFT = 0.2;

/**
 * Least rank correlation of a release's own model with its predictions. Release v1.0.0 has 0.92 in the score and 0.99 in
 * the chance of a large move; a model of other data has about 0.
 */
const LEAST_AGREEMENT = 0.5;

/** Most differing measures that a verdict names. */
const NAMED = 3;

/** Fewest predicted days: two horizons. The interval of one day would be the day itself. A training predicts 84 or more. */
const LEAST_DAYS = 40;

/** The figures that the gate measured on a release. */
export type ReleaseEvidence = Evidence & {
  onnx?: OnnxParity;
  ownSlice?: OwnSlice | undefined;
  /** The version that was active then, which the predictions were compared with. */
  comparedWith?: string | undefined;
};

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
 * Judges whether a release may replace the active one, by the measures of its out-of-sample predictions on the bars of
 * the database (docs/adr/0042). It must pass all of these checks:
 *
 * - ONNX equals LightGBM, by the manifest's figures.
 * - ONNX equals the trees, by the gate's own.
 * - The release has predictions of at least 40 days, and the database has the bars of all of them.
 * - Every measure equals the manifest's.
 * - The model, run on the last predicted days, orders the stocks like the predictions.
 * - The probabilities are calibrated.
 * - The interval of the rank IC on returns beyond factors is above 0.
 * - By this rank IC on common rows, the release is not worse than the active model by the whole interval. A comparison
 *   with another version than the active one is invalid.
 *
 * A number that is missing or out of range fails its check and throws nothing.
 *
 * @param active - the active version
 * @param evidence - the measured figures, which may be stored ones
 */
export function judge(
  manifest: Manifest,
  active: { version: string } | undefined,
  evidence: ReleaseEvidence,
): Verdict {
  const checks = [parity(new Source(manifest)), onnx(evidence.onnx), predictions(evidence)];
  if (evidence.measures) {
    const measured = new Source(evidence.measures);
    checks.push(
      metrics(manifest, evidence.measures),
      ownSlice(evidence.ownSlice),
      calibration(measured),
      skill(measured),
      incumbent(manifest, active, evidence),
    );
  }
  return { passed: checks.every(({ passed }) => passed), checks };
}

/** Names and details of the failed checks, on one line. */
export function failures({ checks }: Verdict): string {
  const failed = checks.filter(({ passed }) => !passed);
  return failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
}

function parity(source: Source): Check {
  const rows = source.number('parity.rows', COUNT);
  const score = source.number('parity.scoreMaxAbsDiff', POSITIVE);
  const move = source.number('parity.moveMaxAbsDiff', POSITIVE);
  return settled('parity', [rows, score, move], () => {
    const tested = source.number('training.testRows', COUNT);
    const needed = Math.min(LEAST_PARITY_ROWS, tested.value || LEAST_PARITY_ROWS);
    const first = ({ value }: Reading) => pair(value, LARGEST_DIFFERENCE)[0];
    const excepted = source.number('parity.thresholdRows', COUNT);
    return {
      passed: rows.value >= needed && Math.max(score.value, move.value) <= LARGEST_DIFFERENCE,
      detail:
        `on ${rows.value} rows (at least ${needed}), ONNX differs from LightGBM by at most ${first(score)} in the ` +
        `score and ${first(move)} in the chance of a large move (limit ${LARGEST_DIFFERENCE})` +
        (excepted.fault ? '' : `; excluded: ${excepted.value} rows that lie on a threshold`),
    };
  });
}

/** Compares the files themselves, because the manifest's figures of parity are only a claim. */
function onnx(measured: OnnxParity | undefined): Check {
  const name = 'onnx';
  if (!measured) return { name, passed: false, detail: 'score.onnx was not compared with trees.json' };
  const { rows, day, difference } = measured;
  const on = day
    ? `${rows} rows of ${day}`
    : `${rows} random rows, because the database has none with all inputs`;
  const [found, limit] = pair(difference, LARGEST_DIFFERENCE);
  return {
    name,
    passed: difference <= LARGEST_DIFFERENCE,
    detail: `score.onnx differs from trees.json by at most ${found} (limit ${limit}) on ${on}`,
  };
}

/** Predictions of another model would pass all other checks. */
function ownSlice(measured: OwnSlice | undefined): Check {
  const name = 'own_slice';
  if (!measured)
    return {
      name,
      passed: false,
      detail: 'the model was not run on its last predicted days: the database lacks some of their inputs',
    };
  const { days, from, to, score, move } = measured;
  return {
    name,
    passed: Math.min(score, move) >= LEAST_AGREEMENT,
    detail:
      `run on ${days} days, ${from} to ${to}, the model agrees with its predictions by a rank correlation of ` +
      `${short(score)} in the score and ${short(move)} in the chance of a large move (at least ${LEAST_AGREEMENT})`,
  };
}

function predictions(evidence: ReleaseEvidence): Check {
  const name = 'predictions';
  if (evidence.fault !== undefined) return { name, passed: false, detail: evidence.fault };
  const { rows, days } = evidence.measures;
  if (days < LEAST_DAYS)
    return { name, passed: false, detail: `${days} days are too few to measure (at least ${LEAST_DAYS})` };
  return { name, passed: true, detail: `all ${rows} rows of ${days} days have their bars in the database` };
}

/** Compares every recomputed number with the manifest's, and the ends of intervals roughly. */
function metrics(manifest: Manifest, measures: object): Check {
  const source = new Source(manifest.metrics);
  const differing: string[] = [];
  let count = 0;
  for (const { path, value, tolerance } of numbersOf(measures)) {
    const { value: claimed, fault } = source.number(path, RATIO);
    count++;
    const name = path.map(word).join('.');
    if (fault)
      differing.push(`${name} is ${short(value)}, and in the manifest it ${fault.slice(name.length + 1)}`);
    else if (!(Math.abs(claimed - value) <= tolerance)) {
      const [found, stated] = pair(value, claimed);
      differing.push(`${name} is ${found}, not ${stated}`);
    }
  }
  const more = differing.length > NAMED ? `, and ${differing.length - NAMED} more` : '';
  return {
    name: 'metrics',
    passed: differing.length === 0,
    detail:
      differing.length === 0
        ? `${count} measures equal the manifest's`
        : `measured again, ${differing.slice(0, NAMED).join(', ')}${more}`,
  };
}

interface ExpectedNumber {
  path: string[];
  value: number;
  tolerance: number;
}

function numbersOf(value: unknown, path: string[] = []): ExpectedNumber[] {
  // A difference is that of two measures, of which each may differ.
  const tolerance = path.includes('difference') ? 2 * LARGEST_DEVIATION : LARGEST_DEVIATION;
  if (typeof value === 'number') return [{ path, value, tolerance }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== 'interval' || !Array.isArray(inner)) return numbersOf(inner, [...path, key]);
    const [low, high] = inner as [number, number];
    const wide = tolerance + LARGEST_SHIFT * (high - low);
    return [low, high].map((end, i) => ({ path: [...path, key, String(i)], value: end, tolerance: wide }));
  });
}

/** The interval must exclude 0. A mean above 0 may be chance. */
function skill(measured: Source): Check {
  const own = measured.number('e5_rank_ic.value', CORRELATION);
  const low = measured.number('e5_rank_ic.interval.0', CORRELATION);
  const high = measured.number('e5_rank_ic.interval.1', CORRELATION);
  return settled('e5_rank_ic', [own, low, high], () => {
    const passed = low.value > 0;
    const interval = `${short(low.value)} to ${short(high.value)}`;
    const what = `the rank IC on 5 days' returns beyond factors, ${short(own.value)}, has an interval of ${interval}`;
    return { passed, detail: `${what}, which is ${passed ? '' : 'not '}above 0` };
  });
}

function incumbent(
  { version }: Manifest,
  active: { version: string } | undefined,
  { comparison, comparedWith }: ReleaseEvidence,
): Check {
  const name = 'incumbent';
  const passing = (detail: string) => ({ name, passed: true, detail });
  if (!active) return passing('no model was active to compare with');
  if (version === active.version) return passing(`${active.version} is the active version itself`);
  if (comparedWith !== active.version)
    return {
      name,
      passed: false,
      detail:
        `the release was compared with ${comparedWith ?? 'no version'}, and ${active.version} is active now; ` +
        'measure it again with npm run model -- promote, or on AWS with the Operate function',
    };
  if (!comparison) return passing(`${active.version} has no predictions to compare with`);
  const { rows, value, interval } = comparison;
  if (value === null || interval === null)
    return passing(`${active.version} has predicted too few of the same days to compare with`);
  const passed = interval[1] >= 0;
  return {
    name,
    passed,
    detail:
      `on ${rows} rows that ${active.version} predicted too, the rank IC on 5 days' returns beyond factors differs by ` +
      `${short(value)}, with an interval of ${short(interval[0])} to ${short(interval[1])}, which is ` +
      `${passed ? 'not ' : ''}below 0`,
  };
}

function calibration(measured: Source): Check {
  const error = measured.number('ece.value', SHARE);
  return settled('calibration', [error], () => {
    const [found, limit] = pair(error.value, LARGEST_CALIBRATION_ERROR);
    const passed = error.value <= LARGEST_CALIBRATION_ERROR;
    const detail = `the expected calibration error of ${found} is ${passed ? '' : 'not '}within the limit of ${limit}`;
    return { passed, detail };
  });
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
