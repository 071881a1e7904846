import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { after, keySchemas, ordering, rowsToRead, type SortOrder, toPage } from '../lists/keyset.ts';
import { NextCursor, PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { contains } from '../market/list-instruments.ts';
import { line } from './fields.ts';
import { AdminInstrument, type InstrumentRow, toInstrument } from './instrument.ts';

/** The query of GET /v1/admin/instruments. */
export const AdminInstrumentsQuery = z.strictObject({
  search: line(60)
    .optional()
    .describe('Only those whose symbol or name has this text in it, in capitals or not.'),
  active: choice(['true', 'false', 'all'])
    .default('all')
    .describe('Only those that runs cover, only the others, or all (unless said otherwise).'),
  ...PAGING,
});
export type AdminInstrumentsQuery = z.output<typeof AdminInstrumentsQuery>;

const Instruments = z
  .strictObject({ items: z.array(AdminInstrument), nextCursor: NextCursor })
  .meta({ id: 'AdminInstrumentPage', description: 'A page of instruments, as an administrator sees them.' });

/** An exchange has a symbol once. */
const ORDER: SortOrder = {
  columns: [
    { column: 'i.symbol', kind: 'symbol' },
    { column: 'i.exchange', kind: 'text' },
  ],
  descending: false,
};

/**
 * Lists instruments with the ids by which they are changed.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listAdminInstruments(
  sql: Sql,
  { search, active, limit, cursor }: AdminInstrumentsQuery,
): Promise<Page<AdminInstrument>> {
  const identity = { list: 'admin-instruments', search, active };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const rows = await sql<InstrumentRow[]>`
    SELECT i.* FROM instruments i
    WHERE true
      ${active === 'all' ? sql`` : sql`AND i.is_active = ${active === 'true'}`}
      ${search === undefined ? sql`` : contains(sql, search)}
      ${after(sql, ORDER, keys)}
    ORDER BY ${ordering(sql, ORDER)} LIMIT ${rowsToRead(sql, limit)}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.symbol, row.exchange]);
  return { items: shown.map(toInstrument), nextCursor };
}

export const listAdminInstrumentsEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/instruments',
  operationId: 'listAdminInstruments',
  summary: 'List instruments with their ids',
  description: 'By symbol, then by exchange; with the ids that changing one asks for.',
  access: 'admin',
  query: AdminInstrumentsQuery,
  answer: { status: 200, schema: Instruments, description: 'The instruments that the query asks for.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listAdminInstruments(sql, query) }),
});
