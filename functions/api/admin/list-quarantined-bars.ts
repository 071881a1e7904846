import * as z from 'zod';
import { INTERVALS } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { type CursorKey, readCursor } from '../lists/cursor.ts';
import { Instant } from '../lists/fields.ts';
import { after, keySchemas, ordering, rowsToRead, type SortOrder, toPage } from '../lists/keyset.ts';
import { NextCursor, PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { Id } from './fields.ts';
import { RunId } from './run.ts';

const STATES = ['open', 'resolved', 'all'] as const;

/** The query of GET /v1/admin/quarantined-bars. */
export const QuarantineQuery = z.strictObject({
  state: choice(STATES)
    .default('open')
    .describe('`open` for those in quarantine, `resolved` for those that a later load found to be good.'),
  symbol: InstrumentSymbol.optional().describe('Only bars of this instrument.'),
  ...PAGING,
});
export type QuarantineQuery = z.output<typeof QuarantineQuery>;

const price = (description: string) => z.number().describe(description);

/** A bar that is hard to believe. */
export const QuarantinedBar = z
  .strictObject({
    id: Id,
    symbol: z.string().describe('The symbol of its instrument.'),
    ts: Instant.describe('The start of the bar, in UTC.'),
    interval: z.enum(INTERVALS).describe('How long it is.'),
    open: price('The first price.'),
    high: price('The highest price.'),
    low: price('The lowest price.'),
    close: price('The last price.'),
    volume: price('How many shares changed hands.'),
    source: z.string().describe('The provider that it came from.'),
    runId: RunId,
    reason: z.string().describe('A stable code for why it is hard to believe.'),
    message: z.string().describe('Why, in a sentence.'),
    createdAt: Instant,
    resolvedAt: Instant.nullable().describe(
      'When a later load found it to be good; null while in quarantine.',
    ),
  })
  .meta({ id: 'QuarantinedBar', description: 'A bar that is kept aside, because it is hard to believe.' });
export type QuarantinedBar = z.output<typeof QuarantinedBar>;

const Bars = z
  .strictObject({ items: z.array(QuarantinedBar), nextCursor: NextCursor })
  .meta({ id: 'QuarantinedBarPage', description: 'A page of quarantined bars.' });

/** Ids are made in the order of time. */
const ORDER: SortOrder = { columns: [{ column: 'q.id', kind: 'uuid' }], descending: true };

interface BarRow {
  id: string;
  symbol: string;
  ts: Date;
  interval: QuarantinedBar['interval'];
  o: number;
  h: number;
  l: number;
  c: number;
  v: number;
  source: string;
  run_id: string;
  reason: string;
  message: string;
  created_at: Date;
  resolved_at: Date | null;
}

/**
 * Lists quarantined bars, those that were met last first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listQuarantinedBars(sql: Sql, query: QuarantineQuery): Promise<Page<QuarantinedBar>> {
  const { state, symbol, limit } = query;
  const identity = { list: 'quarantined-bars', state, symbol };
  const keys: CursorKey[] | undefined = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<BarRow[]>`
    SELECT q.id, i.symbol, q.ts, q.interval, q.o, q.h, q.l, q.c, q.v, q.source, q.run_id, q.reason, q.message,
      q.created_at, q.resolved_at
    FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id
    WHERE true
      ${state === 'all' ? sql`` : sql`AND (q.resolved_at IS NOT NULL) = ${state === 'resolved'}`}
      ${symbol === undefined ? sql`` : sql`AND i.symbol = ${symbol}`}
      ${after(sql, ORDER, keys)}
    ORDER BY ${ordering(sql, ORDER)} LIMIT ${rowsToRead(sql, limit)}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown.map(toBar), nextCursor };
}

function toBar(row: BarRow): QuarantinedBar {
  const { id, symbol, interval, source, reason, message } = row;
  return {
    id,
    symbol,
    ts: row.ts.toISOString(),
    interval,
    open: row.o,
    high: row.h,
    low: row.l,
    close: row.c,
    volume: row.v,
    source,
    runId: row.run_id,
    reason,
    message,
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
  };
}

export const listQuarantinedBarsEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/quarantined-bars',
  operationId: 'listQuarantinedBars',
  summary: 'List quarantined bars',
  description: 'Bars that are kept aside because they are hard to believe; nothing is computed from them.',
  access: 'admin',
  query: QuarantineQuery,
  answer: { status: 200, schema: Bars, description: 'The bars that the query asks for.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listQuarantinedBars(sql, query) }),
});
