import type { Interval } from '../../functions/shared/constants.ts';
import { faultByChance, type RandomFaults } from './fault-draw.ts';
import { type Endpoint, FAULTS, type Fault } from './faults.ts';

/** A fault and the requests that get it. An absent field matches every request. */
export interface FaultRule {
  fault: Fault;
  /** In Yahoo's form, for Stooq too. */
  symbol?: string;
  endpoint?: Endpoint;
  interval?: Interval;
  /** Matching requests to let through first. Default 0. */
  skip?: number;
  /** Requests that get the fault. Default 1; Infinity for all. */
  times?: number;
}

/** What a request is for. */
export interface RequestTarget {
  endpoint: Endpoint;
  symbol?: string | undefined;
  /** All symbols of a request for several, which has no `symbol`. */
  symbols?: readonly string[] | undefined;
  interval?: Interval | undefined;
}

/** The fault of a request, and its source. */
export interface ChosenFault {
  fault: Fault;
  source: 'planned' | 'random';
  /** Earlier requests to this endpoint for this symbol, or for the first of several. */
  count: number;
}

/**
 * Decides the fault of each request: by the first rule that matches, in the order in which they were added, else at
 * random. A rule ignores requests to which its fault cannot happen.
 *
 * @example
 * plan.add({ fault: { kind: 'rate_limit', retryAfter: 2 }, symbol: 'AAPL', times: 3 });
 * plan.random({ rate: 0.1, seed: 7 });
 */
export class FaultPlan {
  #rules: { rule: FaultRule; matched: number }[] = [];
  #random: RandomFaults | undefined;
  readonly #counts = new Map<string, number>();

  /** Adds a rule; returns a function that removes it. */
  add(rule: FaultRule): () => void {
    const planned = { rule, matched: 0 };
    this.#rules.push(planned);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== planned);
    };
  }

  /** Sets the random faults of requests that no rule matches; undefined for none. */
  random(faults: RandomFaults | undefined): void {
    this.#random = faults;
    this.#counts.clear();
  }

  /** Removes every rule and the random faults. */
  clear(): void {
    this.#rules = [];
    this.random(undefined);
  }

  /** Counts a request, and gives its fault. */
  next(target: RequestTarget): ChosenFault | undefined {
    const { endpoint, symbols: [first] = [], symbol = first } = target;
    const key = `${endpoint} ${symbol ?? ''}`;
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    for (const planned of this.#rules) {
      const { rule } = planned;
      if (!matches(rule, target)) continue;
      const turn = planned.matched - (rule.skip ?? 0);
      planned.matched++;
      if (turn >= 0 && turn < (rule.times ?? 1)) return { fault: rule.fault, source: 'planned', count };
    }
    const fault = this.#random && faultByChance(this.#random, endpoint, symbol, count);
    return fault && { fault, source: 'random', count };
  }
}

function matches({ fault, symbol, endpoint, interval }: FaultRule, target: RequestTarget): boolean {
  return (
    FAULTS[fault.kind].endpoints.includes(target.endpoint) &&
    (symbol === undefined || symbol === target.symbol || target.symbols?.includes(symbol) === true) &&
    (endpoint === undefined || endpoint === target.endpoint) &&
    (interval === undefined || interval === target.interval)
  );
}
