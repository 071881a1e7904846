import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { addDays, DAY_MS, toDay } from '../../../shared/days.ts';
import { defined } from '../../../shared/invariant.ts';
import { adjustForDividends, applySplits } from '../adjust.ts';
import { NotFoundError } from '../errors.ts';
import { AMERICAN, newYorkClosed, newYorkDay } from '../new-york.ts';
import type { Policy } from '../policy.ts';
import type { Bar, BarRequest, CorporateAction, FetchedBars, Provider } from '../provider.ts';
import { guardRequests } from '../resilience.ts';
import { MassiveActions } from './massive-actions.ts';
import { MassiveCalls, type MassiveOptions } from './massive-calls.ts';
import { Cell, GroupedDays, READY_AT } from './massive-days.ts';
import { NotYetError, TooOldError } from './massive-refusal.ts';
import { toMassive } from './massive-symbols.ts';

/** The most bars of a page: 8 years of days fit into one. */
const PAGE_LIMIT = '50000';

/** The free plan's history is two years; a week less avoids a dispute about its first day. */
const SHORT_HISTORY_DAYS = 2 * 365 - 7;

const Row = z.object({ t: z.number(), o: Cell, h: Cell, l: Cell, c: Cell, v: Cell });

/**
 * Opens Massive's daily bars at its pace: see {@link openMassiveProvider}.
 *
 * @throws ConfigurationError if the key cannot be read
 */
export function openMassive(
  options: Pick<MassiveOptions, 'keySecret' | 'origin'>,
  policy: Policy,
): Promise<Provider> {
  const guard = guardRequests('massive', policy);
  return openMassiveProvider({ ...options, timeoutMs: policy.timeoutMs, guard });
}

/**
 * Opens Massive's daily bars of American shares. Massive adjusts them for splits as of the request; the client applies
 * the dividends, so a split or dividend changes the past as it does elsewhere.
 *
 * There are two ways to the bars: all days of one share with a request, or all shares of one day. The client takes the
 * one that needs fewer requests for the batch. A day serves all later batches of the process, too.
 *
 * @example
 * const guard = guardRequests('massive', MASSIVE.policy);
 * const provider = await openMassiveProvider({ keySecret: 'file:///etc/massive.key', timeoutMs: 20_000, guard });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @throws ConfigurationError if the key cannot be read
 */
export async function openMassiveProvider(options: MassiveOptions): Promise<Provider> {
  const client = new MassiveClient(await MassiveCalls.open(options));
  return { name: 'massive', fetchBars: (request) => client.fetchBars(request) };
}

class MassiveClient {
  readonly #calls: MassiveCalls;
  readonly #days: GroupedDays;
  readonly #actions: MassiveActions;
  /** Whether the plan of the key has refused days for their age. */
  #isHistoryShort = false;
  /** The latest day, if the plan of the key does not have it yet. */
  #dayRefused: string | undefined;

  constructor(calls: MassiveCalls) {
    this.#calls = calls;
    this.#days = new GroupedDays(calls);
    this.#actions = new MassiveActions(calls);
  }

  async fetchBars({ symbol, from, to, batch = [symbol] }: BarRequest): Promise<FetchedBars> {
    const days = closedWeekdays(from, to);
    const last = days.at(-1);
    if (last === undefined) return { bars: [], actions: [], ...AMERICAN };
    const covered = batch.filter((other) => toMassive(other) !== undefined);
    const isShared = this.#days.missing(days) < covered.length;
    const bars = isShared
      ? await this.#barsOfDays(symbol, days)
      : await this.#barsOfShare(symbol, from, last);
    // The actions of all shares within a few days are about as many as those of some shares within years.
    const known = await this.#actions.fetch(symbol, { ...(!isShared && { symbols: covered }), from, to });
    return { ...adjusted(symbol, bars, known), ...AMERICAN };
  }

  async #barsOfDays(symbol: string, days: readonly string[]): Promise<Bar[]> {
    const markets = await this.#days.fetch(days);
    const bars = markets.flatMap((market) => market.get(symbol) ?? []);
    if (bars.length === 0 && markets.some(({ size }) => size > 0)) throw noBars(symbol);
    return bars;
  }

  /** A share's days that the plan of the key has. A refusal of the rest is remembered, so it costs one request. */
  async #barsOfShare(symbol: string, from: string, to: string): Promise<Bar[]> {
    const short = toDay(now().getTime() - SHORT_HISTORY_DAYS * DAY_MS);
    const isCut = from < short && short <= to;
    for (;;) {
      const first = this.#isHistoryShort && isCut ? short : from;
      const last = this.#dayRefused === to ? addDays(to, -1) : to;
      if (last < first) return [];
      try {
        return await this.#rangeOf(symbol, first, last);
      } catch (error) {
        // Another batch may have been refused meanwhile, so only the days of this request count.
        if (error instanceof NotYetError && last === to) this.#dayRefused = to;
        else if (error instanceof TooOldError && isCut && first === from) this.#isHistoryShort = true;
        else throw error;
      }
    }
  }

  async #rangeOf(symbol: string, from: string, to: string): Promise<Bar[]> {
    const code = defined(toMassive(symbol), `Massive's form of ${symbol}`);
    const { rows, answeredAt } = await this.#calls.rows(symbol, {
      path: `/v2/aggs/ticker/${code}/range/1/day/${from}/${to}`,
      query: { adjusted: 'true', sort: 'asc', limit: PAGE_LIMIT },
      row: Row,
    });
    if (rows.length === 0) throw noBars(symbol);
    const isClosed = newYorkClosed(READY_AT, Math.min(now().getTime(), answeredAt));
    return rows.flatMap(({ t, ...values }) => {
      // A daily bar is stamped with midnight in New York.
      const day = newYorkDay(t);
      const ts = Date.parse(day);
      return day >= from && day <= to && isClosed(ts) ? [{ ts, ...values }] : [];
    });
  }
}

function noBars(symbol: string): NotFoundError {
  return new NotFoundError(`${symbol}: Massive has no bars of it on these days`);
}

/** The weekdays whose session is over in New York. Massive has no American shares on other days. */
function closedWeekdays(from: string, to: string): string[] {
  const isClosed = newYorkClosed(READY_AT, now().getTime());
  const days: string[] = [];
  for (let day = from; day <= to && isClosed(Date.parse(day)); day = addDays(day, 1)) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(day);
  }
  return days;
}

/**
 * The bars adjusted for dividends, with the actions that they are adjusted for. An action after the last bar has not
 * changed a price yet, except that the prices are already in the shares after a split.
 */
function adjusted(symbol: string, bars: readonly Bar[], known: readonly CorporateAction[]) {
  const last = bars.at(-1);
  const lastDay = last ? toDay(last.ts) : '';
  const actions = known.filter(({ exDay }) => exDay <= lastDay);
  const split = applySplits(symbol, bars, actions, toDay);
  return { bars: adjustForDividends(symbol, split, inPresentShares(actions, known), toDay), actions };
}

/** Dividends a share of today, as the prices are: a dividend of 4 before a split of 4:1 is 1. */
function inPresentShares(
  actions: readonly CorporateAction[],
  known: readonly CorporateAction[],
): CorporateAction[] {
  return actions.map((action) => {
    if (action.kind === 'split') return action;
    const shares = known.reduce(
      (product, { kind, exDay, value }) =>
        kind === 'split' && exDay > action.exDay ? product * value : product,
      1,
    );
    return { ...action, value: action.value / shares };
  });
}
