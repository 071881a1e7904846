import { LABELS, type Label } from '../shared/constants.ts';
import { defined } from '../shared/invariant.ts';

/** Equal-width bins of confidence, from 0 to 1. */
const ECE_BINS = 15;

/** Bounds the loss of a probability of 0 for the true label. */
const PROBABILITY_FLOOR = 1e-12;

/** Measures of the quality of probabilities. */
export interface ProbabilityMeasures {
  /**
   * Expected calibration error of the likeliest label: the sum of |sum of (hit - p)| / rows over 15 equal-width bins
   * of its probability p. A hit is 1 if the label came true, else 0.
   */
  ece: number;
  /** Mean of -ln(probability of the true label). */
  logLoss: number;
  /** By likeliest label, the share of rows where it came true; null if there are no such rows. */
  hitRate: Record<Label, number | null>;
}

/** Collects calibrated probabilities and true labels, as indices into LABELS. */
export class Probabilities {
  #rows = 0;
  #loss = 0;
  readonly #gaps = new Float64Array(ECE_BINS);
  readonly #truths = [0, 0, 0];
  readonly #calls = [0, 0, 0];
  readonly #hits = [0, 0, 0];

  add(probabilities: readonly number[], label: number): void {
    const confidence = Math.max(...probabilities);
    const called = probabilities.indexOf(confidence);
    const hit = called === label ? 1 : 0;
    const bin = Math.min(Math.floor(confidence * ECE_BINS), ECE_BINS - 1);
    this.#rows++;
    this.#loss -= Math.log(Math.max(numberAt(probabilities, label), PROBABILITY_FLOOR));
    this.#gaps[bin] = numberAt(this.#gaps, bin) + hit - confidence;
    increase(this.#truths, label, 1);
    increase(this.#calls, called, 1);
    increase(this.#hits, called, hit);
  }

  measures(): ProbabilityMeasures {
    return {
      ece: this.#gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / this.#rows,
      logLoss: this.#loss / this.#rows,
      hitRate: byLabel((i) => (this.#calls[i] ? numberAt(this.#hits, i) / this.#calls[i] : null)),
    };
  }

  /** The share of the rows with each label. */
  baseRate(): Record<Label, number> {
    return byLabel((i) => numberAt(this.#truths, i) / this.#rows);
  }
}

function numberAt(values: ArrayLike<number>, index: number): number {
  return defined(values[index], 'value of a label or bin');
}

function increase(counts: number[], index: number, by: number): void {
  counts[index] = numberAt(counts, index) + by;
}

function byLabel<T>(at: (index: number) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label, i) => [label, at(i)])) as Record<Label, T>;
}
