import type { Bar } from '../../functions/ingest/providers/provider.ts';
import type { Label } from '../../functions/shared/constants.ts';
import { DAY_MS } from '../../functions/shared/days.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { BENCHMARK, type Known } from './vendor.ts';

/** A call as it was published. Times are milliseconds since the epoch. */
export interface Call {
  id: string;
  symbol: string;
  profile: string;
  label: Label;
  kind: string;
  asOf: number;
  horizonDays: number;
  close: number;
  stop: number;
  target: number;
}

/** The outcome of a call. Prices are in the units of its close, returns in percent. */
export interface Outcome {
  exit: number;
  exitClose: number;
  entryOpen: number;
  returnPct: number;
  openReturnPct: number;
  firstHit: 'stop' | 'target' | 'neither';
  firstHitAfter: number | null;
}

/** What the average stock and the benchmark returned from a day on, in percent. */
export interface MarketReturn {
  instruments: number;
  returnPct: number;
  openReturnPct: number;
  benchmarkReturnPct: number | null;
}

/** The share of the stocks that must have ended their horizon, and the days until the others are no longer waited for. */
const LEAST_SHARE = 0.9;
const WAITING_DAYS = 7;
/** A price this close to a level has reached it, because vendors round the prices that they adjust. */
const PRICE_NOISE = 1e-5;

/**
 * The record as it must be, computed day by day from the published calls and from what the vendor stated at the time. It
 * uses nothing that the pipeline stored, except for the calls.
 */
export class ExpectedRecord {
  readonly outcomes = new Map<string, Outcome>();
  readonly markets = new Map<number, MarketReturn>();
  readonly calls: Call[] = [];
  readonly #known = new Map<string, Known>();
  /** The factor of the as-of's bar when a call was published. */
  readonly #factors = new Map<string, number>();
  readonly #scoredDays = new Set<number>();
  /** The first exit of each day that has a scored call and no average yet. */
  readonly #waiting = new Map<number, number>();
  #unscored: Call[] = [];

  /** The vendor's statements of a day reach the database. */
  learn(symbol: string, known: Known): void {
    this.#known.set(symbol, known);
  }

  /** A run has published calls. */
  publish(calls: readonly Call[]): void {
    for (const call of calls) {
      const { factors } = this.#knownOf(call.symbol);
      this.#factors.set(call.id, defined(factors.get(call.asOf), `the bar of ${call.symbol}'s call`));
      this.calls.push(call);
      this.#unscored.push(call);
    }
  }

  /** A run up to a day scores the calls that are due. */
  score(day: string): void {
    const upTo = Date.parse(day);
    const due = this.#unscored.flatMap((call) => {
      const outcome = this.outcomeOf(call, upTo);
      return outcome ? [{ call, outcome }] : [];
    });
    for (const [asOf, ofDay] of Map.groupBy(due, ({ call }) => call.asOf)) {
      if (this.#scoredDays.has(asOf)) continue;
      this.#scoredDays.add(asOf);
      this.#waiting.set(asOf, Math.min(...ofDay.map(({ outcome }) => outcome.exit)));
    }
    for (const { call, outcome } of due) this.outcomes.set(call.id, outcome);
    this.#unscored = this.#unscored.filter(({ id }) => !this.outcomes.has(id));
    for (const [asOf, firstExit] of this.#waiting) {
      if (firstExit > upTo) continue;
      const isFinal = firstExit + WAITING_DAYS * DAY_MS <= upTo;
      const market = this.#marketReturn(asOf, upTo, isFinal);
      if (market) this.markets.set(asOf, market);
      if (market || isFinal) this.#waiting.delete(asOf);
    }
  }

  /** The outcome of a call by the bars that are known up to a time; undefined before the end of its horizon. */
  outcomeOf(call: Call, upTo = Number.POSITIVE_INFINITY): Outcome | undefined {
    const { bars, factors } = this.#knownOf(call.symbol);
    const sessions = bars.filter(({ ts }) => ts > call.asOf && ts <= upTo).slice(0, call.horizonDays);
    const [first, last] = [sessions[0], sessions.at(-1)];
    if (!first || !last || sessions.length < call.horizonDays) return undefined;
    const units =
      defined(factors.get(call.asOf), 'as-of') / defined(this.#factors.get(call.id), 'publication');
    const [low, high] = [call.stop, call.target].sort((one, other) => one - other) as [number, number];
    const reaches = {
      low: ({ l }: Bar) => l / units <= low * (1 + PRICE_NOISE),
      high: ({ h }: Bar) => h / units >= high * (1 - PRICE_NOISE),
    };
    const isStop = call.label === 'SELL' ? reaches.high : reaches.low;
    const after = sessions.findIndex((bar) => reaches.low(bar) || reaches.high(bar));
    const hit = sessions[after];
    return {
      exit: last.ts,
      exitClose: last.c / units,
      entryOpen: first.o / units,
      returnPct: (last.c / units / call.close - 1) * 100,
      openReturnPct: (last.c / first.o - 1) * 100,
      firstHit: !hit ? 'neither' : isStop(hit) ? 'stop' : 'target',
      firstHitAfter: hit ? after + 1 : null,
    };
  }

  #marketReturn(asOf: number, upTo: number, isFinal: boolean): MarketReturn | undefined {
    const of = (symbol: string) => this.#return(symbol, asOf, upTo);
    const traded = [...this.#known].flatMap(([symbol, { bars }]) =>
      bars.some(({ ts }) => ts === asOf) ? [symbol] : [],
    );
    const stocks = traded.filter((symbol) => symbol !== BENCHMARK);
    const ended = stocks.map(of).filter((one) => one !== undefined);
    const benchmark = traded.includes(BENCHMARK) ? of(BENCHMARK) : undefined;
    const isComplete =
      ended.length >= LEAST_SHARE * stocks.length && (benchmark !== undefined || !traded.includes(BENCHMARK));
    if (ended.length === 0 || !(isComplete || isFinal)) return undefined;
    return {
      instruments: ended.length,
      returnPct: average(ended.map(({ pct }) => pct)),
      openReturnPct: average(ended.map(({ openPct }) => openPct)),
      benchmarkReturnPct: benchmark?.pct ?? null,
    };
  }

  /** What an instrument returned over the horizon of the calls of a day; undefined before its end. */
  #return(symbol: string, asOf: number, upTo: number): { pct: number; openPct: number } | undefined {
    const { bars } = this.#knownOf(symbol);
    const horizon = defined(this.calls[0], 'call').horizonDays;
    const entry = bars.find(({ ts }) => ts === asOf);
    const sessions = bars.filter(({ ts }) => ts > asOf && ts <= upTo);
    const [first, exit] = [sessions[0], sessions[horizon - 1]];
    if (!entry || !first || !exit) return undefined;
    return { pct: (exit.c / entry.c - 1) * 100, openPct: (exit.c / first.o - 1) * 100 };
  }

  #knownOf(symbol: string): Known {
    return defined(this.#known.get(symbol), `bars of ${symbol}`);
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
