import type { Sql } from '../../functions/shared/database.ts';
import type { EndedDaily, ScheduleState } from './schedule.ts';

/**
 * Reads from the ledger what {@link ScheduleState} needs to know about earlier runs of the pipeline. A run of some
 * instruments does not take the place of the day's run, and neither does one as of an earlier day.
 *
 * @param now - runs that began more than a day later are left out: the clock was wrong then
 */
export async function readLastRuns(
  sql: Sql,
  now: Date,
): Promise<Pick<ScheduleState, 'firstDaily' | 'lastDaily' | 'failedDaily' | 'recentDaily' | 'lastIntraday'>> {
  const runs = sql`
    runs AS (
      -- A run that was refused before it was planned has no mode.
      SELECT coalesce(mode, 'daily') AS mode, status, started_at, finished_at, input ->> 'to' AS to
      FROM pipeline_runs
      WHERE NOT input ?| ARRAY['symbols', 'replay', 'from'] AND status <> 'running'
        AND started_at < ${now}::timestamptz + interval '1 day'
    ), done AS (
      SELECT * FROM runs WHERE mode = 'daily' AND status IN ('succeeded', 'partial') AND runs.to IS NULL
    )`;
  const [found] = await sql<
    { first: Date | null; last: Date | null; failed: Date | null; failures: number; intraday: Date | null }[]
  >`
    WITH ${runs}, failed AS (
      SELECT * FROM runs WHERE mode = 'daily' AND status = 'failed' AND runs.to IS NULL
        AND started_at > coalesce((SELECT max(started_at) FROM done), '-infinity')
    )
    SELECT (SELECT min(started_at) FROM done) AS first, (SELECT max(started_at) FROM done) AS last,
      (SELECT max(finished_at) FROM failed) AS failed, (SELECT count(*)::int FROM failed) AS failures,
      (SELECT max(started_at) FROM runs WHERE mode = 'intraday') AS intraday`;
  const recentDaily = await sql<EndedDaily[]>`
    WITH ${runs}
    SELECT started_at AS "startedAt", runs.to FROM runs
    WHERE mode = 'daily' AND (status <> 'failed' OR runs.to IS NOT NULL)
      AND started_at > ${now}::timestamptz - interval '1 week'
    ORDER BY started_at`;
  return {
    firstDaily: found?.first ?? undefined,
    lastDaily: found?.last ?? undefined,
    failedDaily: found?.failed ? { at: found.failed, count: found.failures } : undefined,
    recentDaily: recentDaily.map(({ startedAt, to }) => ({ startedAt, to: to ?? undefined })),
    lastIntraday: found?.intraday ?? undefined,
  };
}
