import { decide, type Outlook, PROFILE_RULES } from '../infer/profiles.ts';
import type { Profile } from '../shared/constants.ts';
import { defined } from '../shared/invariant.ts';
import { mean } from './correlation.ts';
import { meanInterval } from './interval.ts';

/** The return of a profile's BUY calls above that of the average instrument. */
export interface BuyEdge {
  /**
   * Mean forward return of a day's BUY calls less that of all its rows, in percent over the horizon, averaged over
   * the days with at least one BUY.
   */
  edgePct: number;
  /** Its 95 % interval; null if there are too few such days. */
  low: number | null;
  high: number | null;
  calls: number;
  /** Days with at least one BUY. */
  days: number;
}

/** Collects a profile's BUY calls day by day. */
export class BuyCalls {
  readonly #profile: Profile;
  readonly #edges: (number | undefined)[] = [];
  #calls = 0;

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** Adds a day, in order of time. */
  addDay(outlooks: readonly Outlook[], forward: readonly number[]): void {
    const rule = PROFILE_RULES[this.#profile];
    const bought = forward.filter(
      (_, i) => decide(defined(outlooks[i], 'outlook of a row'), rule).label === 'BUY',
    );
    this.#calls += bought.length;
    this.#edges.push(bought.length > 0 ? (mean(bought) - mean(forward)) * 100 : undefined);
  }

  /**
   * @param block - days in a block of the bootstrap: the horizon
   * @returns null if there was no BUY
   */
  edge(block: number): BuyEdge | null {
    const edges = this.#edges.filter((edge) => edge !== undefined);
    if (edges.length === 0) return null;
    const [low, high] = meanInterval(this.#edges, block) ?? [null, null];
    return { edgePct: mean(edges), low, high, calls: this.#calls, days: edges.length };
  }
}
