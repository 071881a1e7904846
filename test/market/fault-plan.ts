import type { Interval } from '../../functions/shared/constants.ts';
import { faultByChance, type RandomFaults } from './fault-draw.ts';
import { type Endpoint, FAULTS, type Fault } from './faults.ts';

/** A fault and the requests that get it. What is left out is not looked at. */
export interface FaultRule {
  fault: Fault;
  /** As Yahoo writes it, for Stooq too. */
  symbol?: string;
  endpoint?: Endpoint;
  interval?: Interval;
  /** Requests that match but are let through first. Default 0. */
  skip?: number;
  /** Requests that get it. Default 1; Infinity for good. */
  times?: number;
}

/** What a request is about. */
export interface RequestTarget {
  endpoint: Endpoint;
  symbol?: string | undefined;
  interval?: Interval | undefined;
}

/** A fault that a request gets, and where it comes from. */
export interface ChosenFault {
  fault: Fault;
  source: 'planned' | 'random';
  /** Requests to this endpoint for this symbol before this one. */
  count: number;
}

/**
 * Which request gets which fault: the first rule that matches, in the order of their adding, else chance.
 * A rule leaves alone the requests that its fault cannot happen to.
 *
 * @example
 * plan.add({ fault: { kind: 'rate_limit', retryAfter: 2 }, symbol: 'AAPL', times: 3 });
 * plan.random({ rate: 0.1, seed: 7 });
 */
export class FaultPlan {
  #rules: { rule: FaultRule; matched: number }[] = [];
  #random: RandomFaults | undefined;
  readonly #counts = new Map<string, number>();

  /** Adds a rule; returns how to take it away again. */
  add(rule: FaultRule): () => void {
    const planned = { rule, matched: 0 };
    this.#rules.push(planned);
    return () => {
      this.#rules = this.#rules.filter((other) => other !== planned);
    };
  }

  /** Lets chance decide on requests that no rule matches; undefined for no chance. */
  random(faults: RandomFaults | undefined): void {
    this.#random = faults;
    this.#counts.clear();
  }

  /** Takes away every rule, and chance. */
  clear(): void {
    this.#rules = [];
    this.random(undefined);
  }

  /** The fault of the next request, which counts as made. */
  next(target: RequestTarget): ChosenFault | undefined {
    const { endpoint, symbol } = target;
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
    (symbol === undefined || symbol === target.symbol) &&
    (endpoint === undefined || endpoint === target.endpoint) &&
    (interval === undefined || interval === target.interval)
  );
}
