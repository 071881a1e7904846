import * as z from 'zod';
import { PartialAnswerError, SchemaDriftError } from '../errors.ts';

/** Yahoo's seconds since the epoch, in milliseconds. */
const Instant = z.number().transform((seconds) => seconds * 1000);

/** A field without which bars can be read: anything but the expected form counts as absent. */
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

/** A price or volume. A row without it has null; text in its place is damage, and read as NaN. */
const Cell = z.number().nullable().catch(Number.NaN);

const Column = z.array(Cell).nullish();

const Period = z.object({ start: Instant, end: Instant });
type Period = z.output<typeof Period>;

/** Sessions come as lists of lists, or by kind. */
const Periods = z.union([
  z.array(z.union([Period, z.array(Period)])),
  z.object({ regular: z.array(z.union([Period, z.array(Period)])) }).transform(({ regular }) => regular),
]);

const Meta = z.object({
  symbol: z.string(),
  exchangeTimezoneName: z.string(),
  currentTradingPeriod: z.object({ regular: Period }),
  tradingPeriods: optional(Periods),
  currency: optional(z.string()),
  exchangeName: optional(z.string()),
  fullExchangeName: optional(z.string()),
  instrumentType: optional(z.string()),
  firstTradeDate: optional(Instant),
  regularMarketTime: optional(Instant),
});
export type ChartMeta = z.output<typeof Meta>;

const Quote = z.object({ open: Column, high: Column, low: Column, close: Column, volume: Column });

const Result = z.object({
  meta: Meta,
  timestamp: z.array(Instant).nullish(),
  events: optional(
    z.object({
      dividends: optional(z.record(z.string(), z.object({ amount: z.number(), date: Instant }))),
      splits: optional(
        z.record(z.string(), z.object({ date: Instant, numerator: z.number(), denominator: z.number() })),
      ),
    }),
  ),
  indicators: z.object({
    quote: z.array(Quote),
    adjclose: z.array(z.object({ adjclose: Column })).nullish(),
  }),
});

/** The fields of a chart that this project reads, with instants in milliseconds. Other fields are ignored. */
export type Chart = z.output<typeof Result>;

const Answer = z.object({ chart: z.object({ result: z.tuple([Result], z.unknown()) }) });

/**
 * Reads the fields of a chart. A field that no bar depends on may be missing, null or of an unknown form.
 *
 * @param json - an answer that has a result, as `readYahooAnswer` returns it
 * @throws SchemaDriftError naming the field that is missing or of another form
 */
export function readChartAnswer(symbol: string, json: string): Chart {
  const { data, error } = Answer.safeParse(JSON.parse(json));
  if (data) return data.chart.result[0];
  const [issue] = error.issues;
  throw new SchemaDriftError(
    `${symbol}: unexpected answer: ${issue?.path.join('.').slice(0, 80)}: ${issue?.message}`,
  );
}

/**
 * Whether a chart is a stub: Yahoo keeps one under the old symbol of an instrument that was renamed, merged or
 * delisted. It has no rows, and its exchange or kind says so, or it has neither a currency nor a first day.
 */
export function isStub({ meta, timestamp }: Chart): boolean {
  if (timestamp?.length) return false;
  const { exchangeName, instrumentType, currency, firstTradeDate } = meta;
  if (exchangeName === 'YHD' || instrumentType === 'ALTSYMBOL') return true;
  return currency === undefined && firstTradeDate === undefined;
}

/** The regular sessions in a chart, including the current one. */
export function sessionsOf({ currentTradingPeriod, tradingPeriods = [] }: ChartMeta): Period[] {
  return [currentTradingPeriod.regular, ...tradingPeriods.flat()];
}

/** The columns of a chart, each as long as its list of rows. */
export interface Columns {
  open: readonly (number | null)[];
  high: readonly (number | null)[];
  low: readonly (number | null)[];
  close: readonly (number | null)[];
  volume: readonly (number | null)[];
  /** The adjusted close; of 15-minute bars, which have none, the close. */
  adjusted: readonly (number | null)[];
}

/**
 * The columns of a chart.
 *
 * @param lacksVolume - whether instruments of this kind have no volume: then the column may be missing
 * @throws SchemaDriftError if a column is missing, of another length, or has no number where it has values
 * @throws PartialAnswerError if there are rows but no columns at all
 */
export function columnsOf(
  symbol: string,
  { timestamp, indicators }: Chart,
  interval: 'daily' | '15m',
  lacksVolume: boolean,
): Columns {
  const count = timestamp?.length ?? 0;
  const [quote] = indicators.quote;
  if (count > 0 && !quote) throw new PartialAnswerError(`${symbol}: the answer has rows without prices`);
  const column = (name: string, cells: (number | null)[] | null | undefined) => {
    if (count === 0) return [];
    if (!cells) throw new SchemaDriftError(`${symbol}: unexpected answer: no column ${name}`);
    if (cells.length !== count)
      throw new SchemaDriftError(`${symbol}: unexpected answer: columns of unequal length`);
    if (cells.every((cell) => cell !== null && Number.isNaN(cell)))
      throw new SchemaDriftError(`${symbol}: unexpected answer: no numbers in column ${name}`);
    return cells;
  };
  const adjusted = interval === 'daily' ? indicators.adjclose?.[0]?.adjclose : quote?.close;
  if (count > 0 && !adjusted) {
    // Without them, prices would look like a restated history without dividends.
    throw new SchemaDriftError(`${symbol}: unexpected answer: daily bars without adjusted close`);
  }
  const volume = quote?.volume ?? (lacksVolume ? new Array<number>(count).fill(0) : undefined);
  return {
    open: column('open', quote?.open),
    high: column('high', quote?.high),
    low: column('low', quote?.low),
    close: column('close', quote?.close),
    volume: column('volume', volume),
    adjusted: column('adjclose', adjusted),
  };
}
