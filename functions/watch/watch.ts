import type { Sql } from '../shared/database.ts';
import { DAY_MS, HOUR_MS } from '../shared/days.ts';
import { defined } from '../shared/invariant.ts';
import { isCounted } from '../shared/recommended.ts';
import { EXPECTED_REASONS } from '../shared/run-verdict.ts';

/** The health of the installation in numbers that alarms compare. A number that is not known yet is absent. */
export interface Vitals {
  /** Hours since a daily run ended as succeeded or partial, without Saturdays and Sundays, which have no run. */
  hoursSinceRun?: number;
  /** Share of the last daily run's instruments that failed, and so got no recommendation. */
  failedShare?: number;
  /** Hours since the active recommendations were made, without Saturdays and Sundays. */
  recommendationAge?: number;
  /** 1 if the last run could not erase expired personal data, else 0. */
  erasureFailed?: number;
}

/**
 * Reads the vital signs from the ledger.
 *
 * @param sql - a client of the pipeline role
 */
export async function readVitals(sql: Sql, now: Date): Promise<Vitals> {
  const [row] = await sql<
    { published: Date | null; generated: Date | null; share: number | null; erasureFailed: number | null }[]
  >`
    WITH last AS (
      SELECT id, instruments FROM pipeline_runs
      WHERE mode = 'daily' AND finished_at IS NOT NULL ORDER BY started_at DESC LIMIT 1
    )
    SELECT
      (SELECT max(finished_at) FROM pipeline_runs WHERE mode = 'daily' AND status IN ('succeeded', 'partial')) AS published,
      (SELECT max(generated_at) FROM recommendations WHERE is_active) AS generated,
      (SELECT count(DISTINCT f.symbol)::float8 / nullif(last.instruments, 0)
       FROM last LEFT JOIN pipeline_failures f ON f.run_id = last.id AND ${isCounted(sql)}
         AND NOT f.reason_code IN (SELECT jsonb_array_elements_text(${sql.json(EXPECTED_REASONS)}))
       GROUP BY last.instruments) AS share,
      (SELECT (expiry_error IS NOT NULL)::int FROM pipeline_runs
       WHERE batches <> '[]' ORDER BY started_at DESC LIMIT 1) AS "erasureFailed"`;
  const { published, generated, share, erasureFailed } = defined(row, 'row of vital signs');
  return {
    ...(published && { hoursSinceRun: weekdayHours(published, now) }),
    ...(share !== null && { failedShare: share }),
    ...(generated && { recommendationAge: weekdayHours(generated, now) }),
    ...(erasureFailed !== null && { erasureFailed }),
  };
}

/**
 * The hours between two instants that fall on weekdays, in UTC.
 *
 * @example
 * weekdayHours(new Date('2026-03-06T23:00Z'), new Date('2026-03-09T01:00Z')); // 2: the last of Friday and the first of Monday
 */
export function weekdayHours(from: Date, to: Date): number {
  let hours = 0;
  for (let at = from.getTime(); at < to.getTime(); ) {
    const end = Math.min((Math.floor(at / DAY_MS) + 1) * DAY_MS, to.getTime());
    if (![0, 6].includes(new Date(at).getUTCDay())) hours += (end - at) / HOUR_MS;
    at = end;
  }
  return hours;
}
