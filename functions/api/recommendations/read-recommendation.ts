import * as z from 'zod';
import { retrainingNotice } from '../../infer/data-age.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { ageInDays } from '../lists/age.ts';
import { Instant, Notice } from '../lists/fields.ts';
import { ModelNotice } from '../resources/model.ts';
import { Chances, ComparedWith, Explanation, Probabilities, toExplanation } from './explanation.ts';
import { joinMarket, Outcome, type OutcomeRow, outcomeColumns, toOutcome } from './outcome.ts';
import {
  RECOMMENDATION_COLUMNS,
  Recommendation,
  type RecommendationRow,
  toRecommendation,
} from './recommendation.ts';
import { STANDING_FIELDS, type StandingRow, standingOf } from './standing.ts';

export const RecommendationDetail = z
  .strictObject({
    ...Recommendation.shape,
    ...STANDING_FIELDS,
    modelTrainedAt: Instant.describe('When the model of the recommendation was trained, in UTC.'),
    modelAgeDays: z
      .int()
      .nullable()
      .describe('Calendar days since the end of the data that it learned from; null if unknown.'),
    modelNotice: ModelNotice,
    probabilities: Probabilities.nullable(),
    chances: Chances.nullable(),
    explanation: Explanation.nullable(),
    universe: ComparedWith.nullable(),
    features: z
      .record(z.string(), z.number())
      .describe("The values of all known inputs at inference, by the model's name for the input."),
    outcome: Outcome.nullable(),
    notice: Notice,
  })
  .meta({
    id: 'RecommendationDetail',
    description: 'A recommendation with its explanation, inputs and outcome.',
  });
export type RecommendationDetail = z.output<typeof RecommendationDetail>;

/**
 * Reads a current or an archived recommendation.
 *
 * @throws ApiError (404, not-found)
 */
export async function readRecommendation(
  sql: Sql,
  id: string,
  { now, notice }: { now: Date; notice: string | null },
): Promise<RecommendationDetail> {
  const [row] = await sql<DetailRow[]>`
    SELECT ${sql.unsafe(RECOMMENDATION_COLUMNS)}, r.is_active, r.archived_at, r.features_snapshot, r.explanation,
      i.is_active AS instrument_is_active, m.trained_at, ${outcomeColumns(sql)}
    FROM recommendations r
    JOIN instruments i ON i.id = r.instrument_id
    JOIN model_versions m ON m.id = r.model_version_id
    LEFT JOIN recommendation_outcomes o ON o.recommendation_id = r.id
    ${joinMarket(sql)}
    WHERE r.id = ${id}`;
  if (!row)
    throw problem('not-found', 'There is no recommendation with this id. Ids are in /v1/recommendations.');
  return toDetail(row, { now, notice });
}

/** The answer for a row. */
export function toDetail(
  row: DetailRow,
  { now, notice }: { now: Date; notice: string | null },
): RecommendationDetail {
  const features = row.features_snapshot;
  const recommendation = toRecommendation(row, now);
  return {
    ...recommendation,
    ...standingOf(row, now),
    modelTrainedAt: row.trained_at.toISOString(),
    modelAgeDays: row.data_to && ageInDays(row.data_to, now),
    modelNotice: retrainingNotice(recommendation.modelDataTo),
    ...toExplanation(row.explanation, {
      expectedReturnPct: row.expected_excess_pct,
      features,
      asOf: recommendation.asOf,
    }),
    features,
    outcome: toOutcome(row, row.label),
    notice,
  };
}

/** The columns of {@link readRecommendation}. */
export interface DetailRow extends RecommendationRow, StandingRow, OutcomeRow {
  // Both rows declare it.
  as_of: Date;
  trained_at: Date;
  features_snapshot: Record<string, number>;
  explanation: unknown;
}

export const readRecommendationEndpoint = endpoint({
  group: 'recommendations',
  method: 'GET',
  path: '/v1/recommendations/{id}',
  operationId: 'readRecommendation',
  summary: 'Read a recommendation and its explanation',
  description:
    'Also returns archived recommendations. The response includes the outcome once the horizon has passed.',
  access: 'consented',
  params: z.strictObject({
    id: z.uuid('must be a UUID').describe('The id of the recommendation, from a list.'),
  }),
  answer: { status: 200, schema: RecommendationDetail, description: 'The recommendation.' },
  problems: ['not-found'],
  handle: async ({ params }, { sql, now, notice }) => ({
    body: await readRecommendation(sql, params.id, { now, notice }),
  }),
});
