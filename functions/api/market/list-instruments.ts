import * as z from 'zod';
import { MARKET_CAP_BUCKETS, PE_BUCKETS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor, Notice } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING } from '../lists/paging.ts';
import { choice, textParameter } from '../lists/parameters.ts';
import { Instrument, type InstrumentRow, matchesSearch, toInstrument } from '../resources/instrument.ts';

/** The query of GET /v1/instruments. */
export const InstrumentsQuery = z.strictObject({
  search: textParameter(60)
    .optional()
    .describe('Only instruments whose symbol or name contains this text. Case does not matter.'),
  sector: textParameter(100)
    .optional()
    .describe('Only instruments of this sector, as `/v1/facets` spells it.'),
  exchange: textParameter(40)
    .optional()
    .describe('Only instruments on this exchange, as `/v1/facets` spells it.'),
  marketCapBucket: choice(MARKET_CAP_BUCKETS).optional().describe('Only companies of this size.'),
  peBucket: choice(PE_BUCKETS).optional().describe('Only instruments in this price/earnings range.'),
  active: choice(['true', 'false', 'all'])
    .default('true')
    .describe('`true` (the default): only active instruments. `false`: only inactive ones. `all`: both.'),
  ...PAGING,
});
export type InstrumentsQuery = z.output<typeof InstrumentsQuery>;

export const InstrumentPage = z
  .strictObject({
    items: z.array(Instrument).describe('Sorted by symbol, then by exchange.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'InstrumentPage', description: 'A page of instruments.' });
export type InstrumentPage = z.output<typeof InstrumentPage>;

const ORDER: SortOrder = {
  columns: [
    { column: 'i.symbol', kind: 'symbol' },
    { column: 'i.exchange', kind: 'text' },
  ],
  descending: false,
};

/**
 * Lists the instruments that get recommendations.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listInstruments(
  sql: Sql,
  { cursor, limit, ...filters }: InstrumentsQuery,
  { notice }: { notice: string | null },
): Promise<InstrumentPage> {
  const identity = { list: 'instruments', ...filters };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const { search, sector, exchange, marketCapBucket, peBucket, active } = filters;
  const rows = await sql<InstrumentRow[]>`
    SELECT i.symbol, i.exchange, i.name, i.sector, i.currency, i.market_cap_bucket, i.pe_bucket, i.is_active
    FROM instruments i
    WHERE i.purpose IN ('recommended', 'both')
      ${active === 'all' ? sql`` : active === 'true' ? sql`AND i.is_active` : sql`AND NOT i.is_active`}
      ${search === undefined ? sql`` : matchesSearch(sql, search)}
      ${sector === undefined ? sql`` : sql`AND i.sector = ${sector}`}
      ${exchange === undefined ? sql`` : sql`AND i.exchange = ${exchange}`}
      ${marketCapBucket === undefined ? sql`` : sql`AND i.market_cap_bucket = ${marketCapBucket}`}
      ${peBucket === undefined ? sql`` : sql`AND i.pe_bucket = ${peBucket}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.symbol, row.exchange]);
  return { items: shown.map(toInstrument), nextCursor, notice };
}

export const listInstrumentsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments',
  operationId: 'listInstruments',
  summary: 'List and search instruments',
  access: 'reader',
  query: InstrumentsQuery,
  answer: { status: 200, schema: InstrumentPage, description: 'A page of the matching instruments.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql, notice }) => ({ body: await listInstruments(sql, query, { notice }) }),
});
