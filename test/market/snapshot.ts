import type { Bar, CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { type Factors, factorsOf } from './adjust.ts';
import type { Instrument, TradedBar } from './instrument.ts';
import { type IntradayBar, merge, QUARTER_MS, quarters, upTo } from './intraday.ts';
import { dayAt, type Session, sessionOf, tradingDayUpTo } from './sessions.ts';

/** What is known of an instrument at an instant, and nothing that came later. */
export interface Snapshot {
  readonly instrument: Instrument;
  /** The instant, in milliseconds. */
  readonly at: number;
  /** The day that it is then at the exchange. */
  readonly today: string;
  /** Ascending; where a session is under way, the last one has the trades up to the instant. */
  readonly bars: readonly TradedBar[];
  /** Of each bar, see {@link factorsOf}. */
  readonly factors: readonly Factors[];
  /** Whether the session of the last bar is still under way. */
  readonly isLive: boolean;
  /** When it was last traded. */
  readonly lastTrade: number;
  /** The session of the instant's day, or the last one before it. */
  readonly current: Session;
  /** The 15-minute bars of one of its bars, as far as they have begun. */
  quarters(bar: TradedBar): IntradayBar[];
}

/**
 * Looks at an instrument as of an instant.
 *
 * @param pathSeed - decides the path of prices within each day
 */
export function snapshot(instrument: Instrument, at: number, pathSeed: number): Snapshot {
  const { exchange, actions } = instrument;
  const begun = instrument.bars.filter((bar) => sessionOf(exchange, bar.day).start < at);
  const whole = begun.at(-1);
  const last = whole && sessionOf(exchange, whole.day);
  const isLive = last !== undefined && at < last.end;
  const parts = (bar: TradedBar) => quarters(bar, sessionOf(exchange, bar.day), pathSeed);
  const traded = whole && isLive ? merge(whole.day, upTo(parts(whole), at)) : undefined;
  const bars = traded ? [...begun.slice(0, -1), traded] : begun;
  const today = dayAt(exchange, at);
  return {
    instrument,
    at,
    today,
    bars,
    factors: factorsOf(bars, actions),
    isLive,
    lastTrade: last ? lastTradeOf(last, at, exchange.lastPrintSeconds) : at,
    current: sessionOf(exchange, tradingDayUpTo(exchange, today)),
    // The bar under way has been cut short; its parts are cut from the whole of it.
    quarters: (bar) => (bar === traded && whole ? upTo(parts(whole), at) : parts(bar)),
  };
}

function lastTradeOf({ end, lunch }: Session, at: number, lastPrintSeconds: number): number {
  const instant = Math.min(at, end + lastPrintSeconds * 1000);
  return lunch && instant >= lunch.start && instant < lunch.end ? lunch.start : instant;
}

/**
 * The closed bars of a snapshot, adjusted for splits and dividends: what a correct client ends up with.
 * Prices are as traded times the factors, volume is divided by them, so that c × v is as it was traded.
 *
 * @param from - first day, `YYYY-MM-DD`
 * @param to - last day, inclusive
 */
export function adjustedBars(view: Snapshot, interval: 'daily' | '15m', from: string, to: string): Bar[] {
  return view.bars.flatMap((bar, i) => {
    if (bar.day < from || bar.day > to) return [];
    const { split, dividend } = view.factors[i] ?? { split: 1, dividend: 1 };
    const factor = split * dividend;
    if (interval === 'daily') {
      const isClosed = !(view.isLive && i === view.bars.length - 1);
      return isClosed ? [scaled(Date.parse(bar.day), bar, factor)] : [];
    }
    return view
      .quarters(bar)
      .filter(({ ts }) => ts + QUARTER_MS <= view.at)
      .map((part) => scaled(part.ts, part, factor));
  });
}

function scaled(ts: number, { o, h, l, c, v }: Omit<Bar, 'ts'>, factor: number): Bar {
  return { ts, o: o * factor, h: h * factor, l: l * factor, c: c * factor, v: v / factor };
}

/**
 * The actions that have taken effect by a snapshot, ascending, those between two days only.
 *
 * @returns dividends as paid, in the shares of their day
 */
export function effectiveActions(
  { instrument, bars }: Snapshot,
  from: string,
  to: string,
): CorporateAction[] {
  const last = bars.at(-1)?.day ?? '';
  return instrument.actions
    .filter(({ exDay }) => exDay <= last && exDay >= from && exDay <= to)
    .sort((a, b) => a.exDay.localeCompare(b.exDay));
}
