import * as z from 'zod';
import { MARKET_CAP_BUCKETS, PE_BUCKETS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor, Notice } from '../lists/fields.ts';
import { after, keySchemas, ordering, rowsToRead, type SortOrder, toPage } from '../lists/keyset.ts';
import { CursorParameter, choice, limitParameter, textParameter } from '../lists/parameters.ts';
import { Instrument, type InstrumentRow, toInstrument } from './instrument.ts';

/** The query of GET /v1/instruments. */
export const InstrumentsQuery = z.strictObject({
  search: textParameter(60)
    .optional()
    .describe('Only those whose symbol or name has this text in it, in capitals or not.'),
  sector: textParameter(100).optional().describe('Only those of this sector, as `/v1/facets` spells it.'),
  exchange: textParameter(40).optional().describe('Only those of this exchange, as `/v1/facets` spells it.'),
  marketCapBucket: choice(MARKET_CAP_BUCKETS).optional().describe('Only those of this size.'),
  peBucket: choice(PE_BUCKETS).optional().describe('Only those this dear.'),
  active: choice(['true', 'false', 'all'])
    .default('true')
    .describe('Only those that runs cover (`true`, unless said otherwise), only the others, or all.'),
  limit: limitParameter({ standard: 50, most: 250 }),
  cursor: CursorParameter,
});
export type InstrumentsQuery = z.output<typeof InstrumentsQuery>;

export const InstrumentPage = z
  .strictObject({
    items: z.array(Instrument).describe('By symbol, then by exchange.'),
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
 * Lists instruments.
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
    SELECT i.symbol, i.exchange, i.name, i.sector, i.market_cap_bucket, i.pe_bucket, i.is_active
    FROM instruments i
    WHERE true
      ${active === 'all' ? sql`` : active === 'true' ? sql`AND i.is_active` : sql`AND NOT i.is_active`}
      ${search === undefined ? sql`` : contains(sql, search)}
      ${sector === undefined ? sql`` : sql`AND i.sector = ${sector}`}
      ${exchange === undefined ? sql`` : sql`AND i.exchange = ${exchange}`}
      ${marketCapBucket === undefined ? sql`` : sql`AND i.market_cap_bucket = ${marketCapBucket}`}
      ${peBucket === undefined ? sql`` : sql`AND i.pe_bucket = ${peBucket}`}
      ${after(sql, ORDER, keys)}
    ORDER BY ${ordering(sql, ORDER)}
    LIMIT ${rowsToRead(sql, limit)}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.symbol, row.exchange]);
  return { items: shown.map(toInstrument), nextCursor, notice };
}

/**
 * `AND` a text is in the symbol or the name. Not LIKE, whose wildcards a client might mean as they are; and in a
 * collation that knows capitals beyond ASCII, whatever the database was made with. Between the two stands a
 * character that no search may have, so that nothing is found across them.
 */
export function contains(sql: Sql, text: string) {
  return sql`AND position(lower(${text}::text COLLATE "pg_c_utf8")
    IN lower(concat(i.symbol, E'\x01', i.name) COLLATE "pg_c_utf8")) > 0`;
}

export const listInstrumentsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments',
  operationId: 'listInstruments',
  summary: 'List and search instruments',
  access: 'user',
  query: InstrumentsQuery,
  answer: { status: 200, schema: InstrumentPage, description: 'The instruments that the query asks for.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql, notice }) => ({ body: await listInstruments(sql, query, { notice }) }),
});
