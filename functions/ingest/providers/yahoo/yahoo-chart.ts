import { adjust, adjustForDividends, applySplits } from '../adjust.ts';
import { NotFoundError, PartialAnswerError, SchemaDriftError } from '../errors.ts';
import { exchangeDay } from '../exchange-time.ts';
import type { Bar, BarRequest, FetchedBars, SourceFacts } from '../provider.ts';
import { asPaid, readActions } from './yahoo-actions.ts';
import { type Chart, type ChartMeta, columnsOf, isStub } from './yahoo-chart-answer.ts';
import { fromYahoo } from './yahoo-symbols.ts';
import { type DayOf, dailyState, exchangeCalendar, quarterTest } from './yahoo-trading-hours.ts';

/** Longer than any exchange closes: the longest closure was Japan's ten days in 2019. */
const LONGEST_CLOSURE_MS = 14 * 24 * 60 * 60 * 1000;

/** Relative difference up to which two factors of adjustment are equal: Yahoo's prices are 32-bit floats. */
const SAME_FACTOR = 1e-6;

/** Kinds of instruments that may have no volume; of these, some indices have one. */
const MAY_LACK_VOLUME = new Set(['CURRENCY', 'MUTUALFUND', 'MONEYMARKET', 'INDEX']);

/** The bars and actions of a chart. */
export interface ReadChart extends FetchedBars {
  /**
   * Whether a daily bar was left out because its stamp lies within its session, although the session is over. Either
   * the answer is stale and a second one may not be, or the instrument did not trade to the end, which Yahoo shows in
   * this way until the next day.
   */
  isDoubtful: boolean;
}

/** One row of a chart, unchanged. */
interface Row {
  start: number;
  /** The trading day. */
  day: string;
  /** Open, high, low and close. */
  prices: (number | null | undefined)[];
  volume: number | null | undefined;
  /** The adjusted close; for 15-minute bars, which have none, the close. */
  adjClose: number | null | undefined;
  isLast: boolean;
}

/**
 * Reads a chart into closed bars, the actions of their days, and what it says about the instrument.
 *
 * Yahoo adjusts prices for splits. Daily rows also have a close that is adjusted for dividends; for 15-minute bars,
 * this function makes that adjustment from the dividends in the chart.
 *
 * @param closedBy - leaves out bars that end after this instant
 * @throws NotFoundError if the chart is the stub of a symbol that is no longer in use
 * @throws SchemaDriftError if the chart has another symbol or another form
 * @throws PartialAnswerError if days at its ends are missing, or its current session contradicts its rows
 */
export function readChart(chart: Chart, request: BarRequest, closedBy: number): ReadChart {
  const { symbol, interval, from, to } = request;
  const { meta } = chart;
  if (fromYahoo(meta.symbol) !== symbol) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: for ${meta.symbol.slice(0, 20)}`);
  }
  if (isStub(chart)) {
    throw new NotFoundError(`${symbol}: Yahoo no longer has this symbol: it was renamed, merged or delisted`);
  }
  const { dayOf, sessionDay } = calendarOf(meta, symbol);
  const within = (day: string) => day >= from && day <= to;
  const rows = rowsOf(chart, request, interval === 'daily' ? sessionDay : dayOf);
  assertCovers(rows, meta, request, dayOf);
  const isQuarter = quarterTest(meta, dayOf, rows.at(-1)?.start, closedBy);
  const bars: Bar[] = [];
  const factors = new Adjustments();
  let isDoubtful = false;
  for (const row of rows) {
    const { day, start, isLast } = row;
    if (!within(day)) continue;
    if (interval === 'daily') {
      const ts = Date.parse(day);
      const state = dailyState(start, day, { symbol, meta, dayOf, closedBy });
      isDoubtful = state === 'doubtful';
      // Yahoo may repeat the last session as its last quote, which supersedes the first row. Two other rows of one day
      // are both kept: the quality gate decides on them.
      if (isLast && bars.at(-1)?.ts === ts) bars.pop();
      const bar = state === 'closed' ? barOf(row, ts) : undefined;
      if (!bar) continue;
      bars.push(bar);
      factors.add(row, ts);
    } else if (isQuarter(start, day)) {
      if (isLast && bars.at(-1)?.ts === start) bars.pop();
      const bar = barOf(row, start);
      if (bar) bars.push(bar);
    }
  }
  // Daily bars are stamped with midnight UTC of their day, wherever the exchange is.
  const dayOfBar = interval === 'daily' ? exchangeDay('UTC') : dayOf;
  const actions = readActions(chart, sessionDay).filter(({ exDay }) => within(exDay));
  const split = applySplits(symbol, bars, actions, dayOfBar);
  return {
    bars: interval === 'daily' ? split : adjustForDividends(symbol, split, actions, dayOfBar),
    actions: actions.map((action) => asPaid(action, actions)),
    ...factsOf(meta, rows),
    ...(factors.changes.length > 0 && { adjustments: factors.changes }),
    isDoubtful,
  };
}

/** The factors adjusted close / close of daily rows, where they change. */
class Adjustments {
  readonly changes: [ts: number, factor: number][] = [];

  add({ prices: [, , , close], adjClose }: Row, ts: number): void {
    if (!close || !adjClose) return;
    const factor = adjClose / close;
    const before = this.changes.at(-1)?.[1];
    const isChange = before === undefined || Math.abs(factor / before - 1) > SAME_FACTOR;
    if (isChange && Number.isFinite(factor)) this.changes.push([ts, factor]);
  }
}

function factsOf(meta: ChartMeta, rows: readonly Row[]): SourceFacts {
  const { currency, exchangeName, fullExchangeName, exchangeTimezoneName: timeZone, instrumentType } = meta;
  const exchange = fullExchangeName || exchangeName;
  const weekdays = new Set(rows.map(({ day }) => new Date(day).getUTCDay()));
  const isDaily = weekdays.has(0) && weekdays.has(6);
  return {
    ...(currency && { currency }),
    ...(exchange && { exchange }),
    timeZone,
    ...((instrumentType || isDaily) && { tradesEveryDay: instrumentType === 'CRYPTOCURRENCY' || isDaily }),
    ...(rows.length > 0 && {
      hasVolume: !mayLackVolume(meta) || rows.some(({ volume }) => (volume ?? 0) > 0),
    }),
  };
}

function mayLackVolume({ instrumentType = '' }: ChartMeta): boolean {
  return MAY_LACK_VOLUME.has(instrumentType);
}

function calendarOf({ exchangeTimezoneName: name }: ChartMeta, symbol: string) {
  try {
    return exchangeCalendar(name);
  } catch (cause) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: no such time zone as ${name.slice(0, 40)}`, {
      cause,
    });
  }
}

function rowsOf(chart: Chart, { symbol, interval }: BarRequest, dayOfRow: DayOf): Row[] {
  const { timestamp, meta } = chart;
  const { open, high, low, close, volume, adjusted } = columnsOf(
    symbol,
    chart,
    interval,
    mayLackVolume(meta),
  );
  const starts = timestamp ?? [];
  return starts.map((start, i) => {
    const isLast = i === starts.length - 1;
    // The last row may be a quote, stamped with its own time.
    const isQuote = isLast && start === meta.regularMarketTime;
    return {
      start,
      day: isQuote ? exchangeDay(meta.exchangeTimezoneName)(start) : dayOfRow(start),
      prices: [open[i], high[i], low[i], close[i]],
      volume: volume[i],
      adjClose: adjusted[i],
      isLast,
    };
  });
}

/**
 * Checks a chart's rows against its own metadata. An instrument that traded before the requested days must have rows
 * soon after the first of them, and a row on the day of its last trade. Otherwise a cut-off answer would look like an
 * instrument that is younger, or stopped trading.
 */
function assertCovers(
  rows: readonly Row[],
  meta: ChartMeta,
  { symbol, from, to }: BarRequest,
  dayOf: DayOf,
): void {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && meta.firstTradeDate !== undefined && dayOf(meta.firstTradeDate) < from) {
    const begin = first.day;
    if (Date.parse(begin) - Date.parse(from) > LONGEST_CLOSURE_MS) {
      throw new PartialAnswerError(`${symbol}: the answer begins on ${begin}, after the requested ${from}`);
    }
  }
  if (meta.regularMarketTime === undefined) return;
  const traded = dayOf(meta.regularMarketTime);
  if (traded < from || traded > to || (last && last.day >= traded)) return;
  const end = last ? `ends on ${last.day}` : 'is empty';
  throw new PartialAnswerError(`${symbol}: the answer ${end}, but reports a trade on ${traded}`);
}

/**
 * The bar of a row. A price that the row lacks is NaN, and so are all prices of a row without an adjusted close: the
 * quality gate doubts such a bar alone.
 *
 * @returns undefined for a row without any price (a halt, or a day without trading at this exchange), and for the last
 * row while its close is not settled, which a later run fetches
 */
function barOf({ prices, volume, adjClose, isLast }: Row, ts: number): Bar | undefined {
  const [o, h, l, c] = prices;
  if ((c == null && isLast) || prices.every((price) => !price)) return undefined;
  const bar = { ts, o: o ?? NaN, h: h ?? NaN, l: l ?? NaN, c: c ?? NaN, v: volume ?? 0 };
  // Load doubts an impossible close with a reason of its own.
  if (bar.c <= 0) return bar;
  return adjust(bar, adjClose ?? NaN);
}
