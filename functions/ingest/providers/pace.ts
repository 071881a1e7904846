import { DAY_MS } from '../../shared/days.ts';

/** Waits; in one place, so that tests replace it with their clock's. */
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The requests of a process to a vendor. */
interface Schedule {
  /** The earliest instant of the next request. */
  next: number;
  /** The UTC day, and the requests sent in it. */
  day: number;
  requestsToday: number;
}

/**
 * Spaces the requests to a vendor: never two within an interval, never more than a day's allowance, and none while a
 * Retry-After of the vendor holds. A hold applies to all symbols, whichever one the vendor refused.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #requestsPerDay: number;
  #schedule: Schedule = { next: 0, day: 0, requestsToday: 0 };
  #heldUntil = 0;

  /**
   * @param intervalMs - the shortest time between two requests; up to half of it is added at random
   * @param requestsPerDay - requests of this process in a UTC day
   */
  constructor(intervalMs: number, requestsPerDay = Number.POSITIVE_INFINITY) {
    this.#intervalMs = intervalMs;
    this.#requestsPerDay = requestsPerDay;
  }

  /** A pace that shares the interval and the allowance with this one, but has holds of its own. */
  sibling(): Pace {
    const pace = new Pace(this.#intervalMs, this.#requestsPerDay);
    pace.#schedule = this.#schedule;
    return pace;
  }

  /** How much longer the hold lasts. */
  get heldMs(): number {
    return Math.max(0, this.#heldUntil - Date.now());
  }

  /** Holds all requests for some time; a hold that ends later stays. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, Date.now() + ms);
  }

  /** Counts a request against the day's allowance, and says whether there was any left. */
  spend(): boolean {
    const day = Math.floor(Date.now() / DAY_MS);
    const schedule = this.#schedule;
    if (day !== schedule.day) {
      schedule.day = day;
      schedule.requestsToday = 0;
    }
    if (schedule.requestsToday >= this.#requestsPerDay) return false;
    schedule.requestsToday++;
    return true;
  }

  /**
   * Waits until the next request may go out.
   *
   * @param longestHoldMs - does not wait for a hold longer than this
   * @returns whether the request may go out: not during such a hold
   */
  async turn(longestHoldMs: number): Promise<boolean> {
    const at = Math.max(Date.now(), this.#schedule.next);
    // Processes that started together do not stay in step.
    this.#schedule.next = at + this.#intervalMs * (1 + Math.random() / 2);
    if (at > Date.now()) await sleep(at - Date.now());
    while (this.heldMs > 0) {
      if (this.heldMs > longestHoldMs) return false;
      await sleep(this.heldMs);
    }
    return true;
  }
}
