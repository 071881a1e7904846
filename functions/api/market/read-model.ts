import * as z from 'zod';
import { retrainingNotice } from '../../infer/data-age.ts';
import { EDGE_STATUSES, edgesOf } from '../../infer/edge.ts';
import { PROFILES } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { ModelVersionName } from '../../shared/fields.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { ageInDays, dayOf } from '../lists/age.ts';
import { Instant, Notice } from '../lists/fields.ts';
import { ModelNotice } from '../resources/model.ts';
import { MODEL_FIELDS } from './list-models.ts';
import { cardOf, Interval, ModelCard } from './model-card.ts';
import { ReleaseMetrics } from './release-metrics.ts';

const GateVerdict = z.strictObject({
  passed: z.boolean().describe('Whether every check passed.'),
  forcedReason: z
    .string()
    .nullable()
    .describe('Why the version was activated although it failed the gate; null otherwise.'),
  at: Instant.describe('When the gate judged the version, in UTC.'),
  checks: z
    .array(
      z.strictObject({
        name: z.string().describe('The name of the check.'),
        passed: z.boolean().describe('Whether this check passed.'),
        detail: z.string().describe('The measured value and the required one.'),
      }),
    )
    .describe('The checks of the gate.'),
});

const Edge = z
  .strictObject({
    profile: z.enum(PROFILES).describe('The risk profile.'),
    status: z
      .enum(EDGE_STATUSES)
      .describe(
        '`shown`: the whole interval is above 0. `not_shown_yet`: the interval is not above 0, or was not measured, so the gain may be chance. `not_measured`: the release has no figures.',
      ),
    share: z
      .number()
      .describe(
        "The share of the day's stocks, counted from the best, from which the profile takes its BUYs.",
      ),
    excessPct: z
      .number()
      .nullable()
      .describe(
        'The mean return of these stocks over 20 trading days after costs, less that of the average stock, in percentage points; null if not measured.',
      ),
    interval: Interval.describe(
      'The 95% confidence interval of `excessPct`, in percentage points; null if not measured.',
    ),
    words: z.string().describe('The figures in a sentence.'),
  })
  .meta({
    id: 'ModelEdge',
    description: "The out-of-sample gain, after costs, of a profile's share of the day's best stocks.",
  });

export const ModelDetail = z
  .strictObject({
    ...MODEL_FIELDS,
    ageDays: z
      .int()
      .nullable()
      .describe('Calendar days since the end of the data that it learned from; null if unknown.'),
    modelNotice: ModelNotice,
    paramsHash: z.string().describe('A fingerprint of the training parameters.'),
    gate: GateVerdict.nullable().describe('The last verdict of the promotion gate; null if there is none.'),
    edges: z
      .array(Edge)
      .describe(
        "For each profile, whether its share of the day's best stocks gained more than the average stock after costs, out of sample. The profile's limit of volatility is not applied.",
      ),
    card: ModelCard,
    notice: Notice,
  })
  .meta({ id: 'ModelDetail', description: 'A model version and its card.' });
export type ModelDetail = z.output<typeof ModelDetail>;

/**
 * Reads a model version with its card.
 *
 * @param version - undefined for the active one
 * @throws ApiError (404, unknown-model) if it is not registered, or none is active
 */
export async function readModel(
  sql: Sql,
  version: string | undefined,
  { now, notice }: { now: Date; notice: string | null },
): Promise<ModelDetail> {
  const [row] = await sql<ModelRow[]>`
    SELECT m.version, m.trained_at, m.data_to, m.is_active, m.params_hash, m.metrics_json,
      (SELECT count(*)::int FROM recommendations r WHERE r.model_version_id = m.id) AS recommendations_count,
      p.passed, p.verdict, p.forced_reason, p.created_at AS judged_at
    FROM model_versions m
    LEFT JOIN LATERAL (
      SELECT passed, verdict, forced_reason, created_at FROM model_promotions
      WHERE model_version_id = m.id AND action <> 'rollback' AND verdict <> '[]' ORDER BY id DESC LIMIT 1
    ) p ON true
    WHERE ${version === undefined ? sql`m.is_active` : sql`m.version = ${version}`}`;
  if (!row) {
    const detail =
      version === undefined
        ? 'No model is active. An administrator must promote one.'
        : `There is no model ${version}. See /v1/models.`;
    throw problem('unknown-model', detail);
  }
  const metrics = new ReleaseMetrics(row.metrics_json);
  const modelDataTo = row.data_to && dayOf(row.data_to);
  return {
    version: row.version,
    trainedAt: row.trained_at.toISOString(),
    ageDays: row.data_to && ageInDays(row.data_to, now),
    modelDataTo,
    modelNotice: retrainingNotice(modelDataTo),
    isActive: row.is_active,
    precision: metrics.number('precision'),
    f1: metrics.number('f1_score'),
    recommendationsCount: row.recommendations_count,
    paramsHash: row.params_hash,
    gate: toVerdict(row),
    edges: edgesOf(row.metrics_json),
    card: cardOf(metrics),
    notice,
  };
}

interface ModelRow {
  version: string;
  trained_at: Date;
  data_to: Date | null;
  is_active: boolean;
  params_hash: string;
  metrics_json: unknown;
  recommendations_count: number;
  passed: boolean | null;
  verdict: { name: string; passed: boolean; detail: string }[] | null;
  forced_reason: string | null;
  judged_at: Date | null;
}

function toVerdict({ passed, verdict, forced_reason, judged_at }: ModelRow): ModelDetail['gate'] {
  if (passed === null || !verdict || !judged_at) return null;
  const checks = verdict.map(({ name, passed, detail }) => ({ name, passed, detail }));
  return { passed, forcedReason: forced_reason, at: judged_at.toISOString(), checks };
}

const answer = { status: 200, schema: ModelDetail, description: 'The version and its card.' } as const;

export const readActiveModelEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/models/active',
  operationId: 'readActiveModel',
  summary: 'Read the active model and its card',
  access: 'reader',
  answer,
  problems: ['unknown-model'],
  handle: async (_request, { sql, now, notice }) => ({
    body: await readModel(sql, undefined, { now, notice }),
  }),
});

export const readModelEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/models/{version}',
  operationId: 'readModel',
  summary: 'Read a model version and its card',
  access: 'reader',
  params: z.strictObject({ version: ModelVersionName.describe('The model version, such as `v1.2.3`.') }),
  answer,
  problems: ['unknown-model'],
  handle: async ({ params }, { sql, now, notice }) => ({
    body: await readModel(sql, params.version, { now, notice }),
  }),
});
