import * as z from 'zod';
import { LABELS, type Label, PROFILES, type Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { type Listed, marksOf } from '../../shared/model-market.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor, Notice } from '../lists/fields.ts';
import { instantKey, keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING } from '../lists/paging.ts';
import { ProfileParameter, SymbolParams } from '../lists/parameters.ts';
import { instrumentOf, Marks, unknownInstrument } from '../resources/instrument.ts';
import { joinMarket, Outcome, type OutcomeRow, outcomeColumns, toOutcome } from './outcome.ts';
import { CALL_COLUMNS, CALL_FIELDS, type CallRow, toCall } from './recommendation.ts';
import { STANDING_FIELDS, type StandingRow, standingOf } from './standing.ts';
import { TALLY_FIELDS, type TallyRow, tallyColumns, toTally } from './tally.ts';

/** The query of GET /v1/instruments/{symbol}/recommendations. */
export const HistoryQuery = z.strictObject({
  profile: ProfileParameter,
  ...PAGING,
});
export type HistoryQuery = Omit<z.output<typeof HistoryQuery>, 'profile'> & { profile: Profile };

const HistoryItem = z.strictObject({ ...CALL_FIELDS, ...STANDING_FIELDS, outcome: Outcome.nullable() }).meta({
  id: 'EarlierRecommendation',
  description: "One of an instrument's recommendations and its outcome.",
});

export const RecommendationHistory = z
  .strictObject({
    symbol: z.string().describe("The instrument's symbol."),
    marks: Marks,
    profile: z.enum(PROFILES).describe('The risk profile.'),
    summary: z
      .array(z.strictObject({ label: z.enum(LABELS).describe('The call.'), ...TALLY_FIELDS }))
      .describe(
        'The results by call, over all live calls for the instrument and profile whose horizon has passed and whose average instrument is known.',
      ),
    items: z.array(HistoryItem).describe('Newest first, including the current one.'),
    nextCursor: NextCursor,
    notice: Notice,
  })
  .meta({
    id: 'RecommendationHistory',
    description: "An instrument's recommendations and their results.",
  });
export type RecommendationHistory = z.output<typeof RecommendationHistory>;

const ORDER: SortOrder = {
  columns: [
    { column: 'r.generated_at', kind: 'instant' },
    { column: 'r.id', kind: 'uuid' },
  ],
  descending: true,
};

/**
 * Lists an instrument's recommendations for a profile, newest first.
 *
 * @throws ApiError (404, unknown-instrument), (400, invalid-cursor)
 */
export async function listHistory(
  sql: Sql,
  symbol: string,
  { profile, limit, cursor }: HistoryQuery,
  { now, notice }: { now: Date; notice: string | null },
): Promise<RecommendationHistory> {
  const identity = { list: 'history', symbol, profile };
  const keys = readCursor(identity, keySchemas(ORDER), cursor);
  const { instrument, summary } = await summarise(sql, symbol, profile);
  const rows = await sql<HistoryRow[]>`
    SELECT ${sql.unsafe(CALL_COLUMNS)}, r.is_active, r.archived_at, ${outcomeColumns(sql)},
      ${sql.unsafe(instantKey('r.generated_at'))} AS generated_key
    FROM recommendations r
    JOIN model_versions m ON m.id = r.model_version_id
    LEFT JOIN recommendation_outcomes o ON o.recommendation_id = r.id
    ${joinMarket(sql)}
    WHERE r.instrument_id = ${instrument.id} AND r.profile = ${profile}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, (row) => [row.generated_key, row.id]);
  const items = shown.map((row) => ({
    ...toCall({ ...row, currency: row.currency ?? instrument.currency }),
    ...standingOf({ ...row, instrument_is_active: instrument.isActive }, now),
    outcome: toOutcome(row, row.label),
  }));
  return { symbol, marks: instrument.marks, profile, summary, items, nextCursor, notice };
}

interface HistoryRow extends CallRow, OutcomeRow, Omit<StandingRow, 'instrument_is_active'> {
  as_of: Date;
  generated_key: string;
}

/** Reads the instrument and the results of its scored calls by label. */
async function summarise(sql: Sql, symbol: string, profile: Profile) {
  const rows = await sql<({ id: string; is_active: boolean } & Listed & (TallyRow | { label: null }))[]>`
    SELECT i.id, i.symbol, i.exchange, i.currency, i.is_active, s.*
    FROM ${instrumentOf(sql, symbol)} i
    LEFT JOIN LATERAL (
      SELECT r.label, ${tallyColumns(sql, {
        scored: sql`1`,
        above: sql`(o.realised_return_pct > t.market_return_pct)::int`,
        below: sql`(o.realised_return_pct < t.market_return_pct)::int`,
        returns: sql`o.realised_return_pct`,
      })}
      FROM recommendations r
      JOIN recommendation_outcomes o ON o.recommendation_id = r.id
      ${joinMarket(sql)}
      WHERE r.instrument_id = i.id AND r.profile = ${profile} AND t.market_return_pct IS NOT NULL
      GROUP BY r.label
    ) s ON true`;
  const [first] = rows;
  if (!first) throw unknownInstrument(symbol);
  const summary = LABELS.flatMap((label: Label) => {
    const row = rows.find((candidate) => candidate.label === label);
    return row && row.label !== null ? [{ label, ...toTally(row) }] : [];
  });
  const { id, currency, is_active: isActive } = first;
  return { instrument: { id, currency, isActive, marks: marksOf(first) }, summary };
}

export const listHistoryEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/instruments/{symbol}/recommendations',
  operationId: 'listInstrumentRecommendations',
  summary: "List an instrument's recommendations and outcomes",
  access: 'consented',
  params: SymbolParams,
  query: HistoryQuery,
  answer: {
    status: 200,
    schema: RecommendationHistory,
    description: 'A page of the recommendations, newest first.',
  },
  problems: ['unknown-instrument', 'invalid-cursor'],
  handle: async ({ params, query, caller }, { sql, now, notice }) => {
    const profile = query.profile ?? caller.preferredProfile;
    return { body: await listHistory(sql, params.symbol, { ...query, profile }, { now, notice }) };
  },
});
