import type { Bar, CorporateAction, Listing } from '../../functions/ingest/providers/provider.ts';
import type { Interval } from '../../functions/shared/constants.ts';
import { readCurrency } from '../../functions/shared/currencies.ts';
import { type Instrument, stooqSymbol, type TradedBar } from './instrument.ts';
import { hash } from './random.ts';
import { adjustedBars, effectiveActions, type Snapshot, snapshot } from './snapshot.ts';
import { FOREX } from './trading-hours.ts';

/** An instant in any form. */
export type Instant = Date | number | string;

export interface MarketOptions {
  instruments: readonly Instrument[];
  /** The market's time; by default the wall clock. */
  clock?: Instant | undefined;
  /** Decides the path of prices within each day. Default 1. */
  seed?: number;
}

interface Entry {
  instrument: Instrument;
  readonly pathSeed: number;
  isListed: boolean;
  /** The last snapshot: most requests come in groups at one instant. */
  view?: Snapshot;
}

/**
 * A market in memory: instruments with unadjusted bars, actions, and a clock. All its answers are as of its clock, so
 * that a later day or a new action changes the past, as it does at vendors.
 *
 * @example
 * const market = new Market({ instruments, clock: '2026-03-09T15:00:00Z' });
 * market.split('AAPL', '2026-03-09', 4);
 * market.truth('AAPL', 'daily', '2026-01-01', '2026-03-09'); // a quarter of the earlier prices
 */
export class Market {
  readonly seed: number;
  readonly #entries = new Map<string, Entry>();
  readonly #byStooqSymbol = new Map<string, Entry>();
  #clock: number | undefined;

  constructor({ instruments, clock, seed = 1 }: MarketOptions) {
    this.seed = seed;
    this.setClock(clock);
    for (const instrument of instruments) this.list(instrument);
  }

  /** The market's time, in milliseconds. */
  now(): number {
    return this.#clock ?? Date.now();
  }

  /** Stops the clock at an instant; without one, uses the wall clock. */
  setClock(instant?: Instant): void {
    this.#clock = instant === undefined ? undefined : new Date(instant).getTime();
    if (Number.isNaN(this.#clock)) throw new RangeError(`not an instant: ${instant}`);
  }

  /** Advances the clock, and stops it there. */
  advance(milliseconds: number): void {
    this.#clock = this.now() + milliseconds;
  }

  /** The listed symbols, in the order of their listing, without exchange rates. */
  symbols(): string[] {
    return [...this.#entries.keys()].filter((symbol) => {
      const instrument = this.find(symbol);
      return instrument && instrument.exchange !== FOREX;
    });
  }

  /** Finds an instrument by its symbol. */
  find(symbol: string): Instrument | undefined {
    const entry = this.#entries.get(symbol);
    return entry?.isListed && entry.instrument.symbol === symbol ? entry.instrument : undefined;
  }

  /** Finds an instrument by Stooq's form of its symbol, such as brk-b.us. */
  findByStooqSymbol(symbol: string): Instrument | undefined {
    const instrument = this.#byStooqSymbol.get(symbol.toLowerCase())?.instrument;
    return instrument && this.find(instrument.symbol);
  }

  /** An instrument as of now, or of another instant. */
  view(symbol: string, at = this.now()): Snapshot {
    const entry = this.#entry(symbol);
    const { instrument, pathSeed, view } = entry;
    if (view?.instrument === instrument && view.at === at) return view;
    entry.view = snapshot(instrument, at, pathSeed);
    return entry.view;
  }

  /** Lists an instrument. */
  list(instrument: Instrument): void {
    if (this.#entries.has(instrument.symbol)) throw new RangeError(`${instrument.symbol} is listed already`);
    const entry = {
      instrument: inOrder(instrument),
      pathSeed: hash(this.seed, instrument.symbol),
      isListed: true,
    };
    this.#entries.set(instrument.symbol, entry);
    this.#byStooqSymbol.set(stooqSymbol(instrument), entry);
  }

  /** Replaces properties of an instrument, but not its symbol. */
  change(symbol: string, change: Partial<Omit<Instrument, 'symbol'>>): void {
    const entry = this.#entry(symbol);
    entry.instrument = inOrder({ ...entry.instrument, ...change });
  }

  /** Appends bars to an instrument. */
  trade(symbol: string, bars: readonly TradedBar[]): void {
    this.change(symbol, { bars: [...this.#entry(symbol).instrument.bars, ...bars] });
  }

  /** Adds an action without changing traded prices, as is right for a dividend. */
  addAction(symbol: string, action: CorporateAction): void {
    this.change(symbol, { actions: [...this.#entry(symbol).instrument.actions, action] });
  }

  /** Splits shares: from that day on, divides prices and dividends by the ratio, and multiplies volumes. */
  split(symbol: string, exDay: string, ratio: number): void {
    const { bars, actions } = this.#entry(symbol).instrument;
    const after = (bar: TradedBar) => ({ ...scale(bar, 1 / ratio), v: Math.round(bar.v * ratio) });
    this.change(symbol, {
      bars: bars.map((bar) => (bar.day < exDay ? bar : after(bar))),
      actions: actions.map((action) =>
        action.kind === 'split' || action.exDay < exDay ? action : { ...action, value: action.value / ratio },
      ),
    });
    this.addAction(symbol, { exDay, kind: 'split', value: ratio });
  }

  /** Restates the prices of one day by a factor, permanently. */
  restate(symbol: string, day: string, factor: number): void {
    const { bars } = this.#entry(symbol).instrument;
    this.change(symbol, { bars: bars.map((bar) => (bar.day === day ? scale(bar, factor) : bar)) });
  }

  rename(symbol: string, to: string): void {
    if (this.#entries.has(to)) throw new RangeError(`${to} is listed already`);
    const entry = this.#entry(symbol);
    this.#byStooqSymbol.delete(stooqSymbol(entry.instrument));
    entry.instrument = { ...entry.instrument, symbol: to };
    this.#entries.set(to, entry);
    this.#byStooqSymbol.set(stooqSymbol(entry.instrument), entry);
  }

  /** Delists an instrument: vendors no longer know it. */
  delist(symbol: string): void {
    this.#entry(symbol).isListed = false;
  }

  /**
   * The bars that a correct client must have: closed as of the clock, and adjusted for splits and dividends at both
   * intervals. A daily bar's ts is midnight UTC of its day, a 15-minute bar's its start. Vendors round, so compare with
   * a tolerance of a millionth. Prices are in the currency itself, also where the exchange quotes pence.
   * A renamed or delisted instrument keeps its bars, under both symbols.
   *
   * @param from - first day, `YYYY-MM-DD`
   * @param to - last day, inclusive
   */
  truth(symbol: string, interval: Interval, from: string, to: string): Bar[] {
    const view = this.view(symbol);
    return adjustedBars(view, interval, from, to).map((bar) => scale(bar, 1 / unitsOf(view.instrument)));
  }

  /** The actions that have taken effect, ascending; dividends as paid. */
  actions(symbol: string, from: string, to: string): CorporateAction[] {
    const view = this.view(symbol);
    const units = unitsOf(view.instrument);
    return effectiveActions(view, from, to).map((action) =>
      action.kind === 'dividend' ? { ...action, value: action.value / units } : action,
    );
  }

  /** An instrument as a provider should describe it. */
  listing(symbol: string): Listing {
    const { instrument } = this.#entry(symbol);
    const { exchange, name, sector, marketCap, trailingPe } = instrument;
    return {
      symbol: instrument.symbol,
      exchange: exchange.name,
      name,
      ...(sector !== undefined && { sector }),
      currency: readCurrency(exchange.currency)?.currency ?? exchange.currency,
      ...(marketCap !== undefined && { marketCap }),
      ...(trailingPe !== undefined && { trailingPe }),
    };
  }

  #entry(symbol: string): Entry {
    const entry = this.#entries.get(symbol);
    if (!entry) throw new RangeError(`${symbol} has never been listed here`);
    return entry;
  }
}

/** How many of the units in which its exchange quotes prices an instrument's currency has: a hundred pence. */
export function unitsOf({ exchange }: Instrument): number {
  return readCurrency(exchange.currency)?.units ?? 1;
}

function inOrder(instrument: Instrument): Instrument {
  const { symbol, bars } = instrument;
  const at = bars.findIndex(({ day }, i) => day <= (bars[i - 1]?.day ?? ''));
  if (at >= 0)
    throw new RangeError(`${symbol}: the bar of ${bars[at]?.day} does not follow the one before it`);
  return instrument;
}

function scale<B extends Pick<Bar, 'o' | 'h' | 'l' | 'c'>>(bar: B, factor: number): B {
  return { ...bar, o: bar.o * factor, h: bar.h * factor, l: bar.l * factor, c: bar.c * factor };
}
