import type { RunReference, ScoreResult } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';

/**
 * Stores the outcomes of earlier recommendations: the return from the close of their as-of bar to the close
 * horizon_days bars later, if that bar exists and is not after the as-of. It updates outcomes whose bars were restated.
 */
export async function scoreOutcomes(run: RunReference, sql: Sql): Promise<ScoreResult> {
  const [row] = await sql<[{ scored: number }]>`
    WITH due AS (
      SELECT r.id, entry.c AS entry_close, exit.ts AS exit_ts, exit.c AS exit_close
      FROM recommendations r
      JOIN price_bars entry ON entry.instrument_id = r.instrument_id AND entry.ts = r.as_of AND entry.interval = 'daily'
      CROSS JOIN LATERAL (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = r.instrument_id AND b.interval = 'daily' AND b.ts > r.as_of
          AND b.ts <= ${run.asOf}::timestamptz
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
  return { scored: row.scored };
}
