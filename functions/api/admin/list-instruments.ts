import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice, textParameter } from '../lists/parameters.ts';
import { matchesSearch } from '../resources/instrument.ts';
import { AdminInstrument, type AdminInstrumentRow, toAdminInstrument } from './instrument.ts';

/** The query of GET /v1/admin/instruments. */
export const AdminInstrumentsQuery = z.strictObject({
  search: textParameter(60)
    .optional()
    .describe('Only instruments whose symbol or name contains this text. Case does not matter.'),
  active: choice(['true', 'false', 'all'])
    .default('all')
    .describe('`true`: only active instruments. `false`: only inactive ones. `all` by default.'),
  ...PAGING,
});
export type AdminInstrumentsQuery = z.output<typeof AdminInstrumentsQuery>;

const Instruments = z
  .strictObject({ items: z.array(AdminInstrument), nextCursor: NextCursor })
  .meta({ id: 'AdminInstrumentPage', description: 'A page of instruments, as administrators see them.' });

/** A symbol is unique within an exchange. */
const ORDER: SortOrder = {
  columns: [
    { column: 'i.symbol', kind: 'symbol' },
    { column: 'i.exchange', kind: 'text' },
  ],
  descending: false,
};

/**
 * Lists instruments with the ids that change operations take.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listAdminInstruments(
  sql: Sql,
  { search, active, limit, cursor }: AdminInstrumentsQuery,
): Promise<Page<AdminInstrument>> {
  const identity = { list: 'admin-instruments', search, active };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const rows = await sql<AdminInstrumentRow[]>`
    SELECT i.* FROM instruments i
    WHERE true
      ${active === 'all' ? sql`` : sql`AND i.is_active = ${active === 'true'}`}
      ${search === undefined ? sql`` : matchesSearch(sql, search)}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.symbol, row.exchange]);
  return { items: shown.map(toAdminInstrument), nextCursor };
}

export const listAdminInstrumentsEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/instruments',
  operationId: 'listAdminInstruments',
  summary: 'List instruments with ids',
  description: 'Sorted by symbol, then by exchange. Each item has the `id` that the change operations take.',
  access: 'admin',
  query: AdminInstrumentsQuery,
  answer: { status: 200, schema: Instruments, description: 'A page of the matching instruments.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listAdminInstruments(sql, query) }),
});
