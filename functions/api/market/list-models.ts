import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { dayOf } from '../lists/age.ts';
import { Instant, Notice } from '../lists/fields.ts';
import { ModelDataTo } from '../resources/model.ts';

/** The fields of a model version in every answer. */
export const MODEL_FIELDS = {
  version: z.string().describe('The version, such as `v1.2.3`.'),
  trainedAt: Instant.describe('When the model was trained, in UTC.'),
  modelDataTo: ModelDataTo,
  isActive: z.boolean().describe('Whether runs use this version now.'),
  precision: z.number().nullable().describe('Mean precision over SELL, HOLD and BUY, out of sample.'),
  f1: z.number().nullable().describe('Mean F1 score over SELL, HOLD and BUY, out of sample.'),
  recommendationsCount: z.int().describe('The number of its recommendations, including archived ones.'),
};

export const ModelList = z
  .strictObject({
    items: z
      .array(z.strictObject(MODEL_FIELDS).meta({ id: 'ModelSummary', description: 'A model version.' }))
      .describe('Sorted by training, newest first.'),
    notice: Notice,
  })
  .meta({ id: 'ModelList', description: 'All registered model versions.' });
export type ModelList = z.output<typeof ModelList>;

/**
 * Lists all registered versions: the founding document's fourth query, plus the active version. Recommendations are
 * counted before the join, which gives the same result and is seven times as fast with a million of them.
 */
export async function listModels(sql: Sql, { notice }: { notice: string | null }): Promise<ModelList> {
  const rows = await sql<ModelRow[]>`
    SELECT mv.version, mv.trained_at, mv.data_to, mv.is_active,
      mv.metrics_json->>'precision' AS precision, mv.metrics_json->>'f1_score' AS f1,
      coalesce(r.recommendations_count, 0) AS recommendations_count
    FROM model_versions mv
    LEFT JOIN (
      SELECT model_version_id, count(*)::int AS recommendations_count FROM recommendations GROUP BY model_version_id
    ) r ON mv.id = r.model_version_id
    ORDER BY mv.trained_at DESC, mv.id DESC`;
  return {
    items: rows.map((row) => ({
      version: row.version,
      trainedAt: row.trained_at.toISOString(),
      modelDataTo: row.data_to && dayOf(row.data_to),
      isActive: row.is_active,
      precision: toNumber(row.precision),
      f1: toNumber(row.f1),
      recommendationsCount: row.recommendations_count,
    })),
    notice,
  };
}

interface ModelRow {
  version: string;
  trained_at: Date;
  data_to: Date | null;
  is_active: boolean;
  precision: string | null;
  f1: string | null;
  recommendations_count: number;
}

/** A metric of a release as a number; null if it is missing or not a number. */
function toNumber(text: string | null): number | null {
  if (text === null) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

export const listModelsEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/models',
  operationId: 'listModels',
  summary: 'List model versions',
  access: 'reader',
  answer: { status: 200, schema: ModelList, description: 'All registered versions.' },
  handle: async (_request, { sql, notice }) => ({ body: await listModels(sql, { notice }) }),
});
