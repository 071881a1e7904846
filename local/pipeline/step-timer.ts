/**
 * Shares out wall-clock time among steps that run at once: at every instant, each invocation under way gets an
 * equal part, so that the steps' seconds add up to the time that passed.
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

  /** Notes that an invocation of a step began; call what it returns when the invocation ends. */
  start(step: string): () => void {
    this.#settle();
    this.#active.push(step);
    return () => {
      this.#settle();
      this.#active.splice(this.#active.indexOf(step), 1);
    };
  }

  /** Seconds by step, to the millisecond. */
  seconds(): Record<string, number> {
    this.#settle();
    return Object.fromEntries([...this.#seconds].map(([step, s]) => [step, Math.round(s * 1000) / 1000]));
  }

  #settle(): void {
    const now = this.#clock();
    const part = (now - this.#last) / 1000 / Math.max(1, this.#active.length);
    for (const step of this.#active) this.#seconds.set(step, (this.#seconds.get(step) ?? 0) + part);
    this.#last = now;
  }
}
