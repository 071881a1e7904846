import type { Sql } from '../../functions/shared/database.ts';
import type { EndedDaily, ScheduleState } from './schedule.ts';

/**
 * The table `runs` of all instruments that have ended. Those that began more than a day from now are left out: the clock
 * was wrong then. A run that was refused before it was planned has no mode.
 */
const endedRuns = (sql: Sql) => sql`
  runs AS (
    SELECT coalesce(mode, 'daily') AS mode, status = 'failed' AS is_failure, started_at, finished_at,
      input ->> 'to' AS as_of
    FROM pipeline_runs
    WHERE NOT input ?| ARRAY['symbols', 'replay', 'from'] AND status <> 'running'
      AND started_at < now() + interval '1 day'
  )`;

/**
 * Reads from the ledger what {@link ScheduleState} needs to know about earlier runs of the pipeline. A run of some
 * instruments does not take the place of the day's run, and neither does one as of a chosen day.
 */
export async function readLastRuns(
  sql: Sql,
): Promise<Pick<ScheduleState, 'firstDaily' | 'lastDaily' | 'failedDaily' | 'lastIntraday'>> {
  const [found] = await sql<
    { first: Date | null; last: Date | null; failed: Date | null; failures: number; intraday: Date | null }[]
  >`
    WITH ${endedRuns(sql)}, daily AS (
      SELECT * FROM runs WHERE mode = 'daily' AND as_of IS NULL
    ), done AS (
      SELECT min(started_at) AS first, max(started_at) AS last FROM daily WHERE NOT is_failure
    ), failed AS (
      SELECT max(finished_at) AS last, count(*)::int AS failures FROM daily, done
      WHERE is_failure AND started_at > coalesce(done.last, '-infinity')
    )
    SELECT done.first, done.last, failed.last AS failed, failed.failures,
      (SELECT max(started_at) FROM runs WHERE mode = 'intraday') AS intraday
    FROM done, failed`;
  return {
    firstDaily: found?.first ?? undefined,
    lastDaily: found?.last ?? undefined,
    failedDaily: found?.failed ? { at: found.failed, count: found.failures } : undefined,
    lastIntraday: found?.intraday ?? undefined,
  };
}

/**
 * Reads the daily runs of the last week that succeeded, and those as of a chosen day whether they succeeded or not: they
 * are not repeated.
 */
export async function readRecentDaily(sql: Sql): Promise<EndedDaily[]> {
  const rows = await sql<{ startedAt: Date; asOf: string | null }[]>`
    WITH ${endedRuns(sql)}
    SELECT started_at AS "startedAt", as_of AS "asOf" FROM runs
    WHERE mode = 'daily' AND (NOT is_failure OR as_of IS NOT NULL) AND started_at > now() - interval '1 week'
    ORDER BY started_at`;
  return rows.map(({ startedAt, asOf }) => ({ startedAt, ...(asOf !== null && { to: asOf }) }));
}
