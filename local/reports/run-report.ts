import type { RunStatus } from '../../functions/shared/constants.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { isCovered } from '../../functions/shared/ledger.ts';
import { isCounted } from '../../functions/shared/recommended.ts';
import { counted } from '../terminal/paragraph.ts';

/** Rows stored for a run's instruments, up to its as-of. */
export interface RunCounts {
  instruments: number;
  bars: number;
  features: number;
  /** Current ones; those carried over from an earlier run are not among them. */
  recommendations: number;
  carriedOver: number;
  /** Instruments with any problem, also a short history; one that is only the benchmark is not among them. */
  failures: number;
}

/** Summary of a run. */
export interface RunReport {
  runId: string;
  asOf: string;
  status: RunStatus;
  /** Which instruments failed, and why, if the run is partial. */
  error: string | undefined;
  counts: RunCounts;
  /** Rows that this run inserted or changed. */
  written: { bars: number; features: number; recommendations: number };
  /** Undefined if the run published no recommendations, as in a backfill. */
  modelVersion: string | undefined;
}

/**
 * Reads a run's row and counts the stored rows, so that a run without new data still reports what the database has.
 *
 * @throws BoursomaticError (`no_run`) if there is no such run
 */
export async function readRunReport(sql: Sql, runId: string): Promise<RunReport> {
  const [row] = await sql`
    WITH run AS (SELECT * FROM pipeline_runs WHERE id = ${runId}),
    covered AS (
      SELECT i.id FROM run JOIN instruments i
        ON i.is_active AND ${isCovered(sql)}
    )
    SELECT run.as_of::text AS as_of, run.status, run.error, run.instruments, run.bars, run.features, run.recommendations, mv.version,
      (SELECT count(*)::int FROM price_bars WHERE interval = 'daily' AND ts <= run.as_of
        AND instrument_id IN (SELECT id FROM covered)) AS all_bars,
      (SELECT count(*)::int FROM features WHERE ts <= run.as_of
        AND instrument_id IN (SELECT id FROM covered)) AS all_features,
      calls.all_recommendations, calls.carried_over,
      (SELECT count(DISTINCT f.symbol)::int FROM pipeline_failures f
        WHERE f.run_id = run.id AND ${isCounted(sql)}) AS failures
    FROM run LEFT JOIN model_versions mv ON mv.id = run.model_version_id
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE NOT (is_active AND is_carried_over))::int AS all_recommendations,
        count(*) FILTER (WHERE is_active AND is_carried_over)::int AS carried_over
      FROM recommendations
      WHERE (is_active OR run_id = run.id) AND as_of <= run.as_of AND instrument_id IN (SELECT id FROM covered)
    ) calls`;
  if (!row) throw new BoursomaticError('no_run', `run ${runId} is not in the database`);
  return {
    runId,
    asOf: row.as_of,
    status: row.status,
    error: row.error ?? undefined,
    counts: {
      instruments: row.instruments,
      bars: row.all_bars,
      features: row.all_features,
      recommendations: row.all_recommendations,
      carriedOver: row.carried_over,
      failures: row.failures,
    },
    written: { bars: row.bars, features: row.features, recommendations: row.recommendations },
    modelVersion: row.version ?? undefined,
  };
}

/**
 * A run in one line: the stored rows of its instruments, and in parentheses the rows that the run wrote. A partial run
 * has a second line, which names the instruments that failed.
 */
export function runLine({ runId, status, error, counts, written }: RunReport, seconds: number): string {
  const stored = (count: number, noun: string, added: number) =>
    `${counted(count, noun)} (${added.toLocaleString('en-GB')} written)`;
  const parts = [
    counted(counts.instruments, 'instrument'),
    stored(counts.bars, 'bar', written.bars),
    stored(counts.features, 'feature row', written.features),
    stored(counts.recommendations, 'recommendation', written.recommendations),
    `problems with ${counted(counts.failures, 'instrument')}`,
  ];
  if (counts.carriedOver > 0) parts.push(`${counted(counts.carriedOver, 'earlier recommendation')} kept`);
  const line = `Run ${runId} finished in ${seconds.toFixed(1)} s: ${parts.join(', ')}.`;
  return status === 'partial' ? `${line}\nThe run is partial. ${error}` : line;
}
