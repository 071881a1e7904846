import { defined } from '../../functions/shared/invariant.ts';
import { ratioOf } from './adjust.ts';
import { addDays } from './calendar.ts';
import { kindOf } from './instrument.ts';
import { type Cell, type Row, type Sheet, seconds, splitAdjusted } from './sheet.ts';
import type { Snapshot } from './snapshot.ts';
import { dayAt, isTradingDay, type Session, type Span, sessionOf } from './trading-hours.ts';

/** A placeholder that {@link toJson} writes as a bare NaN. */
export const BARE_NAN = '@bare-nan@';

/** An answer of Yahoo's v8 chart API. The types are loose because faults remove parts. */
export interface ChartDocument {
  chart: { result: ChartResult[] | null; error: { code: string; description: string } | null };
}

export interface ChartResult {
  meta: Record<string, unknown>;
  timestamp?: number[];
  events?: Record<string, Record<string, unknown>>;
  indicators: {
    quote: Record<string, Cell[]>[];
    adjclose?: Record<string, Cell[]>[];
  };
}

/** The parameters of a chart request besides the symbol. */
export interface ChartOptions {
  /** `div` and `split`, separated by a bar or a comma. */
  events: string;
  includePrePost: boolean;
  /** The error of the current session's times, in seconds. */
  skew?: number;
}

/** Writes a sheet as Yahoo does: prices as 32-bit floats, whole shares, columns by name. */
export function chartDocument(
  sheet: Sheet,
  { events, includePrePost, skew = 0 }: ChartOptions,
): ChartDocument {
  const { rows, interval } = sheet;
  const column = (read: (row: Row) => Cell, round: (value: number) => number = Math.fround) =>
    rows.map((row) => {
      const value = read(row);
      return typeof value === 'number' ? round(value) : value;
    });
  const told = eventColumns(sheet, events);
  const result: ChartResult = {
    meta: metaOf(sheet, includePrePost, skew),
    timestamp: rows.map(({ ts }) => ts),
    ...(told && { events: told }),
    indicators: {
      quote: [
        {
          open: column(({ o }) => o),
          high: column(({ h }) => h),
          low: column(({ l }) => l),
          close: column(({ c }) => c),
          volume: column(({ v }) => v, Math.round),
        },
      ],
      ...(interval === 'daily' && { adjclose: [{ adjclose: column(({ adj }) => adj) }] }),
    },
  };
  return { chart: { result: [result], error: null } };
}

/** A refusal with Yahoo's error object. */
export function chartError(code: string, description: string): ChartDocument {
  return { chart: { result: null, error: { code, description } } };
}

export function toJson(document: unknown): string {
  return JSON.stringify(document).replaceAll(`"${BARE_NAN}"`, 'NaN');
}

function eventColumns({ events }: Sheet, kinds: string): ChartResult['events'] {
  const requested = kinds.split(/[|,]/);
  const columns: Record<string, Record<string, unknown>> = {};
  for (const { kind, ts, value } of events) {
    if (!requested.includes(kind === 'split' ? 'split' : 'div')) continue;
    const [numerator, denominator] = ratioOf(value);
    columns[`${kind}s`] ??= {};
    const column = columns[`${kind}s`] ?? {};
    // Yahoo has one dividend a day.
    const { amount: before = 0 } = (column[ts] ?? {}) as { amount?: number };
    const amount = before + value;
    column[ts] =
      kind === 'split'
        ? { date: ts, numerator, denominator, splitRatio: `${numerator}:${denominator}` }
        : { amount: Number(amount.toFixed(6)), date: ts };
  }
  return Object.keys(columns).length > 0 ? columns : undefined;
}

function metaOf(sheet: Sheet, includePrePost: boolean, skew: number): Record<string, unknown> {
  const { view, interval, previousClose } = sheet;
  const { instrument, bars, current, lastTrade } = view;
  const { exchange, symbol, name } = instrument;
  const price = rounded(bars.at(-1)?.c ?? 0);
  const before = splitAdjusted(view, bars.length - 2) ?? bars[0]?.o ?? price;
  const change = Number((((bars.at(-1)?.c ?? before) / before - 1) * 100).toFixed(3));
  const yearAgo = addDays(view.today, -365);
  const year = [...bars.entries()].filter(([, { day }]) => day > yearAgo);
  const prices = (key: 'h' | 'l') =>
    year.map(([i, bar]) => bar[key] * defined(view.factors[i], `factors of bar ${i}`).split);
  const isIntraday = interval === '15m';
  return {
    currency: exchange.currency,
    symbol,
    exchangeName: exchange.code,
    fullExchangeName: exchange.name,
    instrumentType: kindOf(instrument),
    firstTradeDate: bars[0] ? seconds(sessionOf(exchange, bars[0].day).start) : null,
    regularMarketTime: seconds(lastTrade),
    hasPrePostMarketData: exchange.currency === 'USD',
    gmtoffset: current.gmtoffset,
    timezone: current.timezone,
    exchangeTimezoneName: exchange.timeZone,
    regularMarketPrice: price,
    regularMarketChangePercent: change,
    fulldayPrice: price,
    fulldayChange: rounded((bars.at(-1)?.c ?? before) - before),
    fulldayChangePercent: change,
    ...(year.length > 0 && {
      fiftyTwoWeekHigh: rounded(Math.max(...prices('h'))),
      fiftyTwoWeekLow: rounded(Math.min(...prices('l'))),
    }),
    regularMarketDayHigh: rounded(bars.at(-1)?.h ?? 0),
    regularMarketDayLow: rounded(bars.at(-1)?.l ?? 0),
    regularMarketVolume: Math.round(bars.at(-1)?.v ?? 0),
    longName: name,
    shortName: name,
    chartPreviousClose: rounded(previousClose ?? bars[0]?.o ?? 0),
    ...(isIntraday && { previousClose: rounded(before), scale: 3 }),
    priceHint: 2,
    currentTradingPeriod: {
      pre: period(current, current.pre, skew),
      regular: period(current, current, skew),
      post: period(current, current.post, skew),
    },
    ...(isIntraday && { tradingPeriods: tradingPeriods(view, sheet.span, includePrePost) }),
    dataGranularity: isIntraday ? '15m' : '1d',
    range: '',
    validRanges: ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'],
  };
}

function tradingPeriods({ instrument, today }: Snapshot, [from, to]: Sheet['span'], includePrePost: boolean) {
  const { exchange } = instrument;
  const sessions: Session[] = [];
  const until = dayAt(exchange, (to - 1) * 1000);
  const last = until < today ? until : today;
  for (let day = dayAt(exchange, from * 1000); day <= last; day = addDays(day, 1)) {
    const session = sessionOf(exchange, day);
    const overlaps = seconds(session.end) > from && seconds(session.start) < to;
    if (isTradingDay(exchange, day) && overlaps) sessions.push(session);
  }
  const of = (span: (session: Session) => Span) =>
    sessions.map((session) => [period(session, span(session))]);
  if (!includePrePost) return of((session) => session);
  return { pre: of(({ pre }) => pre), regular: of((session) => session), post: of(({ post }) => post) };
}

function period({ timezone, gmtoffset }: Session, { start, end }: Span, skew = 0) {
  return { timezone, start: seconds(start) + skew, end: seconds(end) + skew, gmtoffset };
}

/** Rounds a single price as Yahoo does: to a few decimals, without the noise of 32-bit floats. */
function rounded(price: number): number {
  return Number(price.toFixed(4));
}
