import type { ChartMeta, ChartResultObject } from 'yahoo-finance2/modules/chart';
import { adjust, adjustForDividends, applySplits } from '../adjust.ts';
import { PartialAnswerError, SchemaDriftError } from '../errors.ts';
import { exchangeDay } from '../exchange-time.ts';
import type { Bar, BarRequest, FetchedBars } from '../provider.ts';
import { asPaid, readActions } from './yahoo-actions.ts';
import { fromYahoo } from './yahoo-symbols.ts';
import { dailyState, quarterTest } from './yahoo-trading-hours.ts';

/** Longer than any exchange closes: the longest closure was Japan's ten days in 2019. */
const LONGEST_CLOSURE_MS = 14 * 24 * 60 * 60 * 1000;

type DayOf = (instant: number) => string;

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
  prices: (number | null | undefined)[];
  volume: number | null | undefined;
  /** The adjusted close; for 15-minute bars, which have none, the close. */
  adjClose: number | null | undefined;
  isLast: boolean;
}

/**
 * Reads a chart into closed bars and the actions of their days.
 *
 * Yahoo adjusts prices for splits. Daily rows also have a close that is adjusted for dividends; for 15-minute bars,
 * this function makes that adjustment from the dividends in the chart.
 *
 * @param closedBy - leaves out bars that end after this instant
 * @throws SchemaDriftError if the chart has another symbol or another form
 * @throws PartialAnswerError if days at its ends or some of its prices are missing, or its current session contradicts
 * its rows
 */
export function readChart(chart: ChartResultObject, request: BarRequest, closedBy: number): ReadChart {
  const { symbol, interval, from, to } = request;
  const { meta } = chart;
  if (fromYahoo(meta.symbol) !== symbol) {
    throw new SchemaDriftError(`${symbol}: unexpected answer: for ${meta.symbol.slice(0, 20)}`);
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
      // Yahoo may repeat the last session as its last quote, which supersedes the first row.
      if (bars.at(-1)?.ts === ts) bars.pop();
      if (state === 'closed') push(bars, row, ts, symbol);
    } else if (isQuarter(row.start, day)) {
      if (bars.at(-1)?.ts === row.start) bars.pop();
      push(bars, row, row.start, symbol);
    }
  }
  // Daily bars are stamped with midnight UTC of their day, wherever the exchange is.
  const dayOfBar = interval === 'daily' ? exchangeDay('UTC') : dayOf;
  const actions = readActions(chart, dayOf).filter(({ exDay }) => within(exDay));
  const split = applySplits(symbol, bars, actions, dayOfBar);
  return {
    bars: interval === 'daily' ? split : adjustForDividends(symbol, split, actions, dayOfBar),
    actions: actions.map((action) => asPaid(action, actions)),
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
    // Without them, prices would look like a restated history without dividends.
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
  const localDay = (instant: Date) => dayOf(instant.getTime());
  const [first, last] = [rows[0], rows.at(-1)];
  if (first && meta.firstTradeDate && localDay(meta.firstTradeDate) < from) {
    const begin = dayOf(first.start);
    if (Date.parse(begin) - Date.parse(from) > LONGEST_CLOSURE_MS) {
      throw new PartialAnswerError(`${symbol}: the answer begins on ${begin}, after the requested ${from}`);
    }
  }
  const traded = localDay(meta.regularMarketTime);
  if (traded < from || traded > to || (last && dayOf(last.start) >= traded)) return;
  const end = last ? `ends on ${dayOf(last.start)}` : 'is empty';
  throw new PartialAnswerError(`${symbol}: the answer ${end}, but reports a trade on ${traded}`);
}

/**
 * Adds the bar of a row.
 *
 * It leaves out a row without any price (a halt, or a day without trading at this exchange), and the last row while
 * its close is not settled, which a later run fetches. Any other row without a price is damage in a session that
 * traded. Leaving it out would make a permanent gap, so the whole chart is refused.
 */
function push(bars: Bar[], { prices, volume, adjClose, isLast }: Row, ts: number, symbol: string): void {
  const [o, h, l, c] = prices;
  if ((c == null && isLast) || prices.every((price) => !price)) return;
  if (o == null || h == null || l == null || c == null || adjClose == null) {
    const when = new Date(ts).toISOString().slice(0, 16);
    throw new PartialAnswerError(`${symbol}: the bar of ${when} lacks some of its prices`);
  }
  const bar = { ts, o, h, l, c, v: volume ?? 0 };
  // Load refuses an impossible close with a reason of its own.
  bars.push(c > 0 ? adjust(bar, adjClose) : bar);
}
