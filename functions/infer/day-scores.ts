import { defined } from '../shared/invariant.ts';
import { type DayFit, explained, fitDay, neutralScore, type Pair } from './day-fit.ts';
import type { Manifest } from './manifest.ts';
import type { Model, RawScore } from './model.ts';

/** A stock's prediction among those of its day. */
export interface Prediction {
  /** The neutral score z: in deviations of the day, 0 for the average stock. */
  score: number;
  /** Share of the day's stocks that rank above it: (rank - 0.5) / n, and the middle of the ranks of equal scores. */
  place: number;
  /** Calibrated probabilities of SELL, HOLD and BUY; they sum to 1. */
  probabilities: [number, number, number];
  /** Expected return over the horizon less that of the average stock, as a fraction. */
  expectedExcess: number;
}

/** Contributions to a prediction's expected excess, as fractions. They sum to it. */
export interface Explanation {
  /** One per feature, in the manifest's order. */
  contributions: number[];
  /** The adjustment that removes the part of the score that the inputs of `neutralTo` explain. */
  neutral: number;
}

/** The lowest probability whose logarithm is taken, also of its distance to 1. */
const PROBABILITY_FLOOR = 1e-12;

/** The scores of all stocks of a day that have all inputs, followed or for reference. */
export class DayScores {
  readonly fit: DayFit;
  /** The neutral scores in ascending order. */
  readonly scores: readonly number[];
  readonly #model: Model;

  /**
   * The stored scores of an earlier run.
   *
   * @param scores - the neutral scores in ascending order, or quantiles of them
   */
  constructor(model: Model, fit: DayFit, scores: readonly number[]) {
    this.#model = model;
    this.fit = fit;
    this.scores = scores;
  }

  /**
   * Scores a day and predicts each of its rows.
   *
   * @param rows - the day's whole universe, each row in the order of the manifest's features; every value finite
   */
  static async of(
    model: Model,
    rows: readonly (readonly number[])[],
  ): Promise<{ day: DayScores; predictions: Prediction[] }> {
    const raw = await model.score(rows);
    const pairs = rows.map((row) => pairOf(model.manifest, row));
    const fit = fitDay(
      raw.map(({ score }) => score),
      pairs,
    );
    const z = raw.map(({ score }, i) => neutralScore(fit, score, defined(pairs[i], 'inputs of a row')));
    const day = new DayScores(model, fit, [...Float64Array.from(z).sort()]);
    const predictions = rows.map((row, i) => day.#predict(row, defined(raw[i], 'score of a row')));
    return { day, predictions };
  }

  /** Predicts rows whose ranks are among the stocks of the day. They need not be of the day themselves. */
  async predict(rows: readonly (readonly number[])[]): Promise<Prediction[]> {
    const raw = await this.#model.score(rows);
    return rows.map((row, i) => this.#predict(row, defined(raw[i], 'score of a row')));
  }

  #predict(row: readonly number[], { score, move }: RawScore): Prediction {
    const { manifest } = this.#model;
    const z = neutralScore(this.fit, score, pairOf(manifest, row));
    return predictionOf(manifest, { score: z, place: this.#placeOf(z), move });
  }

  /** Explains the prediction of a row. */
  explain(row: readonly number[]): Explanation {
    const { manifest, baseScore } = this.#model;
    const { deviation } = this.fit;
    const scale = deviation > 0 ? manifest.calibration.excess.slope / deviation : 0;
    return {
      contributions: this.#model.contributions(row).map((contribution) => contribution * scale),
      neutral: (baseScore - explained(this.fit, pairOf(manifest, row))) * scale,
    };
  }

  /** A score that is not among those of the day is placed as if it were added to them. */
  #placeOf(z: number): number {
    const n = this.scores.length;
    const below = countBelow(this.scores, (value) => value < z);
    const notAbove = countBelow(this.scores, (value) => value <= z);
    return notAbove > below ? 1 - (below + notAbove) / 2 / n : 1 - (below + 0.5) / (n + 1);
  }
}

function pairOf({ features, neutralTo: [first, second] }: Manifest, row: readonly number[]): Pair {
  const input = (name: string) => defined(row[features.indexOf(name)], `value of ${name}`);
  return [input(first), input(second)];
}

/**
 * The prediction of a stock whose score and place are known.
 *
 * @param move - the model's probability of a large move
 */
export function predictionOf(
  { calibration }: Pick<Manifest, 'calibration'>,
  { score, place, move }: { score: number; place: number; move: number },
): Prediction {
  return {
    score,
    place,
    probabilities: probabilitiesOf(calibration, score, move),
    expectedExcess: calibration.excess.slope * score,
  };
}

/**
 * The calibrated probabilities of SELL, HOLD and BUY: the chance of a large move (Platt 1999), and that of up rather
 * than down given one.
 *
 * @param z - the neutral score
 * @param move - the model's probability of a large move
 */
export function probabilitiesOf(
  { move: { scale, bias }, direction }: Manifest['calibration'],
  z: number,
  move: number,
): [number, number, number] {
  const p = Math.min(Math.max(move, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);
  const large = sigmoid(scale * (Math.log(p) - Math.log1p(-p)) + bias);
  const up = sigmoid(direction.slope * z);
  return [large * (1 - up), 1 - large, large * up];
}

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The number of leading values of a sorted array that meet a condition, by bisection. */
function countBelow(sorted: readonly number[], meets: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (meets(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
