import * as z from 'zod';
import { LABELS, PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { marksOf } from '../../shared/model-market.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { assertOrdered, withinDays } from '../lists/day-range.ts';
import { NextCursor, Notice } from '../lists/fields.ts';
import { instantKey, keySchemas, ordering, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING } from '../lists/paging.ts';
import { choice, ProfileParameter } from '../lists/parameters.ts';
import { INSTRUMENT_FIELDS } from '../resources/instrument.ts';
import { joinMarket, Outcome, type OutcomeRow, outcomeColumns, toOutcome } from './outcome.ts';
import { CALL_COLUMNS, CALL_FIELDS, type CallRow, toCall } from './recommendation.ts';
import { TrackRecordQuery } from './track-record.ts';

/** The query of GET /v1/track-record/calls. */
export const CallsQuery = z.strictObject({
  ...TrackRecordQuery.shape,
  profile: ProfileParameter,
  label: choice(LABELS).optional().describe('The call; all by default.'),
  ...PAGING,
});
export type CallsQuery = Omit<z.output<typeof CallsQuery>, 'profile'> & { profile: Profile };

const Call = z
  .strictObject({ ...CALL_FIELDS, ...INSTRUMENT_FIELDS, outcome: Outcome.nullable() })
  .meta({ id: 'TrackRecordCall', description: 'A call of the track record and its outcome.' });

export const CallPage = z
  .strictObject({
    profile: z.enum(PROFILES).describe('The risk profile.'),
    items: z.array(Call).describe('By `asOf`, newest first. `outcome` is null until the horizon has passed.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({ id: 'TrackRecordCallPage', description: 'A page of the calls behind the track record.' });
export type CallPage = z.output<typeof CallPage>;

/** The index recommendations_record has the days. The calls of a day are sorted by id. */
const ORDER: SortOrder = {
  columns: [
    { column: 'r.as_of', kind: 'instant' },
    { column: 'r.id', kind: 'uuid' },
  ],
  descending: true,
};

/**
 * Lists the calls of one kind and profile, whatever their stock.
 *
 * @throws ApiError (400, invalid-request) if the first day is later than the last, (400, invalid-cursor)
 */
export async function listCalls(
  sql: Sql,
  query: CallsQuery,
  { notice }: { notice: string | null },
): Promise<CallPage> {
  const { limit, cursor, ...filters } = query;
  assertOrdered(filters);
  const identity = { list: 'calls', ...filters };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const rows = await callsStatement(sql, { filters, keys, limit });
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.as_of_key, row.id]);
  const items = shown.map((row) => {
    const currency = row.currency ?? row.instrument_currency;
    return {
      ...toCall({ ...row, currency }),
      symbol: row.symbol,
      exchange: row.exchange,
      name: row.name,
      sector: row.sector,
      marks: marksOf({ ...row, currency }),
      outcome: toOutcome(row, row.label),
    };
  });
  return { profile: filters.profile, items, nextCursor, notice };
}

interface Row extends CallRow, OutcomeRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  instrument_currency: string | null;
  as_of_key: string;
}

/** The statement of a page. It cuts the page before it joins, so that it sorts a day's ids and not its joined rows. */
export function callsStatement(
  sql: Sql,
  { filters, keys, limit }: { filters: Omit<CallsQuery, 'limit' | 'cursor'> } & Parameters<typeof pageOf>[2],
) {
  const { profile, kind, label, model } = filters;
  return sql<Row[]>`
    SELECT ${sql.unsafe(CALL_COLUMNS)}, i.symbol, i.exchange, i.name, i.sector, i.currency AS instrument_currency,
      ${outcomeColumns(sql)},
      ${sql.unsafe(instantKey('r.as_of'))} AS as_of_key
    FROM (
      SELECT r.* FROM recommendations r
      WHERE r.kind = ${kind} AND r.profile = ${profile}
        ${label === undefined ? sql`` : sql`AND r.label = ${label}`}
        ${model === undefined ? sql`` : sql`AND r.model_version_id = (SELECT id FROM model_versions WHERE version = ${model})`}
        ${withinDays(sql, 'r.as_of', filters)}
        ${pageOf(sql, ORDER, { keys, limit })}
    ) r
    JOIN instruments i ON i.id = r.instrument_id
    JOIN model_versions m ON m.id = r.model_version_id
    LEFT JOIN recommendation_outcomes o ON o.recommendation_id = r.id
    ${joinMarket(sql)}
    ORDER BY ${sql.unsafe(ordering(ORDER))}`;
}

export const listCallsEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/track-record/calls',
  operationId: 'listTrackRecordCalls',
  summary: 'List the calls behind the track record',
  description:
    'The calls of one profile and kind for all instruments, current and archived, with their outcomes. It includes calls whose horizon has not passed.',
  access: 'consented',
  query: CallsQuery,
  answer: { status: 200, schema: CallPage, description: 'A page of the matching calls, newest day first.' },
  problems: ['invalid-cursor'],
  handle: async ({ query, caller }, { sql, notice }) => {
    const profile = query.profile ?? caller.preferredProfile;
    return { body: await listCalls(sql, { ...query, profile }, { notice }) };
  },
});
