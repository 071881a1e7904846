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
 * horizon_days bars later, if that bar exists and is not after the as-of. It updates outcomes whose bars were restated.
 * So that the work does not grow with the years, it reads only recommendations of the last year that have no outcome,
 * and those of instruments that `outcome_backlog` marks.
 */
export async function scoreOutcomes(run: RunReference, sql: Sql): Promise<ScoreResult> {
  return sql.begin(async (tx) => {
    // Locked, so that a mark that Load sets meanwhile survives.
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
  const [row] = await tx<[{ scored: number }]>`
    WITH candidate AS (
      SELECT r.id, r.instrument_id, r.as_of, r.horizon_days FROM recommendations r
      WHERE r.as_of >= ${addDays(asOf, -SCORED_WITHIN_DAYS)}::timestamptz AND r.as_of < ${asOf}::timestamptz
        AND NOT EXISTS (SELECT 1 FROM recommendation_outcomes o WHERE o.recommendation_id = r.id)
      UNION
      SELECT r.id, r.instrument_id, r.as_of, r.horizon_days FROM outcome_backlog k
      JOIN recommendations r ON r.instrument_id = k.instrument_id
      LEFT JOIN recommendation_outcomes o ON o.recommendation_id = r.id
      WHERE o.exit_ts IS NULL OR o.exit_ts >= k.changed_from
    ), due AS (
      SELECT r.id, entry.c AS entry_close, exit.ts AS exit_ts, exit.c AS exit_close
      FROM candidate r
      JOIN price_bars entry ON entry.instrument_id = r.instrument_id AND entry.ts = r.as_of AND entry.interval = 'daily'
      CROSS JOIN LATERAL (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = r.instrument_id AND b.interval = 'daily' AND b.ts > r.as_of
          AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts OFFSET r.horizon_days - 1 LIMIT 1
      ) exit
    ), written AS (
      INSERT INTO recommendation_outcomes AS o (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
      SELECT id, exit_ts, entry_close, exit_close, (exit_close / entry_close - 1) * 100 FROM due
      ON CONFLICT (recommendation_id) DO UPDATE
        SET exit_ts = excluded.exit_ts, entry_close = excluded.entry_close, exit_close = excluded.exit_close,
            realised_return_pct = excluded.realised_return_pct, scored_at = now()
        WHERE (o.exit_ts, o.entry_close, o.exit_close) IS DISTINCT FROM (excluded.exit_ts, excluded.entry_close, excluded.exit_close)
      RETURNING 1
    )
    SELECT count(*)::int AS scored FROM written`;
  return row.scored;
}
