import { PRICE_NOISE } from '../shared/constants.ts';
import type { Transaction } from '../shared/database.ts';
import { reaches } from './levels.ts';

/**
 * Computes the outcomes of the calls that have none and of those that `outcome_backlog` marks, from bars up to an as-of,
 * into the temporary table `due`.
 *
 * All prices are in the units of the published close. basis_factor converts the bars, so that a later split or dividend
 * changes no outcome. A call from before closes were kept is in the units of today's bars. The units of its stop and
 * target are then unknown, and so is `first_hit`.
 *
 * Calls of one instrument and publication share the bars, so they are kept in groups. Subqueries with LIMIT or OFFSET
 * keep to indexes whatever the statistics say: a scan of all calls and outcomes grows with the years.
 */
export async function stageDueOutcomes(tx: Transaction, asOf: string): Promise<void> {
  await tx`
    CREATE TEMPORARY TABLE due ON COMMIT DROP AS
    WITH last_bar AS MATERIALIZED (
      SELECT u.instrument_id, last.ts FROM (SELECT DISTINCT instrument_id FROM unscored_recommendations) u
      CROSS JOIN LATERAL (
        SELECT b.ts FROM price_bars b
        WHERE b.instrument_id = u.instrument_id AND b.interval = 'daily' AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts DESC LIMIT 1
      ) last
    ), span AS MATERIALIZED (
      SELECT u.instrument_id, u.as_of, u.horizon_days, false AS is_scored, array_agg(u.recommendation_id) AS ids
      FROM unscored_recommendations u JOIN last_bar l ON l.instrument_id = u.instrument_id
      -- There is at most one session a day, so that most calls need no look at their bars.
      WHERE u.as_of + u.horizon_days * interval '1 day' <= l.ts
      GROUP BY 1, 2, 3
      UNION ALL
      SELECT r.instrument_id, r.as_of, r.horizon_days, true, array_agg(r.id)
      FROM outcome_backlog k
      CROSS JOIN LATERAL (
        SELECT id, instrument_id, as_of, horizon_days FROM recommendations WHERE instrument_id = k.instrument_id OFFSET 0
      ) r
      CROSS JOIN LATERAL (${newestOutcome(tx, 'r.id')}) known
      WHERE known.exit_ts >= k.changed_from
      GROUP BY 1, 2, 3
    ), publication AS MATERIALIZED (
      SELECT s.instrument_id, s.as_of, s.horizon_days, s.is_scored, exit.ts AS exit_ts, exit.c AS exit_close,
        r.generated_at, r.close, array_agg(u.id) AS ids, (array_agg(r.features_snapshot))[1] AS seen
      FROM span s
      CROSS JOIN LATERAL (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = s.instrument_id AND b.interval = 'daily' AND b.ts > s.as_of
          AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts OFFSET s.horizon_days - 1 LIMIT 1
      ) exit
      CROSS JOIN unnest(s.ids) AS u(id)
      CROSS JOIN LATERAL (
        SELECT generated_at, close, features_snapshot FROM recommendations WHERE id = u.id LIMIT 1
      ) r
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    ), priced AS MATERIALIZED (
      SELECT p.*, coalesce(p.close, entry.c) AS entry_close,
        CASE WHEN p.close IS NULL THEN 1
          ELSE basis_factor(p.instrument_id, p.as_of, p.generated_at, p.close, p.seen) END AS factor
      FROM publication p
      LEFT JOIN LATERAL (
        SELECT b.c FROM price_bars b
        WHERE p.close IS NULL AND b.instrument_id = p.instrument_id AND b.ts = p.as_of AND b.interval = 'daily' LIMIT 1
      ) entry ON true
    )
    SELECT u.id, p.is_scored, p.instrument_id, p.as_of, p.horizon_days, r.model_version_id, p.exit_ts, p.entry_close,
      p.exit_close / p.factor AS exit_close, path.open / p.factor AS entry_open,
      (p.exit_close / p.factor / p.entry_close - 1) * 100 AS realised_return_pct,
      (p.exit_close / path.open - 1) * 100 AS open_return_pct,
      CASE
        WHEN p.close IS NULL THEN NULL
        WHEN path.stop_after <= coalesce(path.target_after, path.stop_after) THEN 'stop'
        WHEN path.target_after IS NOT NULL THEN 'target'
        ELSE 'neither'
      END AS first_hit,
      CASE WHEN p.close IS NOT NULL THEN least(path.stop_after, path.target_after) END AS first_hit_after
    FROM priced p
    CROSS JOIN unnest(p.ids) AS u(id)
    CROSS JOIN LATERAL (
      SELECT model_version_id, label, stop_loss, take_profit
      FROM recommendations WHERE id = u.id LIMIT 1
    ) r
    CROSS JOIN LATERAL (
      SELECT (array_agg(s.o ORDER BY s.n))[1] AS open,
        min(s.n) FILTER (WHERE ${reaches(tx, 'stop')})::int AS stop_after,
        min(s.n) FILTER (WHERE ${reaches(tx, 'target')})::int AS target_after
      FROM (
        SELECT b.o, b.h, b.l, row_number() OVER (ORDER BY b.ts) AS n FROM price_bars b
        WHERE b.instrument_id = p.instrument_id AND b.interval = 'daily' AND b.ts > p.as_of AND b.ts <= p.exit_ts
      ) s
    ) path
    WHERE p.factor IS NOT NULL AND p.entry_close IS NOT NULL`;
  await tx`ANALYZE due`;
}

/** The newest outcome of a call: its last revision, or the first one. */
function newestOutcome(tx: Transaction, id: string) {
  const columns = tx`exit_ts, realised_return_pct, open_return_pct, first_hit, first_hit_after`;
  return tx`
    SELECT 0 AS revision, ${columns} FROM recommendation_outcomes WHERE recommendation_id = ${tx.unsafe(id)}
    UNION ALL
    SELECT revision, ${columns} FROM outcome_revisions WHERE recommendation_id = ${tx.unsafe(id)}
    ORDER BY revision DESC LIMIT 1`;
}

/** Adds a revision to each staged call whose newest outcome is another one, and returns how many it added. */
export async function insertRevisions(tx: Transaction): Promise<number> {
  // Growth and not prices: an outcome from before closes were kept is in the units of the day when it was scored.
  const differs = (value: string, known: string) =>
    tx.unsafe(`abs(${value} - ${known}) > ${PRICE_NOISE} * (100 + ${known})`);
  const { count } = await tx`
    INSERT INTO outcome_revisions (recommendation_id, revision, exit_ts, entry_close, exit_close, realised_return_pct,
      entry_open, open_return_pct, first_hit, first_hit_after)
    SELECT d.id, known.revision + 1, d.exit_ts, d.entry_close, d.exit_close, d.realised_return_pct, d.entry_open,
      d.open_return_pct, d.first_hit, d.first_hit_after
    FROM due d
    CROSS JOIN LATERAL (${newestOutcome(tx, 'd.id')}) known
    WHERE d.is_scored AND (
      known.exit_ts <> d.exit_ts
      OR ${differs('d.realised_return_pct', 'known.realised_return_pct')}
      OR ${differs('d.open_return_pct', 'known.open_return_pct')}
      OR (known.first_hit IS NOT NULL
        AND (known.first_hit, known.first_hit_after) IS DISTINCT FROM (d.first_hit, d.first_hit_after)))
    -- The sort ends all reading of revisions before the first one is written.
    ORDER BY d.id`;
  return count;
}

/** The label that a model's rule gives the outcome of a call, by instrument, model, as-of and horizon. */
export interface RealisedLabel {
  instrument_id: string;
  model_version_id: string;
  as_of: Date;
  horizon_days: number;
  label: string;
}

/** Inserts the staged outcomes of the calls that have none, and returns how many it inserted. */
export async function insertOutcomes(tx: Transaction, labels: readonly RealisedLabel[]): Promise<number> {
  const { count } = await tx`
    INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct,
      entry_open, open_return_pct, first_hit, first_hit_after, realised_label)
    SELECT d.id, d.exit_ts, d.entry_close, d.exit_close, d.realised_return_pct, d.entry_open, d.open_return_pct,
      d.first_hit, d.first_hit_after, l.label
    FROM due d
    LEFT JOIN jsonb_to_recordset(${tx.json(labels as never)}) AS l(
      instrument_id uuid, model_version_id uuid, as_of timestamptz, horizon_days int, label text
    ) USING (instrument_id, model_version_id, as_of, horizon_days)
    WHERE NOT d.is_scored
    ON CONFLICT DO NOTHING`;
  return count;
}
