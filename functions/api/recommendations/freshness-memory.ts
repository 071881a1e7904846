import type { Profile } from '../../shared/constants.ts';
import { type Freshness, oldestFresh } from './freshness.ts';

/** How long a count is believed while nothing was published. */
export const BELIEVED_MS = 10_000;

/**
 * What a container remembers of each profile's freshness, so that a list need not count every time.
 *
 * A publication or a promotion is seen at once, because every list reads what they change beside its rows and
 * compares. Up to {@link BELIEVED_MS} late are only the coverage and the withheld count, after an instrument was
 * activated or deactivated. What is listed is never late: the rows are read each time, and no stale one is among
 * them.
 */
export class FreshnessMemory {
  readonly #known = new Map<Profile, { freshness: Freshness; oldest: number; at: number }>();
  readonly #clock: () => number;

  /** @param clock - milliseconds of real time, which passes where the service's own clock stands still */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** What is remembered, unless it is too old or was counted for another day. */
  recall(profile: Profile, now: Date): Freshness | undefined {
    const known = this.#known.get(profile);
    if (!known || known.oldest !== oldestFresh(now).getTime()) return undefined;
    const age = this.#clock() - known.at;
    // A clock that was set back says nothing about age.
    return age >= 0 && age < BELIEVED_MS ? known.freshness : undefined;
  }

  remember(profile: Profile, now: Date, freshness: Freshness): void {
    this.#known.set(profile, { freshness, oldest: oldestFresh(now).getTime(), at: this.#clock() });
  }
}

const memories = new WeakMap<object, FreshnessMemory>();

/** The memory that belongs to a database's client: one a container. */
export function memoryOf(client: object): FreshnessMemory {
  let memory = memories.get(client);
  if (!memory) {
    memory = new FreshnessMemory();
    memories.set(client, memory);
  }
  return memory;
}
