import * as z from 'zod';
import { INTERVALS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { AnySymbol } from '../../shared/fields.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { Id, Instant, NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { Currency } from '../resources/instrument.ts';
import { RunId } from './run.ts';

const STATES = ['open', 'resolved', 'all'] as const;

/** The query of GET /v1/admin/quarantined-bars. */
export const QuarantineQuery = z.strictObject({
  state: choice(STATES)
    .default('open')
    .describe(
      '`open` (the default): bars still in quarantine. `resolved`: bars that a later load accepted. `all`: both.',
    ),
  symbol: AnySymbol.optional().describe('Only bars of the instrument with this symbol.'),
  ...PAGING,
});
export type QuarantineQuery = z.output<typeof QuarantineQuery>;

const value = (description: string) =>
  z.number().nullable().describe(`${description} Null where the source has none.`);

/** A suspicious bar. */
export const QuarantinedBar = z
  .strictObject({
    id: Id,
    symbol: z.string().describe("The instrument's symbol."),
    currency: Currency,
    ts: Instant.describe('When the bar begins, in UTC.'),
    interval: z.enum(INTERVALS).describe('The length of the bar.'),
    open: value('The first price.'),
    high: value('The highest price.'),
    low: value('The lowest price.'),
    close: value('The last price.'),
    volume: value('The number of shares traded.'),
    source: z.string().describe('The provider of the bar.'),
    runId: RunId,
    reason: z.string().describe('A stable code for why the bar is suspicious.'),
    message: z.string().describe('The reason in one sentence.'),
    createdAt: Instant.describe('When the bar was quarantined, in UTC.'),
    resolvedAt: Instant.nullable().describe(
      'When a later load accepted the bar; null while it is in quarantine.',
    ),
  })
  .meta({ id: 'QuarantinedBar', description: 'A suspicious bar, which is stored apart from the others.' });
export type QuarantinedBar = z.output<typeof QuarantinedBar>;

const Bars = z
  .strictObject({ items: z.array(QuarantinedBar), nextCursor: NextCursor })
  .meta({ id: 'QuarantinedBarPage', description: 'A page of quarantined bars.' });

/** Ids are UUIDs of version 7, which sort by creation time. */
const ORDER: SortOrder = { columns: [{ column: 'q.id', kind: 'uuid' }], descending: true };

interface QuarantinedBarRow {
  id: string;
  symbol: string;
  currency: string | null;
  ts: Date;
  interval: QuarantinedBar['interval'];
  o: number | null;
  h: number | null;
  l: number | null;
  c: number | null;
  v: number | null;
  source: string;
  run_id: string;
  reason: string;
  message: string;
  created_at: Date;
  resolved_at: Date | null;
}

/**
 * Lists quarantined bars, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listQuarantinedBars(sql: Sql, query: QuarantineQuery): Promise<Page<QuarantinedBar>> {
  const { state, symbol, limit } = query;
  const identity = { list: 'quarantined-bars', state, symbol };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<QuarantinedBarRow[]>`
    SELECT q.id, i.symbol, i.currency, q.ts, q.interval, q.o, q.h, q.l, q.c, q.v, q.source, q.run_id, q.reason, q.message,
      q.created_at, q.resolved_at
    FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id
    WHERE true
      ${state === 'all' ? sql`` : sql`AND (q.resolved_at IS NOT NULL) = ${state === 'resolved'}`}
      ${symbol === undefined ? sql`` : sql`AND i.symbol = ${symbol}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown.map(toQuarantinedBar), nextCursor };
}

function toQuarantinedBar(row: QuarantinedBarRow): QuarantinedBar {
  const { id, symbol, currency, interval, source, reason, message } = row;
  return {
    id,
    symbol,
    currency,
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
  description: 'Suspicious bars, newest first. No feature or recommendation is computed from them.',
  access: 'admin',
  query: QuarantineQuery,
  answer: { status: 200, schema: Bars, description: 'A page of the matching bars.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listQuarantinedBars(sql, query) }),
});
