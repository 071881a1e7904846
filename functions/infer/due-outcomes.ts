import { PRICE_NOISE } from '../shared/constants.ts';
import type { Transaction } from '../shared/database.ts';

/**
 * Computes the outcomes of the calls that have none and of those that `outcome_backlog` marks, from bars up to an as-of,
 * into the temporary table `due`.
 *
 * All prices are in the units of the published close. basis_factor converts the bars, so that a later split or dividend
 * changes no outcome. A call from before closes were kept is in the units of today's bars. The units of its stop and
 * target are then unknown, and so is `first_hit`.
 */
export async function stageDueOutcomes(tx: Transaction, asOf: string): Promise<void> {
  // Evaluated once per instrument and publication, although each profile has a call.
  await tx`
    CREATE TEMPORARY TABLE due ON COMMIT DROP AS
    WITH last_bar AS MATERIALIZED (
      SELECT u.instrument_id, last.ts FROM (SELECT DISTINCT instrument_id FROM unscored_recommendations) u
      CROSS JOIN LATERAL (
        SELECT b.ts FROM price_bars b
        WHERE b.instrument_id = u.instrument_id AND b.interval = 'daily' AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts DESC LIMIT 1
      ) last
    ), candidate AS MATERIALIZED (
      -- There is at most one session a day, so that most calls need no look at their bars.
      SELECT u.recommendation_id AS id, u.instrument_id, u.as_of, u.horizon_days, false AS is_scored
      FROM unscored_recommendations u JOIN last_bar l ON l.instrument_id = u.instrument_id
      WHERE u.as_of + u.horizon_days * interval '1 day' <= l.ts
      UNION ALL
      SELECT r.id, r.instrument_id, r.as_of, r.horizon_days, true FROM outcome_backlog k
      JOIN recommendations r ON r.instrument_id = k.instrument_id
      JOIN recommendation_outcomes o ON o.recommendation_id = r.id
      LEFT JOIN LATERAL (
        SELECT exit_ts FROM outcome_revisions WHERE recommendation_id = r.id ORDER BY revision DESC LIMIT 1
      ) newest ON true
      WHERE coalesce(newest.exit_ts, o.exit_ts) >= k.changed_from
    ), span AS MATERIALIZED (
      SELECT s.*, exit.ts AS exit_ts, exit.c AS exit_close
      FROM (SELECT DISTINCT instrument_id, as_of, horizon_days FROM candidate) s
      CROSS JOIN LATERAL (
        SELECT b.ts, b.c FROM price_bars b
        WHERE b.instrument_id = s.instrument_id AND b.interval = 'daily' AND b.ts > s.as_of
          AND b.ts <= ${asOf}::timestamptz
        ORDER BY b.ts OFFSET s.horizon_days - 1 LIMIT 1
      ) exit
    ), call AS MATERIALIZED (
      SELECT r.id, c.is_scored, r.instrument_id, r.as_of, r.horizon_days, r.model_version_id, r.generated_at, r.close,
        CASE r.label WHEN 'SELL' THEN -1 ELSE 1 END AS direction, r.stop_loss, r.take_profit, s.exit_ts, s.exit_close
      FROM candidate c JOIN span s USING (instrument_id, as_of, horizon_days) JOIN recommendations r ON r.id = c.id
    ), basis AS MATERIALIZED (
      SELECT p.*, CASE WHEN p.close IS NULL THEN 1
        ELSE basis_factor(p.instrument_id, p.as_of, p.generated_at, p.close) END AS factor
      FROM (SELECT DISTINCT instrument_id, as_of, generated_at, close FROM call) p
    ), priced AS MATERIALIZED (
      SELECT c.*, b.factor, coalesce(c.close, entry.c) AS entry_close
      FROM call c
      JOIN basis b ON (b.instrument_id, b.as_of, b.generated_at) = (c.instrument_id, c.as_of, c.generated_at)
        AND b.close IS NOT DISTINCT FROM c.close AND b.factor IS NOT NULL
      LEFT JOIN price_bars entry ON c.close IS NULL AND entry.instrument_id = c.instrument_id AND entry.ts = c.as_of
        AND entry.interval = 'daily'
    )
    SELECT p.id, p.is_scored, p.instrument_id, p.as_of, p.horizon_days, p.model_version_id, p.exit_ts, p.entry_close,
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
    CROSS JOIN LATERAL (
      SELECT (array_agg(s.o ORDER BY s.n))[1] AS open,
        min(s.n) FILTER (WHERE p.direction * (s.worst / p.factor - p.stop_loss) <= ${PRICE_NOISE} * p.stop_loss)
          ::int AS stop_after,
        min(s.n) FILTER (WHERE p.direction * (p.take_profit - s.best / p.factor) <= ${PRICE_NOISE} * p.take_profit)
          ::int AS target_after
      FROM (
        SELECT b.o, CASE p.direction WHEN 1 THEN b.l ELSE b.h END AS worst,
          CASE p.direction WHEN 1 THEN b.h ELSE b.l END AS best, row_number() OVER (ORDER BY b.ts) AS n
        FROM price_bars b
        WHERE b.instrument_id = p.instrument_id AND b.interval = 'daily' AND b.ts > p.as_of AND b.ts <= p.exit_ts
      ) s
    ) path
    WHERE p.entry_close IS NOT NULL`;
  await tx`ANALYZE due`;
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
    CROSS JOIN LATERAL (
      SELECT 0 AS revision, exit_ts, realised_return_pct, open_return_pct, first_hit, first_hit_after
      FROM recommendation_outcomes WHERE recommendation_id = d.id
      UNION ALL
      SELECT revision, exit_ts, realised_return_pct, open_return_pct, first_hit, first_hit_after
      FROM outcome_revisions WHERE recommendation_id = d.id
      ORDER BY revision DESC LIMIT 1
    ) known
    WHERE d.is_scored AND (
      known.exit_ts <> d.exit_ts
      OR ${differs('d.realised_return_pct', 'known.realised_return_pct')}
      OR ${differs('d.open_return_pct', 'known.open_return_pct')}
      OR (known.first_hit IS NOT NULL
        AND (known.first_hit, known.first_hit_after) IS DISTINCT FROM (d.first_hit, d.first_hit_after)))`;
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
