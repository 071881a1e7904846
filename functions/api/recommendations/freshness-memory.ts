import type { Profile } from '../../shared/constants.ts';
import { oldestFresh } from '../lists/age.ts';
import type { Freshness } from './freshness.ts';

/** How long counts are cached while nothing is published. */
export const CACHED_MS = 10_000;

/**
 * Caches each profile's freshness in a container, so that a list does not count all recommendations every time.
 *
 * A publication or a promotion takes effect at once, because every list also reads the current {@link PUBLICATION} and
 * compares it. After an instrument is activated or deactivated, the coverage and the withheld count may be up to
 * {@link CACHED_MS} old. The listed rows are never cached.
 */
export class FreshnessMemory {
  readonly #known = new Map<Profile, { freshness: Freshness; oldest: number; at: number }>();
  readonly #clock: () => number;

  /** @param clock - real time in milliseconds; the service's own clock stands still for sample data */
  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  /** The cached freshness; undefined if it is too old or was counted on another day. */
  recall(profile: Profile, now: Date): Freshness | undefined {
    const known = this.#known.get(profile);
    if (!known || known.oldest !== oldestFresh(now).getTime()) return undefined;
    const age = this.#clock() - known.at;
    // After the clock was set back, the age is unknown.
    return age >= 0 && age < CACHED_MS ? known.freshness : undefined;
  }

  remember(profile: Profile, now: Date, freshness: Freshness): void {
    this.#known.set(profile, { freshness, oldest: oldestFresh(now).getTime(), at: this.#clock() });
  }
}

const memories = new WeakMap<object, FreshnessMemory>();

/** The cache of a database client. A container has one client. */
export function memoryOf(client: object): FreshnessMemory {
  let memory = memories.get(client);
  if (!memory) {
    memory = new FreshnessMemory();
    memories.set(client, memory);
  }
  return memory;
}
