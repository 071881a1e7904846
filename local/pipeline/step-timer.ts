/**
 * Divides wall-clock time among concurrent steps: at every instant, each running invocation gets an equal share, so
 * that the seconds of the steps add up to the elapsed time.
 */
export class StepTimer {
  readonly #seconds = new Map<string, number>();
  readonly #active: string[] = [];
  readonly #clock: () => number;
  #last: number;

  /** @param clock - milliseconds, monotonic */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#last = clock();
  }

  /** Starts an invocation of a step. Call the returned function when it ends. */
  start(step: string): () => void {
    this.#settle();
    this.#active.push(step);
    return () => {
      this.#settle();
      this.#active.splice(this.#active.indexOf(step), 1);
    };
  }

  /** Seconds of each step, rounded to milliseconds. */
  seconds(): Record<string, number> {
    this.#settle();
    return Object.fromEntries([...this.#seconds].map(([step, s]) => [step, Math.round(s * 1000) / 1000]));
  }

  #settle(): void {
    const now = this.#clock();
    const share = (now - this.#last) / 1000 / Math.max(1, this.#active.length);
    for (const step of this.#active) this.#seconds.set(step, (this.#seconds.get(step) ?? 0) + share);
    this.#last = now;
  }
}
