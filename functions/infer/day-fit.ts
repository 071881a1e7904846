import { defined } from '../shared/invariant.ts';

/** A pair of values, one per input that the score is made neutral to. */
export type Pair = readonly [number, number];

/**
 * How the scores of a day depend on two inputs: six numbers, from which any stock can be placed among those of the day
 * (docs/adr/0042, steps 2 and 3).
 */
export interface DayFit {
  meanScore: number;
  meanInputs: Pair;
  /** Of the ordinary least squares fit of the scores on the inputs, both less their means. */
  slopes: Pair;
  /** Root mean square of the residuals. */
  deviation: number;
}

/** The constant and two slopes: with no more rows the residual is not defined, and only the mean is subtracted. */
const COEFFICIENTS = 3;

/** Below this share of the product of the variances, the determinant of their matrix is rounding. */
const SINGULAR = 1e-12;

/**
 * Fits the scores of all stocks of a day.
 *
 * @param inputs - one pair per score
 */
export function fitDay(scores: readonly number[], inputs: readonly Pair[]): DayFit {
  const n = Math.max(scores.length, 1);
  const meanScore = sum(scores) / n;
  const meanInputs: Pair = [sum(inputs.map(([x]) => x)) / n, sum(inputs.map(([, y]) => y)) / n];
  const slopes: Pair =
    scores.length > COEFFICIENTS ? slopesOf(scores, inputs, { meanScore, meanInputs }) : [0, 0];
  const fit = { meanScore, meanInputs, slopes };
  const squares = scores.map(
    (score, i) => residual(fit, score, defined(inputs[i], 'inputs of a score')) ** 2,
  );
  return { ...fit, deviation: Math.sqrt(sum(squares) / n) };
}

/** The score of a stock that the day's fit does not explain, in deviations of the day: z. */
export function neutralScore(fit: DayFit, score: number, inputs: Pair): number {
  return fit.deviation > 0 ? residual(fit, score, inputs) / fit.deviation : 0;
}

/** The score that the fit explains. */
export function explained(
  { meanScore, meanInputs, slopes }: Omit<DayFit, 'deviation'>,
  [x, y]: Pair,
): number {
  return meanScore + (x - meanInputs[0]) * slopes[0] + (y - meanInputs[1]) * slopes[1];
}

function residual(fit: Omit<DayFit, 'deviation'>, score: number, inputs: Pair): number {
  return score - explained(fit, inputs);
}

/** Solves the normal equations; of a singular matrix, the solution of least norm. */
function slopesOf(
  scores: readonly number[],
  inputs: readonly Pair[],
  { meanScore, meanInputs }: Pick<DayFit, 'meanScore' | 'meanInputs'>,
): Pair {
  let [xx, xy, yy, xs, ys] = [0, 0, 0, 0, 0];
  for (const [i, score] of scores.entries()) {
    const [first, second] = defined(inputs[i], 'inputs of a score');
    const [x, y, s] = [first - meanInputs[0], second - meanInputs[1], score - meanScore];
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xs += x * s;
    ys += y * s;
  }
  const determinant = xx * yy - xy * xy;
  if (determinant > SINGULAR * xx * yy) {
    return [(yy * xs - xy * ys) / determinant, (xx * ys - xy * xs) / determinant];
  }
  // A symmetric matrix of rank 1 has the pseudo-inverse A / trace(A)².
  const trace = xx + yy;
  return trace > 0 ? [(xx * xs + xy * ys) / trace ** 2, (xy * xs + yy * ys) / trace ** 2] : [0, 0];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
