import { DAY_MS, HOUR_MS } from '../../shared/days.ts';

/** Waits; in one place, so that tests replace it with their clock's. */
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The requests of a process to a vendor. */
interface Schedule {
  /** The earliest instant of the next request. */
  next: number;
  /** The requests of the current hour and of the current UTC day. */
  hour: { number: number; requests: number };
  day: { number: number; requests: number };
}

/** How many requests a vendor allows. */
interface Allowances {
  requestsPerHour?: number | undefined;
  requestsPerDay?: number | undefined;
}

/**
 * Spaces the requests to a vendor: never two within an interval, never more than the allowances of an hour and of a day, and none while a
 * Retry-After of the vendor holds. A hold applies to all symbols, whichever one the vendor refused.
 */
export class Pace {
  readonly #intervalMs: number;
  readonly #allowances: Allowances;
  #schedule: Schedule = {
    next: 0,
    hour: { number: 0, requests: 0 },
    day: { number: 0, requests: 0 },
  };
  #heldUntil = 0;

  /**
   * @param intervalMs - the shortest time between two requests; up to half of it is added at random
   * @param allowances - requests of this process in an hour of the clock and in a UTC day
   */
  constructor(intervalMs: number, allowances: Allowances = {}) {
    this.#intervalMs = intervalMs;
    this.#allowances = allowances;
  }

  /** A pace that shares the interval and the allowance with this one, but has holds of its own. */
  sibling(): Pace {
    const pace = new Pace(this.#intervalMs, this.#allowances);
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

  /**
   * Counts a request against the allowances.
   *
   * @returns which allowance is used up, if any; the request is not counted then
   */
  spend(): 'an hour' | 'a day' | undefined {
    const { hour, day } = this.#schedule;
    const { requestsPerHour, requestsPerDay } = this.#allowances;
    for (const [window, ms] of [
      [hour, HOUR_MS],
      [day, DAY_MS],
    ] as const) {
      const number = Math.floor(Date.now() / ms);
      if (number !== window.number) Object.assign(window, { number, requests: 0 });
    }
    if (requestsPerHour !== undefined && hour.requests >= requestsPerHour) return 'an hour';
    if (requestsPerDay !== undefined && day.requests >= requestsPerDay) return 'a day';
    hour.requests++;
    day.requests++;
    return undefined;
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
