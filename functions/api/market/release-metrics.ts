import { valueAt } from '../../shared/value-at.ts';

/** Reads the metrics of a release. They may have any shape, because older trainers wrote fewer. */
export class ReleaseMetrics {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** The value at a path; undefined if there is none. */
  at(...path: string[]): unknown {
    return valueAt(this.#value, path);
  }

  /** The number at a path; null if there is none. */
  number(...path: string[]): number | null {
    const value = this.at(...path);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  /** A measure at a path: a number, or `{value, interval, difference}` in releases of format 2; null if there is none. */
  measure(...path: string[]): number | null {
    return this.number(...path) ?? this.number(...path, 'value');
  }

  /** The text at a path; null if there is none. */
  text(...path: string[]): string | null {
    const value = this.at(...path);
    return typeof value === 'string' ? value : null;
  }

  /** The interval at a path; null unless both ends are there. */
  interval(...path: string[]): { low: number; high: number } | null {
    const [low, high] = [this.number(...path, '0'), this.number(...path, '1')];
    return low === null || high === null ? null : { low, high };
  }

  /** The entries of the array at a path; empty if there is no array. */
  entries(...path: string[]): ReleaseMetrics[] {
    const value = this.at(...path);
    return Array.isArray(value) ? value.map((entry) => new ReleaseMetrics(entry)) : [];
  }

  /** Whether there is an object at a path. */
  has(...path: string[]): boolean {
    const value = this.at(...path);
    return typeof value === 'object' && value !== null;
  }
}
