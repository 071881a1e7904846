import type { Sql } from '../shared/database.ts';

/** How the installation is, in numbers that alarms compare. One that cannot be told yet is absent. */
export interface Vitals {
  /** Hours since a daily run succeeded, Saturdays and Sundays left out: on those there is none. */
  hoursSinceRun?: number;
  /** Share of the last daily run's instruments that got no recommendation because something failed. */
  failedShare?: number;
  /** Hours since the active recommendations were made, Saturdays and Sundays left out. */
  recommendationAge?: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Reads the vital signs from the ledger.
 *
 * @param sql - a client of the pipeline role
 */
export async function readVitals(sql: Sql, now: Date): Promise<Vitals> {
  const [row] = await sql<{ succeeded: Date | null; generated: Date | null; share: number | null }[]>`
    WITH last AS (
      SELECT id, instruments FROM pipeline_runs
      WHERE mode = 'daily' AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1
    )
    SELECT
      (SELECT max(finished_at) FROM pipeline_runs WHERE mode = 'daily' AND status = 'succeeded') AS succeeded,
      (SELECT max(generated_at) FROM recommendations WHERE is_active) AS generated,
      (SELECT count(DISTINCT f.symbol)::float8 / nullif(last.instruments, 0)
       FROM last LEFT JOIN pipeline_failures f ON f.run_id = last.id AND f.reason_code <> 'insufficient_history'
       GROUP BY last.instruments) AS share`;
  const { succeeded, generated, share } = row ?? { succeeded: null, generated: null, share: null };
  return {
    ...(succeeded && { hoursSinceRun: weekdayHours(succeeded, now) }),
    ...(share !== null && { failedShare: share }),
    ...(generated && { recommendationAge: weekdayHours(generated, now) }),
  };
}

/**
 * Hours between two instants that lie on weekdays, in UTC.
 *
 * @example
 * weekdayHours(new Date('2026-03-06T23:00Z'), new Date('2026-03-09T01:00Z')); // 2: Friday's last, Monday's first
 */
export function weekdayHours(from: Date, to: Date): number {
  let hours = 0;
  for (let at = from.getTime(); at < to.getTime(); ) {
    const end = Math.min((Math.floor(at / DAY) + 1) * DAY, to.getTime());
    if (![0, 6].includes(new Date(at).getUTCDay())) hours += (end - at) / HOUR;
    at = end;
  }
  return hours;
}
