import type { Bar, CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { type Factors, factorsOf } from './adjust.ts';
import type { Instrument, TradedBar } from './instrument.ts';
import { type IntradayBar, merge, QUARTER_MS, quarters, upTo } from './intraday.ts';
import { dayAt, type Session, sessionOf, tradingDayUpTo } from './trading-hours.ts';

/** An instrument as of an instant, without anything later. */
export interface Snapshot {
  readonly instrument: Instrument;
  /** The instant, in milliseconds. */
  readonly at: number;
  /** The exchange's local day at that instant. */
  readonly today: string;
  /** Ascending; during a session, the last bar has the trades up to the instant. */
  readonly bars: readonly TradedBar[];
  /** The factors of each bar, see {@link factorsOf}. */
  readonly factors: readonly Factors[];
  /** Whether the session of the last bar is open. */
  readonly isLive: boolean;
  /** The instant of the last trade. */
  readonly lastTrade: number;
  /** The session of the instant's day, or the last one before it. */
  readonly current: Session;
  /** The 15-minute bars of a daily bar that have begun. */
  quarters(bar: TradedBar): IntradayBar[];
}

/**
 * Takes a snapshot of an instrument as of an instant.
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
    // The current bar is partial, so its parts come from the complete one.
    quarters: (bar) => (bar === traded && whole ? upTo(parts(whole), at) : parts(bar)),
  };
}

function lastTradeOf({ end, lunch }: Session, at: number, lastPrintSeconds: number): number {
  const instant = Math.min(at, end + lastPrintSeconds * 1000);
  return lunch && instant >= lunch.start && instant < lunch.end ? lunch.start : instant;
}

/**
 * The closed bars of a snapshot, adjusted for splits and dividends, as a correct client must have them. The factors
 * multiply prices and divide volumes, so that c × v stays unchanged.
 *
 * @param from - first day, `YYYY-MM-DD`
 * @param to - last day, inclusive
 */
export function adjustedBars(view: Snapshot, interval: 'daily' | '15m', from: string, to: string): Bar[] {
  return view.bars.flatMap((bar, i) => {
    if (bar.day < from || bar.day > to) return [];
    const { split, dividend } = defined(view.factors[i], `factors of bar ${i}`);
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
 * The actions between two days that have taken effect by a snapshot, ascending.
 *
 * @returns dividends as paid, in the shares of their day
 */
export function effectiveActions(
  { instrument, bars }: Snapshot,
  from: string,
  to: string,
): CorporateAction[] {
  const last = bars.at(-1)?.day;
  if (last === undefined) return [];
  return instrument.actions
    .filter(({ exDay }) => exDay <= last && exDay >= from && exDay <= to)
    .sort((a, b) => a.exDay.localeCompare(b.exDay));
}
