import * as z from 'zod';
import { INTERVALS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { type DayRange, RANGE_PARAMETERS, rangeOf, withinDays } from '../lists/day-range.ts';
import { Day, Instant, NextCursor, Notice } from '../lists/fields.ts';
import { instantKey, keySchemas, type PageRequest, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { CursorParameter, choice, limitParameter, SymbolParams } from '../lists/parameters.ts';
import { Currency, findInstrument } from '../resources/instrument.ts';

/** The query of GET /v1/instruments/{symbol}/bars. */
export const BarsQuery = z.strictObject({
  interval: choice(INTERVALS)
    .default('daily')
    .describe('The length of a bar; `daily` by default. 15-minute bars go back 30 days.'),
  ...RANGE_PARAMETERS,
  limit: limitParameter({ standard: 1000, max: 1000 }),
  cursor: CursorParameter,
});
export type BarsQuery = z.output<typeof BarsQuery>;

const Bar = z
  .strictObject({
    ts: Instant.describe('When the bar begins, in UTC. A daily bar begins at midnight of its trading day.'),
    open: z.number().describe('First price.'),
    high: z.number().describe('Highest price.'),
    low: z.number().describe('Lowest price.'),
    close: z.number().describe('Last price.'),
    volume: z.number().describe('Shares traded.'),
  })
  .meta({ id: 'Bar', description: 'The prices and volume of a day or a quarter of an hour.' });

export const BarPage = z
  .strictObject({
    symbol: z.string().describe("The instrument's symbol."),
    currency: Currency,
    interval: z.enum(INTERVALS).describe('The length of a bar.'),
    from: Day.describe('First day of the range.'),
    to: Day.describe('Last day of the range.'),
    items: z.array(Bar).describe('Oldest first. Daily bars are adjusted for splits and dividends.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'BarPage', description: "A page of an instrument's bars." });
export type BarPage = z.output<typeof BarPage>;

const ORDER: SortOrder = { columns: [{ column: 'b.ts', kind: 'instant' }], descending: false };

/**
 * Lists an instrument's bars, oldest first.
 *
 * @throws ApiError (404, unknown-instrument), (400, invalid-cursor), (400, invalid-request) if the range ends
 *   before it begins
 */
export async function listBars(
  sql: Sql,
  symbol: string,
  { cursor, limit, ...filters }: BarsQuery,
  { now, notice }: { now: Date; notice: string | null },
): Promise<BarPage> {
  // The default range is resolved later, so that a cursor stays valid when the day changes between two pages.
  const identity = { list: 'bars', symbol, ...filters };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const range = rangeOf(filters, now);
  const { id, currency } = await findInstrument(sql, symbol);
  const rows = await selectBars(sql, { id, ...filters, ...range, limit, keys });
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.ts]);
  const items = shown.map(({ ts, o, h, l, c, v }) => ({
    ts: `${ts.slice(0, 23)}Z`,
    open: o,
    high: h,
    low: l,
    close: c,
    volume: v,
  }));
  return { symbol, currency, interval: filters.interval, ...range, items, nextCursor, notice };
}

interface BarRow {
  ts: string;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** Reads a page of bars: the founding document's second query, with a keyset cursor. */
export function selectBars(
  sql: Sql,
  page: DayRange & PageRequest & { id: string; interval: BarsQuery['interval'] },
) {
  return sql<BarRow[]>`
    SELECT ${sql.unsafe(instantKey('b.ts'))} AS ts, b.o, b.h, b.l, b.c, b.v
    FROM price_bars b
    WHERE b.instrument_id = ${page.id} AND b.interval = ${page.interval}
      ${withinDays(sql, 'b.ts', page)} ${pageOf(sql, ORDER, page)}`;
}

export const listBarsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments/{symbol}/bars',
  operationId: 'listBars',
  summary: "List an instrument's bars",
  access: 'reader',
  params: SymbolParams,
  query: BarsQuery,
  answer: { status: 200, schema: BarPage, description: 'A page of bars, oldest first.' },
  problems: ['unknown-instrument', 'invalid-cursor'],
  handle: async ({ params, query }, { sql, now, notice }) => ({
    body: await listBars(sql, params.symbol, query, { now, notice }),
  }),
});
