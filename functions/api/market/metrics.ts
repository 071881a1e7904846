import { valueAt } from '../../shared/value-at.ts';

/** Reads a release's metrics, which may be of any shape: an older trainer wrote fewer. */
export class Metrics {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** What is at a path; undefined where nothing is. */
  at(...path: string[]): unknown {
    return valueAt(this.#value, path);
  }

  /** The number at a path; null where none is. */
  number(...path: string[]): number | null {
    const value = this.at(...path);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** The text at a path; null where none is. */
  text(...path: string[]): string | null {
    const value = this.at(...path);
    return typeof value === 'string' ? value : null;
  }

  /** The lower and the upper end at a path; null where there are not both. */
  interval(...path: string[]): { low: number; high: number } | null {
    const [low, high] = [this.number(...path, '0'), this.number(...path, '1')];
    return low === null || high === null ? null : { low, high };
  }

  /** The entries of the array at a path; none where there is no array. */
  entries(...path: string[]): Metrics[] {
    const value = this.at(...path);
    return Array.isArray(value) ? value.map((entry) => new Metrics(entry)) : [];
  }

  /** Whether an object is at a path. */
  has(...path: string[]): boolean {
    const value = this.at(...path);
    return typeof value === 'object' && value !== null;
  }
}
