import { z } from 'zod';
import type { Manifest } from '../infer/manifest.ts';
import { ModelError } from '../shared/errors.ts';
import { averageRanks, mean } from './correlation.ts';

const TRADING_DAYS_A_YEAR = 252;

const [SELL, HOLD, BUY] = [0, 1, 2] as const;

/** A score's place within its day decides, once volatility and the exposures are taken out of it. */
const NeutralRule = z.looseObject({
  kind: z.literal('cross-sectional-neutral'),
  /** Share of a day's rows that are SELL, and share that are BUY. */
  tail: z.number().gt(0).lt(0.5),
  volatilityFeature: z.string().min(1),
  /** Model inputs that the score is made independent of. */
  exposures: z.array(z.string().min(1)),
});

/** The return itself decides, against bands of its own volatility: releases before there were kinds. */
const BandRule = z.looseObject({
  /** Half the width of HOLD, in deviations over the horizon. */
  bandWidth: z.number().positive(),
  volatilityFeature: z.string().min(1),
});

const AnyRule = z.looseObject({ kind: z.unknown().optional() });

/** How a release says that outcomes become labels. */
export type LabelRule = (
  | { kind: 'neutral'; tail: number; exposures: string[] }
  | { kind: 'bands'; bandWidth: number; exposures: [] }
) & {
  /** The model input that is the annualised volatility. */
  volatilityFeature: string;
  horizonDays: number;
};

/**
 * Calendar days within which a horizon has to end for its row to count: three a bar, and a week for holidays. Beyond
 * that the instrument was halted, and its return is not one over the horizon.
 *
 * @example
 * longestSpan(20); // 67
 */
export function longestSpan(horizonDays: number): number {
  return 3 * horizonDays + 7;
}

/** @throws ModelError if the manifest does not say how its labels are made, or in a way that is not known here */
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
 * The labels of a day's rows, as indices into LABELS. With s the annualised volatility times sqrt(horizon / 252)
 * and r the forward return:
 *
 * - bands: SELL if r < -bandWidth s, BUY if r > bandWidth s, else HOLD.
 * - neutral: the score is (r - mean of r) / s, less its least squares fit within the day on a constant and the
 *   exposures; its place is (average rank - 0.5) / n. SELL if the place is below `tail`, BUY if above 1 - `tail`.
 *
 * @param volatility - annualised, one a row
 * @param exposures - for each of the rule's exposures, its value in each row
 */
export function labelsOfDay(
  rule: LabelRule,
  forward: readonly number[],
  volatility: readonly number[],
  exposures: readonly (readonly number[])[] = [],
): number[] {
  const year = Math.sqrt(rule.horizonDays / TRADING_DAYS_A_YEAR);
  // Single precision is what the store and the trainer hold: a return near an edge falls on the same side.
  const scale = volatility.map((value) => Math.fround(value) * year);
  if (rule.kind === 'bands') {
    return forward.map((value, i) => {
      const band = rule.bandWidth * (scale[i] ?? Number.NaN);
      return value < -band ? SELL : value > band ? BUY : HOLD;
    });
  }
  const centre = mean(forward);
  const scores = forward.map((value, i) => (value - centre) / Math.max(scale[i] ?? Number.NaN, 1e-6 * year));
  const kept = forward.length > exposures.length + 1 ? residuals(scores, exposures) : scores;
  return averageRanks(kept).map((rank) => {
    const place = (rank - 0.5) / forward.length;
    return place < rule.tail ? SELL : place > 1 - rule.tail ? BUY : HOLD;
  });
}

/** What a constant and the columns leave unexplained, by projecting each direction out in turn (Gram-Schmidt). */
function residuals(values: readonly number[], columns: readonly (readonly number[])[]): number[] {
  const directions: number[][] = [];
  let rest = [...values];
  for (const column of [values.map(() => 1), ...columns]) {
    const direction = directions.reduce((left, known) => without(left, known), [...column]);
    // A column that the others explain has no direction of its own.
    if (dot(direction, direction) <= 1e-12 * Math.max(1, dot(column, column))) continue;
    directions.push(direction);
    rest = without(rest, direction);
  }
  return rest;
}

function without(values: readonly number[], direction: readonly number[]): number[] {
  const share = dot(values, direction) / dot(direction, direction);
  return values.map((value, i) => value - share * (direction[i] ?? 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}
