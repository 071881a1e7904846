import type { Predictions } from '../../../functions/infer/predictions.ts';
import type { InferResult } from '../../../functions/shared/contracts.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';

/** Predictions that every profile calls BUY, unless a change alters them. */
export function predictionsOf(
  modelVersionId: string,
  instrumentIds: string[],
  change: Partial<Predictions['instruments'][number]> = {},
): Predictions {
  return {
    modelVersionId,
    modelVersion: 'v1.0.0',
    horizonDays: 20,
    baseRates: [0.3, 0.4, 0.3],
    instruments: instrumentIds.map((instrumentId) => ({
      instrumentId,
      symbol: 'ANY',
      asOf: '2026-03-02T00:00:00.000Z',
      universe: { day: '2026-03-02', stocks: 500 },
      probabilities: [0.2, 0.3, 0.5],
      score: 2.1,
      place: 0.01,
      expectedExcess: 0.025,
      contributions: { ret_20d: 0.03, vol_20d: -0.009, neutrality: 0.004 },
      inputs: { close_price: 100, atr_14: 4, vol_20d: 0.2, ret_20d: 0.08 },
      ...change,
    })),
  };
}

/** The result of Infer for a run. */
export function inferResult(runId: string): InferResult {
  const scores = `scores/${runId}.json.gz`;
  return { runId, asOf: '2026-03-02', modelVersion: 'v1.0.0', scores, instruments: 0, failed: 0 };
}

/** A checksum over all columns of all recommendations. */
export async function checksum(sql: Sql): Promise<string> {
  const [row] = await sql<{ sum: string }[]>`
    SELECT md5(coalesce(string_agg(r::text, E'\n' ORDER BY r.id), '')) AS sum FROM recommendations r`;
  return defined(row, 'checksum').sum;
}

/** Counts of active and archived recommendations, and of those of each run. */
export async function census(
  sql: Sql,
): Promise<{ active: number; archived: number; runs: Record<string, number> }> {
  const [row] = await sql<{ active: number; archived: number }[]>`
    SELECT count(*) FILTER (WHERE is_active)::int AS active,
      count(*) FILTER (WHERE NOT is_active AND archived_at IS NOT NULL)::int AS archived FROM recommendations`;
  const runs = await sql<
    { id: string; recommendations: number }[]
  >`SELECT id, recommendations FROM pipeline_runs`;
  return {
    ...defined(row, 'counts'),
    runs: Object.fromEntries(runs.map(({ id, recommendations }) => [id, recommendations])),
  };
}
