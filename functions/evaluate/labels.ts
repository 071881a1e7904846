import * as z from 'zod';
import type { Manifest } from '../infer/manifest.ts';
import { ModelError } from '../shared/errors.ts';
import { averageRanks, mean } from './correlation.ts';

const TRADING_DAYS_A_YEAR = 252;

const [SELL, HOLD, BUY] = [0, 1, 2] as const;

/** Labels by a score's rank within its day, after the score is made independent of volatility and the exposures. */
const NeutralRule = z.looseObject({
  kind: z.literal('cross-sectional-neutral'),
  /** Share of a day's rows that are SELL, and share that are BUY. */
  tail: z.number().gt(0).lt(0.5),
  volatilityFeature: z.string().min(1),
  /** Model inputs of which the score is made independent. */
  exposures: z.array(z.string().min(1)),
});

/** Labels by the return itself, against bands of its volatility. Releases without a kind of label use this rule. */
const BandRule = z.looseObject({
  /** Half the width of HOLD, in deviations over the horizon. */
  bandWidth: z.number().positive(),
  volatilityFeature: z.string().min(1),
});

const AnyRule = z.looseObject({ kind: z.unknown().optional() });

/** A release's rule to make labels of outcomes. */
export type LabelRule = (
  | { kind: 'neutral'; tail: number; exposures: string[] }
  | { kind: 'bands'; bandWidth: number; exposures: [] }
) & {
  /** The model input with the annualised volatility. */
  volatilityFeature: string;
  horizonDays: number;
};

/**
 * Calendar days within which a horizon must end for its row to be measured: three per bar, and a week for holidays. A
 * longer span means that trading was halted.
 *
 * @example
 * longestSpan(20); // 67
 */
export function longestSpan(horizonDays: number): number {
  return 3 * horizonDays + 7;
}

/** @throws ModelError if the manifest has no label rule, or an unknown one */
export function labelRule(manifest: Manifest): LabelRule {
  const { version, label, horizonDays } = manifest;
  const read = <T extends z.ZodType>(schema: T): z.output<T> => {
    const { data, error } = schema.safeParse(label);
    if (!error) return data;
    const faults = error.issues.map((issue) => `${['label', ...issue.path].join('.')}: ${issue.message}`);
    throw new ModelError(`model ${version}: ${faults.join('; ')}`);
  };
  if (read(AnyRule).kind === undefined) {
    const { bandWidth, volatilityFeature } = read(BandRule);
    return { kind: 'bands', bandWidth, exposures: [], volatilityFeature, horizonDays };
  }
  const { tail, exposures, volatilityFeature } = read(NeutralRule);
  return { kind: 'neutral', tail, exposures, volatilityFeature, horizonDays };
}

/**
 * The labels of a day's rows, as indices into LABELS. s is the annualised volatility times sqrt(horizon / 252), and r
 * is the forward return:
 *
 * - bands: SELL if r < -bandWidth s, BUY if r > bandWidth s, else HOLD.
 * - neutral: the score is (r - mean of r) / s, less its least squares fit within the day on a constant and the
 *   exposures. Its place is (average rank - 0.5) / n. SELL if the place is below `tail`, BUY if above 1 - `tail`.
 *
 * @param annualised - volatility, one per row
 * @param exposures - the values of each of the rule's exposures, one per row
 */
export function labelsOfDay(
  rule: LabelRule,
  forward: readonly number[],
  annualised: readonly number[],
  exposures: readonly (readonly number[])[] = [],
): number[] {
  // Single precision, like the store and the trainer, so that a return near an edge gets the same label.
  const volatility = annualised.map(Math.fround);
  if (rule.kind === 'bands') {
    return forward.map((value, i) => {
      const band = rule.bandWidth * (at(volatility, i) * yearShare(rule.horizonDays));
      return value < -band ? SELL : value > band ? BUY : HOLD;
    });
  }
  return tails(neutralReturns(forward, volatility, exposures, rule.horizonDays), rule.tail);
}

/**
 * The scores of {@link labelsOfDay}'s neutral rule, for any horizon.
 *
 * @param volatility - annualised, one per row
 * @param exposures - the values of each exposure, one per row
 */
export function neutralReturns(
  forward: readonly number[],
  volatility: readonly number[],
  exposures: readonly (readonly number[])[],
  horizonDays: number,
): number[] {
  const centre = mean(forward);
  const scale = yearShare(horizonDays);
  const scores = forward.map((value, i) => (value - centre) / (Math.max(at(volatility, i), 1e-6) * scale));
  return forward.length > exposures.length + 1 ? residuals(scores, exposures) : scores;
}

/** Labels of the lowest and the highest share of some values, as indices into LABELS. */
export function tails(values: readonly number[], tail: number): number[] {
  return averageRanks(values).map((rank) => {
    const place = (rank - 0.5) / values.length;
    return place < tail ? SELL : place > 1 - tail ? BUY : HOLD;
  });
}

const yearShare = (horizonDays: number) => Math.sqrt(horizonDays / TRADING_DAYS_A_YEAR);

/** The residuals of a fit on a constant and the columns, by Gram-Schmidt orthogonalisation. */
function residuals(values: readonly number[], columns: readonly (readonly number[])[]): number[] {
  const directions: number[][] = [];
  let rest = [...values];
  for (const column of [values.map(() => 1), ...columns]) {
    const direction = directions.reduce((left, known) => without(left, known), [...column]);
    // A column that the others explain adds no direction.
    if (dot(direction, direction) <= 1e-12 * Math.max(1, dot(column, column))) continue;
    directions.push(direction);
    rest = without(rest, direction);
  }
  return rest;
}

/** A value of a row; all columns of a day have as many rows. */
const at = (values: readonly number[], i: number) => values[i] as number;

function without(values: readonly number[], direction: readonly number[]): number[] {
  const share = dot(values, direction) / dot(direction, direction);
  return values.map((value, i) => value - share * at(direction, i));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * at(b, i), 0);
}
