import { MAX_DATA_AGE_DAYS } from '../shared/constants.ts';
import type { RunReference } from '../shared/contracts.ts';
import type { Transaction } from '../shared/database.ts';
import { isCovered } from '../shared/ledger.ts';
import { isRecommended } from '../shared/recommended.ts';
import { reaches } from './levels.ts';

/** The ids of the rows that a run added to `call_changes`. Those of no other run lie between them. */
export interface AddedChanges {
  first: string;
  last: string;
}

/** Notes the active calls in the temporary table `active_before`, before the run archives any. */
export async function noteActive(tx: Transaction): Promise<void> {
  await tx`
    CREATE TEMPORARY TABLE active_before ON COMMIT DROP AS
    SELECT id, instrument_id, profile, label, kind, as_of, horizon_days, close, stop_loss, take_profit
    FROM recommendations WHERE is_active`;
  await tx`ANALYZE active_before`;
}

/**
 * Adds what a run changed to `call_changes`, after it archived and inserted calls ({@link noteActive} comes first).
 *
 * - Only live calls count, and those of the sample. History has no changes.
 * - It reads bars up to the as-of, so that later bars change nothing of what was stored.
 * - A unique row per call and kind makes a repeated run add nothing.
 *
 * @param publication - the id of the run's publication; null if it inserted no calls
 * @returns undefined if nothing changed
 */
export async function recordChanges(
  tx: Transaction,
  run: RunReference,
  publication: number | null,
): Promise<AddedChanges | undefined> {
  const [added] = await tx<{ first: string | null; last: string | null }[]>`
    WITH run AS (
      SELECT id, input, ${run.asOf}::timestamptz AS as_of FROM pipeline_runs WHERE id = ${run.runId}
    ), changes AS (
      ${newCalls(tx, publication)} UNION ALL ${reachedLevels(tx)} UNION ALL ${withheldCalls(tx)}
    ), added AS (
      INSERT INTO call_changes
        (instrument_id, profile, kind, from_label, to_label, recommendation_id, previous_id, publication_id, as_of, detail)
      SELECT c.instrument_id, c.profile, c.kind, c.from_label, c.to_label, c.recommendation_id, c.previous_id,
        ${publication}, c.as_of, c.detail
      FROM changes c JOIN instruments i ON i.id = c.instrument_id
      -- Lists show the newest id first.
      ORDER BY array_position(ARRAY['new', 'withheld', 'back', 'target', 'stop', 'label'], c.kind), i.symbol DESC, c.profile DESC
      ON CONFLICT DO NOTHING
      RETURNING id
    )
    SELECT min(id) AS first, max(id) AS last FROM added`;
  const { first = null, last = null } = added ?? {};
  return first === null || last === null ? undefined : { first, last };
}

/** The kinds of calls that make changes (docs/adr/0060). */
const isShown = (tx: Transaction) => tx`r.kind IN ('live', 'sample')`;

/**
 * `label`, `new` and `back`: the calls that the run made active, compared with those that they follow. Subqueries with
 * OFFSET and LIMIT keep to indexes: a scan of all calls grows with the years.
 */
function newCalls(tx: Transaction, publication: number | null) {
  return tx`
    SELECT r.instrument_id, r.profile, verdict.kind, coalesce(b.label, left_off.label) AS from_label, r.label AS to_label,
      r.id AS recommendation_id, coalesce(b.id, left_off.id) AS previous_id, r.as_of, '{}'::jsonb AS detail
    FROM (
      SELECT id, instrument_id, profile, label, kind, as_of FROM recommendations
      WHERE publication_id = ${publication} AND is_active OFFSET 0
    ) r
    LEFT JOIN active_before b ON b.instrument_id = r.instrument_id AND b.profile = r.profile
    LEFT JOIN LATERAL (
      SELECT e.id, e.label FROM recommendations e
      WHERE b.id IS NULL AND e.instrument_id = r.instrument_id AND e.profile = r.profile
        -- A call of an earlier day is archived when it is inserted: it was never the active one.
        AND e.archived_at <> e.generated_at
      ORDER BY e.generated_at DESC LIMIT 1
    ) left_off ON true
    CROSS JOIN LATERAL (
      SELECT CASE
        WHEN left_off.id IS NOT NULL OR EXISTS (
          SELECT FROM call_changes w WHERE w.recommendation_id = b.id AND w.kind = 'withheld'
        ) THEN 'back'
        WHEN b.id IS NULL THEN 'new'
        WHEN b.label <> r.label THEN 'label'
      END AS kind
    ) verdict
    WHERE ${isShown(tx)} AND verdict.kind IS NOT NULL`;
}

/** `stop` and `target`: the first bar within the horizon that reached a level of a BUY or SELL, by the rule of the record. */
function reachedLevels(tx: Transaction) {
  return tx`
    SELECT r.instrument_id, r.profile, hit.level, r.label, NULL, r.id, NULL, hit.ts,
      jsonb_build_object('level', CASE hit.level WHEN 'stop' THEN r.stop_loss ELSE r.take_profit END,
        'price', CASE WHEN (hit.level = 'stop') = (r.label = 'SELL') THEN hit.h ELSE hit.l END / p.factor)
    FROM run
    CROSS JOIN active_before r
    CROSS JOIN LATERAL (
      -- If the bar of the day is as published, so are its units. Otherwise the function reads twenty bars.
      SELECT CASE WHEN EXISTS (
          SELECT FROM price_bars own
          WHERE own.instrument_id = r.instrument_id AND own.interval = 'daily' AND own.ts = r.as_of AND own.c = r.close
        ) THEN 1
        ELSE (
          SELECT basis_factor(e.instrument_id, e.as_of, e.generated_at, e.close, e.features_snapshot)
          FROM recommendations e WHERE e.id = r.id LIMIT 1
        ) END AS factor
      OFFSET 0
    ) p
    CROSS JOIN LATERAL (
      SELECT s.ts, s.h, s.l, CASE WHEN ${reaches(tx, 'stop')} THEN 'stop' ELSE 'target' END AS level
      FROM (
        SELECT a.ts, a.h, a.l FROM price_bars a
        WHERE a.instrument_id = r.instrument_id AND a.interval = 'daily' AND a.ts > r.as_of AND a.ts <= run.as_of
        ORDER BY a.ts LIMIT r.horizon_days
      ) s
      WHERE ${reaches(tx, 'stop')} OR ${reaches(tx, 'target')}
      ORDER BY s.ts LIMIT 1
    ) hit
    WHERE r.label <> 'HOLD' AND r.close IS NOT NULL AND ${isShown(tx)}`;
}

/** `withheld`: calls that the run could not renew and that are too old, and those of stocks that get no calls any more. */
function withheldCalls(tx: Transaction) {
  return tx`
    SELECT r.instrument_id, r.profile, 'withheld', r.label, NULL, r.id, NULL, run.as_of,
      jsonb_build_object('reason', CASE WHEN ${isRecommended(tx)} THEN 'too_old' ELSE 'not_covered' END)
    FROM run
    CROSS JOIN active_before r
    JOIN instruments i ON i.id = r.instrument_id
    WHERE ${isShown(tx)} AND CASE WHEN ${isRecommended(tx)}
      THEN ${isCovered(tx)} AND r.as_of < run.as_of - ${MAX_DATA_AGE_DAYS} * interval '1 day'
        AND (SELECT e.is_active FROM recommendations e WHERE e.id = r.id LIMIT 1)
      ELSE true END`;
}
