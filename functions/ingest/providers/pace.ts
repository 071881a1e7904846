/** Waits; in one place, so that tests replace it with their clock's. */
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * The times at which a vendor may be asked: never two within an interval, and not at all while the vendor has
 * asked to be left alone, which holds for every symbol and not for the one that it said it of.
 */
export class Pace {
  readonly #intervalMs: number;
  #next = 0;
  #heldUntil = 0;

  /** @param intervalMs - the least time between two requests; as much as half of it again is added at random */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** For how much longer the vendor is to be left alone. */
  get heldMs(): number {
    return Math.max(0, this.#heldUntil - Date.now());
  }

  /** Leaves the vendor alone for some time, unless that is agreed already. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, Date.now() + ms);
  }

  /**
   * Waits until the next request may go out.
   *
   * @param longestHoldMs - a hold longer than this is not waited for
   * @returns whether it may: not, if the vendor is to be left alone for longer than that
   */
  async turn(longestHoldMs: number): Promise<boolean> {
    const at = Math.max(Date.now(), this.#next);
    // Processes that started together do not stay in step.
    this.#next = at + this.#intervalMs * (1 + Math.random() / 2);
    if (at > Date.now()) await sleep(at - Date.now());
    while (this.heldMs > 0) {
      if (this.heldMs > longestHoldMs) return false;
      await sleep(this.heldMs);
    }
    return true;
  }
}
