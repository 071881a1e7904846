import type { ChartMeta, ChartResultObject } from 'yahoo-finance2/modules/chart';
import { adjust, adjustForDividends, applySplits } from '../adjust.ts';
import { PartialAnswerError, SchemaDriftError } from '../errors.ts';
import { exchangeDay } from '../exchange-time.ts';
import type { Bar, BarRequest, FetchedBars } from '../provider.ts';
import { asPaid, readActions } from './yahoo-actions.ts';
import { fromYahoo } from './yahoo-symbols.ts';
import { dailyState, quarterTest } from './yahoo-trading-hours.ts';

/** Longer than exchanges are ever closed; the longest were the ten days of Japan in 2019. */
const LONGEST_CLOSURE_MS = 14 * 24 * 60 * 60 * 1000;

type DayOf = (instant: number) => string;

/** A chart, read. */
export interface ReadChart extends FetchedBars {
  /**
   * Whether a daily bar was left out that Yahoo has as of amid its session, though that is over: the answer is
   * old, which another one may not be, or the instrument was not traded to the end, which Yahoo shows so until
   * the next day.
   */
  isDoubtful: boolean;
}

/** One row of a chart, as it stands there. */
interface Row {
  start: number;
  prices: (number | null | undefined)[];
  volume: number | null | undefined;
  /** The close after adjustment; for 15-minute bars, of which Yahoo has none, the close. */
  adjClose: number | null | undefined;
  isLast: boolean;
}

/**
 * Reads a chart into closed bars and the actions of their days.
 *
 * Yahoo's prices are adjusted for splits, and its daily ones have a close beside them that is adjusted for
 * dividends too. For 15-minute bars that adjustment is made here, from the dividends in the same chart.
 *
 * @param closedBy - what ends after this instant is not closed, and left out
 * @throws SchemaDriftError if the chart is of another symbol or of another form
 * @throws PartialAnswerError if days at its ends or some of its prices are missing, or its session is of no day
 */
export function readChart(chart: ChartResultObject, request: BarRequest, closedBy: number): ReadChart {
  const { symbol, interval, from, to } = request;
  const { meta } = chart;
  if (fromYahoo(meta.symbol) !== symbol) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: about ${meta.symbol.slice(0, 20)}`);
  }
  const dayOf = dayFormat(meta, symbol);
  const within = (day: string) => day >= from && day <= to;
  const rows = rowsOf(chart, request);
  assertCovers(rows, meta, request, dayOf);
  const isQuarter = quarterTest(meta, dayOf, rows.at(-1)?.start, closedBy);
  const bars: Bar[] = [];
  let isDoubtful = false;
  for (const row of rows) {
    const day = dayOf(row.start);
    if (!within(day)) continue;
    if (interval === 'daily') {
      const ts = Date.parse(day);
      const state = dailyState(row.start, { symbol, meta, dayOf, closedBy });
      isDoubtful = state === 'doubtful';
      // Yahoo may give the last session twice, the second time as its last quote, which is what counts.
      if (bars.at(-1)?.ts === ts) bars.pop();
      if (state === 'closed') push(bars, row, ts, symbol);
    } else if (isQuarter(row.start, day)) {
      if (bars.at(-1)?.ts === row.start) bars.pop();
      push(bars, row, row.start, symbol);
    }
  }
  // Daily bars lie at midnight UTC of their day, wherever the exchange is.
  const dayOfBar = interval === 'daily' ? exchangeDay('UTC') : dayOf;
  const told = readActions(chart, dayOf).filter(({ exDay }) => within(exDay));
  const split = applySplits(symbol, bars, told, dayOfBar);
  return {
    bars: interval === 'daily' ? split : adjustForDividends(symbol, split, told, dayOfBar),
    actions: told.map((action) => asPaid(action, told)),
    isDoubtful,
  };
}

function dayFormat(meta: ChartMeta, symbol: string): DayOf {
  try {
    return exchangeDay(meta.exchangeTimezoneName);
  } catch (cause) {
    const name = meta.exchangeTimezoneName.slice(0, 40);
    throw new SchemaDriftError(`${symbol}: unexpected answer: no such time zone as ${name}`, { cause });
  }
}

function rowsOf(chart: ChartResultObject, { symbol, interval }: BarRequest): Row[] {
  const starts = chart.timestamp ?? [];
  const [quote] = chart.indicators.quote;
  const adjusted = interval === 'daily' ? chart.indicators.adjclose?.[0]?.adjclose : quote?.close;
  if (starts.length > 0 && !adjusted) {
    // Taken as they are, prices would look like a restated history without dividends.
    throw new SchemaDriftError(`${symbol}: unexpected answer: daily bars without adjusted close`);
  }
  const columns = [quote?.open, quote?.high, quote?.low, quote?.close];
  if ([...columns, quote?.volume, adjusted].some((column) => column && column.length !== starts.length)) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: columns of unequal length`);
  }
  return starts.map((seconds, i) => ({
    start: seconds * 1000,
    prices: columns.map((column) => column?.[i]),
    volume: quote?.volume[i],
    adjClose: adjusted?.[i],
    isLast: i === starts.length - 1,
  }));
}

/**
 * Checks a chart against what it says of itself: an instrument that was traded before the days asked for has
 * rows soon after the first of them, and on the day of its last trade it has one. What is missing at either
 * end would look like an instrument that is younger, or was not traded.
 */
function assertCovers(
  rows: readonly Row[],
  meta: ChartMeta,
  { symbol, from, to }: BarRequest,
  dayOf: DayOf,
): void {
  const says = (day: Date) => dayOf(day.getTime());
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && meta.firstTradeDate && says(meta.firstTradeDate) < from) {
    const begin = dayOf(first.start);
    if (Date.parse(begin) - Date.parse(from) > LONGEST_CLOSURE_MS) {
      throw new PartialAnswerError(`${symbol}: the answer begins on ${begin}, ${from} was asked for`);
    }
  }
  const traded = says(meta.regularMarketTime);
  if (traded < from || traded > to || (last && dayOf(last.start) >= traded)) return;
  const end = last ? `ends on ${dayOf(last.start)}` : 'is empty';
  throw new PartialAnswerError(`${symbol}: the answer ${end}, and says that it was traded on ${traded}`);
}

/**
 * Adds the bar of a row.
 *
 * A row without any price is left out: a halt, or a day that is none at this exchange. So is the last one if
 * its close is not settled, which a later run asks for again. Any other row that lacks a price is damage in a
 * session that was traded: left out it would be a hole that nothing mends, so that the whole is refused.
 */
function push(bars: Bar[], { prices, volume, adjClose, isLast }: Row, ts: number, symbol: string): void {
  const [o, h, l, c] = prices;
  if ((c == null && isLast) || prices.every((price) => !price)) return;
  if (o == null || h == null || l == null || c == null || adjClose == null) {
    const when = new Date(ts).toISOString().slice(0, 16);
    throw new PartialAnswerError(`${symbol}: the bar of ${when} lacks some of its prices`);
  }
  const bar = { ts, o, h, l, c, v: volume ?? 0 };
  // A close that is no price at all is left as it is for Load, which refuses it by its name.
  bars.push(c > 0 ? adjust(bar, adjClose) : bar);
}
