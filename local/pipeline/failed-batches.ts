import type { Definition } from './retries.ts';

/**
 * Counts the batches of a run that failed. The local state machine ignores the share of failed batches that the
 * definition tolerates, and AWS does not.
 */
export class FailedBatches {
  /** The number of batches of the run. */
  planned = 0;
  readonly #failed = new Set<number>();
  readonly #toleratedPercent: number;

  constructor({ States }: Definition) {
    const map = Object.values(States).find(({ ItemProcessor }) => ItemProcessor !== undefined);
    this.#toleratedPercent = map?.ToleratedFailurePercentage ?? 0;
  }

  has(batch: number): boolean {
    return this.#failed.has(batch);
  }

  /** Adds a batch. @returns whether the run continues without it */
  add(batch: number): boolean {
    this.#failed.add(batch);
    return (100 * this.#failed.size) / this.planned <= this.#toleratedPercent;
  }
}
