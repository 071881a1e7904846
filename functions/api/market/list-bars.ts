import * as z from 'zod';
import { INTERVALS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { type CursorKey, readCursor } from '../lists/cursor.ts';
import { Day, Instant, NextCursor, Notice } from '../lists/fields.ts';
import {
  after,
  instantKey,
  keySchemas,
  ordering,
  rowsToRead,
  type SortOrder,
  toPage,
} from '../lists/keyset.ts';
import { CursorParameter, choice, limitParameter, SymbolParams } from '../lists/parameters.ts';
import { type DayRange, RANGE_PARAMETERS, rangeOf, within } from './history-range.ts';
import { findInstrument } from './instrument.ts';

/** The query of GET /v1/instruments/{symbol}/bars. */
export const BarsQuery = z.strictObject({
  interval: choice(INTERVALS)
    .default('daily')
    .describe('How long a bar is; `daily` unless said otherwise. 15-minute bars go back a month.'),
  ...RANGE_PARAMETERS,
  limit: limitParameter({ standard: 1000, most: 1000 }),
  cursor: CursorParameter,
});
export type BarsQuery = z.output<typeof BarsQuery>;

const Bar = z
  .strictObject({
    ts: Instant.describe("When it begins, in UTC; a daily bar's is midnight of its trading day."),
    open: z.number().describe('First price.'),
    high: z.number().describe('Highest price.'),
    low: z.number().describe('Lowest price.'),
    close: z.number().describe('Last price.'),
    volume: z.number().describe('Shares traded.'),
  })
  .meta({ id: 'Bar', description: 'What was traded in a day or a quarter of an hour.' });

export const BarPage = z
  .strictObject({
    symbol: z.string().describe('The instrument.'),
    interval: z.enum(INTERVALS).describe('How long a bar is.'),
    from: Day.describe('First day asked for.'),
    to: Day.describe('Last day asked for.'),
    items: z.array(Bar).describe('The oldest first; daily ones are adjusted for splits and dividends.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'BarPage', description: "A page of an instrument's bars." });
export type BarPage = z.output<typeof BarPage>;

const ORDER: SortOrder = { columns: [{ column: 'b.ts', kind: 'instant' }], descending: false };

/**
 * Lists an instrument's bars, the oldest first.
 *
 * @throws ApiError (404, unknown-instrument), (400, invalid-cursor), (400, invalid-request) for a range that ends
 *   before it begins
 */
export async function listBars(
  sql: Sql,
  symbol: string,
  { cursor, limit, ...filters }: BarsQuery,
  { now, notice }: { now: Date; notice: string | null },
): Promise<BarPage> {
  // The days as they were asked for: a walk that goes on past midnight stays the same walk.
  const identity = { list: 'bars', symbol, ...filters };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const range = rangeOf(filters, now);
  const { id } = await findInstrument(sql, symbol);
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
  return { symbol, interval: filters.interval, ...range, items, nextCursor, notice };
}

interface BarRow {
  ts: string;
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
}

/** The statement of {@link listBars}: the founding document's second query, a page at a time. */
export function selectBars(
  sql: Sql,
  page: DayRange & {
    id: string;
    interval: BarsQuery['interval'];
    limit: number;
    keys?: readonly CursorKey[] | undefined;
  },
) {
  return sql<BarRow[]>`
    SELECT ${instantKey(sql, 'b.ts')} AS ts, b.o, b.h, b.l, b.c, b.v
    FROM price_bars b
    WHERE b.instrument_id = ${page.id} AND b.interval = ${page.interval}
      ${within(sql, 'b.ts', page)} ${after(sql, ORDER, page.keys)}
    ORDER BY ${ordering(sql, ORDER)}
    LIMIT ${rowsToRead(sql, page.limit)}`;
}

export const listBarsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments/{symbol}/bars',
  operationId: 'listBars',
  summary: "List an instrument's bars",
  access: 'user',
  params: SymbolParams,
  query: BarsQuery,
  answer: { status: 200, schema: BarPage, description: 'The bars, the oldest first.' },
  problems: ['unknown-instrument', 'invalid-cursor'],
  handle: async ({ params, query }, { sql, now, notice }) => ({
    body: await listBars(sql, params.symbol, query, { now, notice }),
  }),
});
