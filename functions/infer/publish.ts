import { PROFILES } from '../shared/constants.ts';
import type { InferResult, PublishResult } from '../shared/contracts.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { justify } from './justification.ts';
import type { Predictions } from './predictions.ts';
import { decide, PROFILE_RULES } from './profiles.ts';

/** A recommendation as it is written. */
export interface NewRecommendation {
  instrument_id: string;
  profile: string;
  label: string;
  confidence: number;
  expected_return_pct: number;
  horizon_days: number;
  stop_loss: number;
  take_profit: number;
  justification: string;
  features_snapshot: Record<string, number>;
  explanation: Record<string, unknown>;
  as_of: string;
}

/** Turns scores into recommendations: every scored instrument under every profile. */
export function recommend(scores: Predictions): NewRecommendation[] {
  return scores.instruments.flatMap((score) => {
    const outlook = {
      probabilities: score.probabilities,
      baseRates: scores.baseRates,
      expectedReturnPct: score.expectedReturn * 100,
      averageReturnPct: score.baseReturn * 100,
      volatility: score.inputs.vol_20d ?? Number.NaN,
      close: score.inputs.close_price ?? Number.NaN,
      atr: score.inputs.atr_14 ?? Number.NaN,
    };
    return PROFILES.map((profile) => {
      const call = decide(outlook, PROFILE_RULES[profile]);
      const { contributions, inputs: features } = score;
      const [sell, hold, buy] = score.probabilities;
      return {
        instrument_id: score.instrumentId,
        profile,
        label: call.label,
        confidence: call.confidence,
        expected_return_pct: outlook.expectedReturnPct,
        horizon_days: scores.horizonDays,
        stop_loss: call.stopLoss,
        take_profit: call.takeProfit,
        justification: justify({ call, outlook, horizonDays: scores.horizonDays, features, contributions }),
        features_snapshot: features,
        explanation: {
          probabilities: { SELL: sell, HOLD: hold, BUY: buy },
          base_return: score.baseReturn,
          contributions,
        },
        as_of: score.asOf,
      };
    });
  });
}

/**
 * Publishes a run's recommendations in one transaction: readers see the old set or the new one, never half.
 *
 * A recommendation that is active already with the same content is left alone, so publishing again changes
 * nothing. One that is older than the active one goes straight to history: a run as of an earlier day never
 * takes a newer call away. Recommendations of instruments no longer active are archived, and no new ones are
 * given to an instrument deactivated since it was scored.
 *
 * @param now - the run's clock, written as generated_at
 */
export async function publishRun(
  run: InferResult,
  scores: Predictions,
  sql: Sql,
  now: Date,
): Promise<PublishResult> {
  const recommendations = recommend(scores);
  const counts = await sql.begin(async (tx) => {
    // Two runs that publish at once take turns.
    await tx`SELECT pg_advisory_xact_lock(hashtext('publish'))`;
    await stage(tx, recommendations);
    await dropUnchanged(tx, scores.modelVersionId);
    const archived = await archive(tx);
    const inserted = await insert(tx, run.runId, scores.modelVersionId, now);
    await tx`UPDATE pipeline_runs SET recommendations = recommendations + ${inserted.all} WHERE id = ${run.runId}`;
    return { activated: inserted.activated, archived };
  });
  return { runId: run.runId, asOf: run.asOf, modelVersion: run.modelVersion, ...counts };
}

async function stage(tx: Transaction, recommendations: NewRecommendation[]): Promise<void> {
  await tx`
    CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
    SELECT r.*, EXISTS (
      SELECT 1 FROM recommendations newer
      WHERE newer.instrument_id = r.instrument_id AND newer.profile = r.profile AND newer.is_active AND newer.as_of > r.as_of
    ) AS is_history
    FROM jsonb_to_recordset(${tx.json(recommendations as never)}) AS r(
      instrument_id uuid, profile text, label text, confidence float8, expected_return_pct float8, horizon_days int,
      stop_loss float8, take_profit float8, justification text, features_snapshot jsonb, explanation jsonb,
      as_of timestamptz)
    JOIN instruments i ON i.id = r.instrument_id AND i.is_active`;
}

/** Leaves alone what stands already, be it active or, for a run as of an earlier day, in the history. */
async function dropUnchanged(tx: Transaction, modelVersionId: string): Promise<void> {
  await tx`
    DELETE FROM incoming n USING recommendations r
    WHERE r.instrument_id = n.instrument_id AND r.profile = n.profile AND r.as_of = n.as_of
      AND r.model_version_id = ${modelVersionId} AND (r.is_active OR n.is_history)
      AND (r.label, r.confidence, r.expected_return_pct, r.horizon_days, r.stop_loss, r.take_profit, r.justification,
           r.features_snapshot, r.explanation)
        = (n.label, n.confidence, n.expected_return_pct, n.horizon_days, n.stop_loss, n.take_profit, n.justification,
           n.features_snapshot, n.explanation)`;
}

async function archive(tx: Transaction): Promise<number> {
  const archived = await tx`
    UPDATE recommendations r SET is_active = false, archived_at = now()
    WHERE r.is_active AND (
      EXISTS (SELECT 1 FROM incoming n WHERE n.instrument_id = r.instrument_id AND n.profile = r.profile AND NOT n.is_history)
      OR NOT (SELECT i.is_active FROM instruments i WHERE i.id = r.instrument_id))`;
  return archived.count;
}

async function insert(
  tx: Transaction,
  runId: string,
  modelVersionId: string,
  now: Date,
): Promise<{ all: number; activated: number }> {
  const rows = await tx<{ is_active: boolean }[]>`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, generated_at, is_active,
      as_of, run_id, archived_at)
    SELECT instrument_id, ${modelVersionId}, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, ${now}, NOT is_history,
      as_of, ${runId}, CASE WHEN is_history THEN now() END
    FROM incoming
    RETURNING is_active`;
  return { all: rows.length, activated: rows.filter(({ is_active }) => is_active).length };
}
