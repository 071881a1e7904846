import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { SchemaDriftError } from '../errors.ts';
import { newYorkClosed } from '../new-york.ts';
import type { Bar } from '../provider.ts';
import { KeptAnswers } from './kept-answers.ts';
import { MassiveCalls, type MassiveOptions } from './massive-calls.ts';
import { NotYetError } from './massive-refusal.ts';
import { fromMassive } from './massive-symbols.ts';

/** A day is complete once the closing auction is a quarter of an hour old, local time. */
export const READY_AT = '16:20';

export const Cell = z.number().catch(Number.NaN);

const DayRow = z.object({ T: z.string(), o: Cell, h: Cell, l: Cell, c: Cell, v: Cell });

/**
 * The bars of all American shares on one day, by symbol: adjusted for splits as of the request, and not for dividends.
 * A symbol has one bar, or several where Massive's rows contradict each other. Empty on a holiday.
 */
export type GroupedDay = ReadonlyMap<string, readonly Bar[]>;

/**
 * Opens the days of the whole American market, at one request a day and without a list of symbols. They show which
 * shares traded on a day, at which price and volume, so they are a source of point-in-time lists of liquid shares.
 *
 * @example
 * const { policy } = MASSIVE;
 * const guard = guardRequests('massive', policy);
 * const fetchDay = await openMassiveDays({ keySecret, timeoutMs: policy.timeoutMs, guard });
 * for (const [symbol, [bar]] of await fetchDay('2026-11-27')) turnover.set(symbol, bar.c * bar.v);
 *
 * @returns a function that fetches a day, `YYYY-MM-DD`; it throws NotYetError before the plan of the key has the day,
 * TooOldError for a day before the plan's history, and ProviderError otherwise
 * @throws ConfigurationError if the key cannot be read
 */
export async function openMassiveDays(
  options: MassiveOptions,
): Promise<(day: string) => Promise<GroupedDay>> {
  const calls = await MassiveCalls.open(options);
  return (day) => fetchDay(calls, day);
}

/** The days that this process has requested. */
export class GroupedDays {
  readonly #calls: MassiveCalls;
  readonly #answers = new KeptAnswers<GroupedDay>();

  constructor(calls: MassiveCalls) {
    this.#calls = calls;
  }

  /** How many of some days need a request. */
  missing(days: readonly string[]): number {
    return days.filter((day) => !this.#answers.get(day)).length;
  }

  /** The bars of the market on some days; empty for a day that the plan of the key does not have yet. */
  async fetch(days: readonly string[]): Promise<GroupedDay[]> {
    const all: GroupedDay[] = [];
    for (const day of days) all.push(await this.#answers.getOr(day, () => this.#request(day)));
    return all;
  }

  #request(day: string): Promise<GroupedDay> {
    return fetchDay(this.#calls, day).catch((error: unknown): GroupedDay => {
      if (!(error instanceof NotYetError)) throw error;
      return new Map();
    });
  }
}

async function fetchDay(calls: MassiveCalls, day: string): Promise<GroupedDay> {
  const ts = Date.parse(day);
  const { rows, answeredAt } = await calls.rows(day, {
    path: `/v2/aggs/grouped/locale/us/market/stocks/${day}`,
    query: { adjusted: 'true', include_otc: 'false' },
    row: DayRow,
  });
  const bars = new Map<string, Bar[]>();
  // A session is over once both clocks say so: this clock may be fast, and a cached answer may be old.
  if (!newYorkClosed(READY_AT, Math.min(now().getTime(), answeredAt))(ts)) return bars;
  for (const { T: code, ...values } of rows) {
    const symbol = fromMassive(code);
    if (symbol) bars.set(symbol, [...(bars.get(symbol) ?? []), { ts, ...values }]);
  }
  // Massive has sent days with damaged tickers and without any sound one.
  if (rows.length > 0 && bars.size === 0)
    throw new SchemaDriftError(`${day}: unexpected answer: no row has a ticker`);
  return bars;
}
