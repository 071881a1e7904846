import type { RunReference, ScoreResult } from '../shared/contracts.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';

/**
 * Days within which a call gets its outcome without a mark. Load marks an instrument after a week without bars, so that
 * a horizon of 50 bars fits.
 */
const SCORED_WITHIN_DAYS = 366;

/**
 * Stores the outcomes of earlier recommendations: the return from the close of their as-of bar to the close
 * horizon_days bars later, if that bar exists and is not after the as-of. A first outcome never changes: one from
 * restated bars is stored as a revision. So that the work does not grow with the years, it reads only recommendations of
 * the last year that have no outcome, and those of instruments that `outcome_backlog` marks.
 */
export async function scoreOutcomes(run: RunReference, sql: Sql): Promise<ScoreResult> {
  return sql.begin(async (tx) => {
    // Locked, so that a mark that Load sets meanwhile survives, and that of two runs one revises an outcome.
    await tx`SELECT FROM outcome_backlog ORDER BY instrument_id FOR UPDATE`;
    const scored = await writeOutcomes(tx, run.asOf);
    // A run as of an earlier day has not read the later bars.
    await tx`
      DELETE FROM outcome_backlog k WHERE NOT EXISTS (
        SELECT 1 FROM price_bars b
        WHERE b.instrument_id = k.instrument_id AND b.interval = 'daily' AND b.ts > ${run.asOf}::timestamptz
      )`;
    return { scored };
  });
}

async function writeOutcomes(tx: Transaction, asOf: string): Promise<number> {
  const [row] = await tx<[{ written: number }]>`
    WITH candidate AS (
      SELECT r.id, r.instrument_id, r.as_of, r.horizon_days, false AS is_scored FROM recommendations r
      WHERE r.as_of >= ${addDays(asOf, -SCORED_WITHIN_DAYS)}::timestamptz AND r.as_of < ${asOf}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM recommendation_outcomes o WHERE o.recommendation_id = r.id)
      UNION
      SELECT r.id, r.instrument_id, r.as_of, r.horizon_days, o.exit_ts IS NOT NULL FROM outcome_backlog k
      JOIN recommendations r ON r.instrument_id = k.instrument_id
      LEFT JOIN recommendation_outcomes o ON o.recommendation_id = r.id
      LEFT JOIN LATERAL (
        SELECT exit_ts FROM outcome_revisions WHERE recommendation_id = r.id ORDER BY revision DESC LIMIT 1
      ) newest ON true
      WHERE o.exit_ts IS NULL OR coalesce(newest.exit_ts, o.exit_ts) >= k.changed_from
    ), due AS (
      SELECT r.id, r.is_scored, entry.c AS entry_close, exit.ts AS exit_ts, exit.c AS exit_close,
        (exit.c / entry.c - 1) * 100 AS pct
      FROM candidate r
      JOIN price_bars entry ON entry.instrument_id = r.instrument_id AND entry.ts = r.as_of AND entry.interval = 'daily'
      CROSS JOIN LATERAL (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = r.instrument_id AND b.interval = 'daily' AND b.ts > r.as_of
          AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts OFFSET r.horizon_days - 1 LIMIT 1
      ) exit
    ), scored AS (
      INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
      SELECT id, exit_ts, entry_close, exit_close, pct FROM due WHERE NOT is_scored
      ON CONFLICT DO NOTHING
      RETURNING 1
    ), restated AS (
      INSERT INTO outcome_revisions (recommendation_id, revision, exit_ts, entry_close, exit_close, realised_return_pct)
      SELECT d.id, known.revision + 1, d.exit_ts, d.entry_close, d.exit_close, d.pct
      FROM due d
      CROSS JOIN LATERAL (
        SELECT 0 AS revision, exit_ts, entry_close, exit_close FROM recommendation_outcomes WHERE recommendation_id = d.id
        UNION ALL
        SELECT revision, exit_ts, entry_close, exit_close FROM outcome_revisions WHERE recommendation_id = d.id
        ORDER BY revision DESC LIMIT 1
      ) known
      WHERE d.is_scored
        AND (known.exit_ts, known.entry_close, known.exit_close) <> (d.exit_ts, d.entry_close, d.exit_close)
      ON CONFLICT DO NOTHING
      RETURNING 1
    )
    SELECT (SELECT count(*)::int FROM scored) + (SELECT count(*)::int FROM restated) AS written`;
  return row.written;
}
