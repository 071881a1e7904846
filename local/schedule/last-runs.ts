import type { Sql } from '../../functions/shared/database.ts';
import type { ScheduleState } from './schedule.ts';

/** Reads from the ledger what {@link ScheduleState} needs to know about earlier runs of the pipeline. */
export async function readLastRuns(
  sql: Sql,
): Promise<Pick<ScheduleState, 'lastDaily' | 'lastIntraday' | 'failedDaily' | 'firstDaily'>> {
  const [runs] = await sql<
    { first: Date | null; daily: Date | null; intraday: Date | null; failed: Date | null; failures: number }[]
  >`
    WITH runs AS (
      SELECT coalesce(mode, 'daily') AS mode, status, started_at, finished_at FROM pipeline_runs
      -- A run of some instruments, or as of an earlier day, does not take the place of the day's run.
      WHERE NOT input ?| ARRAY['symbols', 'replay', 'from', 'to']
    ), done AS (
      SELECT min(started_at) AS first, max(started_at) AS last FROM runs
      WHERE mode = 'daily' AND status IN ('succeeded', 'partial')
    )
    SELECT done.first, done.last AS daily, max(started_at) FILTER (WHERE mode = 'intraday') AS intraday,
      max(finished_at) FILTER (WHERE is_failure) AS failed, count(*) FILTER (WHERE is_failure)::int AS failures
    FROM done LEFT JOIN (
      SELECT *, mode = 'daily' AND status = 'failed'
        AND started_at > coalesce((SELECT last FROM done), '-infinity') AS is_failure FROM runs
    ) r ON true
    GROUP BY done.first, done.last`;
  return {
    firstDaily: runs?.first ?? undefined,
    lastDaily: runs?.daily ?? undefined,
    lastIntraday: runs?.intraday ?? undefined,
    failedDaily: runs?.failed ? { at: runs.failed, count: runs.failures } : undefined,
  };
}
