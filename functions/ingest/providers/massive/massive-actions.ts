import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { defined } from '../../../shared/invariant.ts';
import { AMERICAN, newYorkDay } from '../new-york.ts';
import type { CorporateAction } from '../provider.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { MassiveCalls } from './massive-calls.ts';
import { fromMassive, toMassive } from './massive-symbols.ts';

/** The most rows of a page. */
const PAGE_LIMIT = '5000';

const Day = z.iso.date();

const SplitRow = z.object({
  ticker: z.string(),
  execution_date: Day,
  split_from: z.number().positive(),
  split_to: z.number().positive(),
});

const DividendRow = z.object({
  ticker: z.string(),
  ex_dividend_date: Day,
  cash_amount: z.number(),
  currency: z.string().nullish(),
});

/** A request for actions. Both days are inclusive. */
export interface ActionRequest {
  /** The instruments; all where it is absent. */
  symbols?: readonly string[];
  from: string;
  to: string;
}

type ActionsBySymbol = ReadonlyMap<string, readonly CorporateAction[]>;

/**
 * Splits and dividends, for many instruments a request. Massive's own factors of adjustment are not used: they count an
 * action twice that its list has twice.
 */
export class MassiveActions {
  readonly #calls: MassiveCalls;
  readonly #answers = new KeptAnswers<ActionsBySymbol>();

  constructor(calls: MassiveCalls) {
    this.#calls = calls;
  }

  /**
   * An instrument's splits from the first day to the present, because Massive's prices are adjusted for all of them, and
   * its dividends within the days. Ascending by ex day; an action that the list repeats is here once.
   */
  async fetch(symbol: string, request: ActionRequest): Promise<readonly CorporateAction[]> {
    const actions = await this.#answers.getOr(JSON.stringify(request), () =>
      this.#request(request.symbols ? symbol : 'all symbols', request),
    );
    return actions.get(symbol) ?? [];
  }

  async #request(subject: string, { symbols, from, to }: ActionRequest): Promise<ActionsBySymbol> {
    const codes = symbols?.map((symbol) => defined(toMassive(symbol), `Massive's form of ${symbol}`));
    const common = { ...(codes && { 'ticker.any_of': codes.join() }), limit: PAGE_LIMIT };
    const splits = await this.#calls.rows(subject, {
      path: '/stocks/v1/splits',
      query: {
        ...common,
        'execution_date.gte': from,
        'execution_date.lte': newYorkDay(now().getTime()),
        sort: 'execution_date.asc',
      },
      row: SplitRow,
    });
    const dividends = await this.#calls.rows(subject, {
      path: '/stocks/v1/dividends',
      query: {
        ...common,
        'ex_dividend_date.gte': from,
        'ex_dividend_date.lte': to,
        sort: 'ex_dividend_date.asc',
      },
      row: DividendRow,
    });
    return bySymbol([
      ...splits.rows.map(({ ticker, execution_date: exDay, split_from, split_to }) => {
        return { ticker, exDay, kind: 'split' as const, value: split_to / split_from };
      }),
      // A dividend in another currency cannot be taken off a price in dollars.
      ...dividends.rows
        .filter(({ currency }) => (currency ?? AMERICAN.currency) === AMERICAN.currency)
        .map(({ ticker, ex_dividend_date: exDay, cash_amount: value }) => {
          return { ticker, exDay, kind: 'dividend' as const, value };
        }),
    ]);
  }
}

function bySymbol(rows: readonly (CorporateAction & { ticker: string })[]): ActionsBySymbol {
  const actions = new Map<string, CorporateAction[]>();
  for (const { ticker, ...action } of rows) {
    const symbol = fromMassive(ticker);
    if (!symbol || !(action.value > 0)) continue;
    const known = actions.get(symbol) ?? [];
    actions.set(symbol, known);
    const isKnown = known.some(
      ({ exDay, kind, value }) => exDay === action.exDay && kind === action.kind && value === action.value,
    );
    if (!isKnown) known.push(action);
  }
  for (const known of actions.values()) known.sort((a, b) => (a.exDay < b.exDay ? -1 : 1));
  return actions;
}
