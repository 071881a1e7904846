import type { Bar } from '../../functions/ingest/providers/provider.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { factorsOf } from '../market/adjust.ts';
import type { Market } from '../market/market.ts';
import { type Random, random } from '../market/random.ts';
import { syntheticMarket } from '../market/synthetic.ts';
import { NASDAQ } from '../market/trading-hours.ts';

export const BENCHMARK = 'SPY';
const STOCKS = 12;
/** Sessions before the first live day. */
const SESSIONS_BEFORE = 30;

/** How often an instrument meets each event, per session. */
const FREQUENCIES = { dividend: 0.012, split: 0.004, correction: 0.012, halt: 0.005, pause: 0.005 } as const;
export type VendorEvent = keyof typeof FREQUENCIES;

/** The bars of an instrument as the vendor states them at some time. */
export interface Known {
  /** Ascending, adjusted for the actions until then. */
  bars: Bar[];
  /** The factor of a bar's prices for actions after it, by its time in milliseconds. */
  factors: ReadonlyMap<number, number>;
}

/** A vendor that pays dividends, splits shares, corrects closes and halts trading, and the user who follows its stocks. */
export class Vendor {
  readonly market: Market;
  readonly symbols: readonly string[];
  /** The live days, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  readonly counts: Record<VendorEvent, number> = { dividend: 0, split: 0, correction: 0, halt: 0, pause: 0 };
  /** The last day of each pause, by symbol. */
  readonly paused = new Map<string, string>();
  readonly #random: Random;
  readonly #sessions: readonly string[];

  constructor({ days, seed }: { days: number; seed: number }) {
    this.#random = random(seed);
    this.market = syntheticMarket({
      instruments: STOCKS + 1,
      days: days + SESSIONS_BEFORE,
      exchanges: [NASDAQ],
      actions: false,
      seed,
    });
    this.market.rename(defined(this.market.symbols()[0], 'instrument'), BENCHMARK);
    this.symbols = this.market.symbols().filter((symbol) => symbol !== BENCHMARK);
    this.#sessions = this.#instrument(BENCHMARK).bars.map(({ day }) => day);
    this.days = this.#sessions.slice(SESSIONS_BEFORE);
  }

  /** Begins a day: some instruments meet events. */
  begin(day: string): void {
    this.market.setClock(`${day}T22:30:00Z`);
    for (const symbol of [...this.symbols, BENCHMARK]) {
      if ((this.paused.get(symbol) ?? day) < day) this.paused.delete(symbol);
      for (const [event, frequency] of Object.entries(FREQUENCIES) as [VendorEvent, number][])
        if (this.#random.next() < frequency && this.#happen(event, symbol, day)) this.counts[event]++;
    }
  }

  /** The bars of an instrument as of the market's clock. */
  known(symbol: string, day: string): Known {
    const { bars, actions } = this.#instrument(symbol);
    const until = <T extends { day: string }>(list: readonly T[]) => list.filter((one) => one.day <= day);
    const traded = until(bars);
    const factors = factorsOf(
      traded,
      actions.filter(({ exDay }) => exDay <= day),
    );
    return {
      bars: this.market.truth(symbol, 'daily', defined(this.#sessions[0], 'session'), day),
      factors: new Map(
        factors.map(({ split, dividend }, i) => [
          Date.parse(defined(traded[i], 'bar').day),
          split * dividend,
        ]),
      ),
    };
  }

  /** Whether an instrument has a bar of a day. */
  trades(symbol: string, day: string): boolean {
    return this.#instrument(symbol).bars.some((bar) => bar.day === day);
  }

  /** Lets something happen; false if it cannot on this day. */
  #happen(event: VendorEvent, symbol: string, day: string): boolean {
    const today = this.#sessions.indexOf(day);
    const later = (sessions: number) => this.#sessions[today + sessions];
    switch (event) {
      case 'dividend': {
        const before = this.#instrument(symbol).bars.findLast((bar) => bar.day < day);
        if (!before) return false;
        this.market.addAction(symbol, {
          exDay: day,
          kind: 'dividend',
          value: before.c * this.#random.between(0.002, 0.02),
        });
        return true;
      }
      case 'split':
        this.market.split(symbol, day, 4);
        return true;
      case 'correction': {
        const recent = this.#sessions[today - 1 - this.#random.int(3)];
        if (!recent || !this.#instrument(symbol).bars.some((bar) => bar.day === recent)) return false;
        this.market.restate(
          symbol,
          recent,
          1 + this.#random.between(0.01, 0.03) * (this.#random.next() < 0.5 ? -1 : 1),
        );
        return true;
      }
      case 'halt': {
        const last = later(1 + this.#random.int(4));
        if (!last) return false;
        const { bars } = this.#instrument(symbol);
        this.market.change(symbol, { bars: bars.filter((bar) => bar.day < day || bar.day > last) });
        return true;
      }
      case 'pause': {
        const last = later(2 + this.#random.int(11));
        if (!last || symbol === BENCHMARK || this.paused.has(symbol)) return false;
        this.paused.set(symbol, last);
        return true;
      }
    }
  }

  #instrument(symbol: string) {
    return defined(this.market.find(symbol), symbol);
  }
}
