import * as z from 'zod';
import type { Manifest } from '../infer/manifest.ts';
import { ModelError } from '../shared/errors.ts';
import { averageRanks, mean } from './correlation.ts';

const TRADING_DAYS_A_YEAR = 252;

const [SELL, HOLD, BUY] = [0, 1, 2] as const;

/** Labels by a score's rank within its day, after the score is made independent of volatility and the exposures. */
const Label = z.looseObject({
  kind: z.literal('cross-sectional-neutral'),
  /** Share of a day's rows that are SELL, and share that are BUY. */
  tail: z.number().gt(0).lt(0.5),
  volatilityFeature: z.string().min(1),
  /** Model inputs of which the score is made independent. */
  exposures: z.array(z.string().min(1)),
});

/** A release's rule for labels and neutral returns. */
export interface NeutralRule {
  tail: number;
  /** The column with the annualised volatility. */
  volatilityFeature: string;
  /** Inputs of which returns are made independent, each the rank of a column: `x_rank` of `x`. */
  exposures: readonly string[];
  horizonDays: number;
  shortHorizonDays: number;
}

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

/** @throws ModelError naming what is missing or wrong, if the manifest has no such rule */
export function neutralRule({ version, label, horizonDays, shortHorizonDays }: Manifest): NeutralRule {
  const { data, error } = Label.safeParse(label);
  const faults =
    error?.issues.map((issue) => `${['label', ...issue.path].join('.')}: ${issue.message}`) ?? [];
  const isHorizon = Number.isInteger(shortHorizonDays) && (shortHorizonDays as number) > 0;
  if (!isHorizon) faults.push('shortHorizonDays: is not a number of days');
  if (!data || faults.length > 0) throw new ModelError(`model ${version}: ${faults.join('; ')}`);
  const { tail, exposures, volatilityFeature } = data;
  return { tail, exposures, volatilityFeature, horizonDays, shortHorizonDays: shortHorizonDays as number };
}

/**
 * The returns of a day's rows in units of their volatility, made neutral to the exposures: (r - mean of r) / s, less its
 * least squares fit within the day on a constant and the exposures. r is the forward return, and s the annualised
 * volatility times sqrt(horizon / 252). Labels are the {@link tails} over the long horizon.
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

/** Labels of the lowest and the highest share of some values, by (average rank - 0.5) / n, as indices into LABELS. */
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
