import { defined } from '../../functions/shared/invariant.ts';
import { sharesSince } from './adjust.ts';
import type { Snapshot } from './snapshot.ts';
import { sessionOf } from './trading-hours.ts';

/** A value on the wire: vendors also send nulls, and faults send text. */
export type Cell = number | string | null;

/** One row of an answer, before it takes a vendor's format. */
export interface Row {
  readonly day: string;
  /** Seconds since the epoch, as Yahoo stamps it. */
  readonly ts: number;
  /** Adjusted for splits, as Yahoo's quotes are. */
  readonly o: Cell;
  readonly h: Cell;
  readonly l: Cell;
  readonly c: Cell;
  readonly v: Cell;
  /** The close adjusted for splits and dividends; null in intraday rows. */
  readonly adj: Cell;
  /** The factor for later dividends, by which vendors of adjusted prices multiply. */
  readonly factor: number;
}

/** An action in Yahoo's form: a dividend's value is in today's shares. */
export interface SheetEvent {
  readonly kind: 'split' | 'dividend';
  /** The open of the ex day's session, in seconds since the epoch. */
  readonly ts: number;
  readonly value: number;
}

/** The content of an answer, before it takes a vendor's format. */
export interface Sheet {
  readonly view: Snapshot;
  readonly interval: 'daily' | '15m';
  /** The requested span in seconds; the end is exclusive. */
  readonly span: readonly [from: number, to: number];
  readonly rows: readonly Row[];
  readonly events: readonly SheetEvent[];
  /** The close before the first row; undefined where there is none. */
  readonly previousClose: number | undefined;
}

/** Seconds since the epoch of an instant. */
export function seconds(instant: number): number {
  return Math.floor(instant / 1000);
}

/**
 * Yahoo's rows of an instrument within a span. A day belongs to the span if its session opens within it.
 *
 * Until the day is over at the exchange, the last day is stamped with its last trade instead of its open. Intraday rows
 * end with one for the last trade while the session is open. On the day itself, and after an early close, they end with
 * one that is stamped with the close. Both extra rows have no volume.
 */
export function sheetOf(view: Snapshot, interval: Sheet['interval'], span: Sheet['span']): Sheet {
  const { exchange } = view.instrument;
  const [from, to] = span;
  const opens = view.bars.map(({ day }) => seconds(sessionOf(exchange, day).start));
  const first = opens.findIndex((open) => open >= from);
  const indexes = [...opens.entries()].filter(([, open]) => open >= from && open < to).map(([i]) => i);
  const rows =
    interval === 'daily'
      ? indexes.map((i) => dailyRow(view, i))
      : [...view.bars.keys()].flatMap((i) => (overlaps(view, i, span) ? quarterRows(view, i, span) : []));
  return {
    view,
    interval,
    span,
    rows,
    events: eventsOf(view).filter(({ ts }) => ts >= from && ts < to),
    previousClose: splitAdjusted(view, (first < 0 ? view.bars.length : first) - 1),
  };
}

/** The close of a bar, adjusted for splits like Yahoo's quotes; undefined for a bar that does not exist. */
export function splitAdjusted({ bars, factors }: Snapshot, index: number): number | undefined {
  const bar = bars[index];
  return bar && bar.c * defined(factors[index], `factors of bar ${index}`).split;
}

function dailyRow(view: Snapshot, index: number): Row {
  const { instrument, bars, factors, today, lastTrade } = view;
  const bar = defined(bars[index], `bar ${index}`);
  const { split, dividend } = defined(factors[index], `factors of bar ${index}`);
  const stamp = bar.day === today ? lastTrade : sessionOf(instrument.exchange, bar.day).start;
  return {
    day: bar.day,
    ts: seconds(stamp),
    ...quote(bar, split),
    adj: bar.c * split * dividend,
    factor: dividend,
  };
}

function overlaps({ instrument, bars }: Snapshot, index: number, [from, to]: Sheet['span']): boolean {
  const { start, end } = sessionOf(instrument.exchange, defined(bars[index], `bar ${index}`).day);
  return seconds(end) >= from && seconds(start) < to;
}

function quarterRows(view: Snapshot, index: number, [from, to]: Sheet['span']): Row[] {
  const { bars, factors, today, isLive, lastTrade } = view;
  const bar = defined(bars[index], `bar ${index}`);
  const { end } = sessionOf(view.instrument.exchange, bar.day);
  const { split, dividend } = defined(factors[index], `factors of bar ${index}`);
  const row = (ts: number, part: Parameters<typeof quote>[0]): Row => {
    return { day: bar.day, ts: seconds(ts), ...quote(part, split), adj: null, factor: dividend };
  };
  const print = { o: bar.c, h: bar.c, l: bar.c, c: bar.c, v: 0 };
  const rows = view.quarters(bar).map((part) => row(part.ts, part));
  const endsEarly = view.instrument.exchange.calendar.earlyClose(bar.day) !== undefined;
  if (isLive && bar.day === today) {
    if (rows.at(-1)?.ts !== seconds(lastTrade)) rows.push(row(lastTrade, print));
  } else if (endsEarly || bar.day === today) rows.push(row(end, print));
  return rows.filter(({ ts }) => ts >= from && ts < to);
}

function quote({ o, h, l, c, v }: { o: number; h: number; l: number; c: number; v: number }, split: number) {
  return { o: o * split, h: h * split, l: l * split, c: c * split, v: v / split };
}

function eventsOf({ instrument, bars }: Snapshot): SheetEvent[] {
  const { actions, exchange } = instrument;
  const last = bars.at(-1)?.day;
  if (last === undefined) return [];
  return actions.flatMap(({ kind, exDay, value }) => {
    const day = bars.find((bar) => bar.day >= exDay)?.day;
    if (day === undefined) return [];
    const ts = seconds(sessionOf(exchange, day).start);
    return [{ kind, ts, value: kind === 'split' ? value : value / sharesSince(actions, exDay, last) }];
  });
}
