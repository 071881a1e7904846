import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';

/**
 * Reads when the first run failed after an instant.
 *
 * @param lastDaily - the start of the last daily run that succeeded; undefined if none has
 */
export async function readFailingSince(sql: Sql, lastDaily: Date | undefined): Promise<Date | undefined> {
  const [row] = await sql<[{ since: Date | null }]>`
    SELECT min(started_at) AS since FROM pipeline_runs
    WHERE status = 'failed' AND coalesce(mode, 'daily') = 'daily' AND started_at > ${lastDaily ?? new Date(0)}`;
  return row.since ?? undefined;
}

/**
 * Whether a run with this input has succeeded with the active model after an instant, so that it would find nothing new
 * in a file that has not changed since.
 */
export async function hasRun(sql: Sql, input: PipelineInput, since: Date): Promise<boolean> {
  const recorded = { ...input, mode: input.mode ?? 'daily' };
  const runs = await sql`
    SELECT FROM pipeline_runs WHERE status IN ('succeeded', 'partial') AND input = ${sql.json(recorded)}
      AND started_at > ${since} AND model_version_id = (SELECT id FROM model_versions WHERE is_active)`;
  return runs.length > 0;
}
