import { LABELS, type Label } from '../shared/constants.ts';

/** Equal-width bins of confidence, from 0 to 1. */
const ECE_BINS = 15;

/** A probability of 0 for what came true would be an infinite loss. */
const PROBABILITY_FLOOR = 1e-12;

/** How much probabilities can be relied on. */
export interface ProbabilityMeasures {
  /**
   * Expected calibration error of the likeliest label: sum over 15 equal-width bins of its probability p of
   * |sum of (hit - p)| / rows, hit being 1 where the label came true, else 0.
   */
  ece: number;
  /** Mean of -ln(probability of the label that came true). */
  logLoss: number;
  /** Of the rows whose likeliest label is this one, the share where it came true; null where there is none. */
  hitRate: Record<Label, number | null>;
}

/** Collects calibrated probabilities and what came true; labels are indices into LABELS. */
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
    this.#loss -= Math.log(Math.max(probabilities[label] ?? 0, PROBABILITY_FLOOR));
    this.#gaps[bin] = (this.#gaps[bin] ?? 0) + hit - confidence;
    increase(this.#truths, label, 1);
    increase(this.#calls, called, 1);
    increase(this.#hits, called, hit);
  }

  measures(): ProbabilityMeasures {
    return {
      ece: this.#gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / this.#rows,
      logLoss: this.#loss / this.#rows,
      hitRate: byLabel((i) => (this.#calls[i] ? (this.#hits[i] ?? 0) / this.#calls[i] : null)),
    };
  }

  /** The share of the rows that each label truly has. */
  baseRate(): Record<Label, number> {
    return byLabel((i) => (this.#truths[i] ?? 0) / this.#rows);
  }
}

function increase(counts: number[], index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}

function byLabel<T>(at: (index: number) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label, i) => [label, at(i)])) as Record<Label, T>;
}
