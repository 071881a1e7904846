import type { Publication } from '../publications/canonical.ts';
import { nextPublication, seal } from '../publications/seal.ts';
import { PROFILES } from '../shared/constants.ts';
import type { InferResult, PublishResult } from '../shared/contracts.ts';
import { copyRows, type RowWriter } from '../shared/copy.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { defined } from '../shared/invariant.ts';
import { isCovered } from '../shared/ledger.ts';
import { isRecommended } from '../shared/recommended.ts';
import { justify } from './justification.ts';
import type { Predictions } from './predictions.ts';
import { type CALL_INPUTS, decide, PROFILE_RULES } from './profiles.ts';
import { keepUniverses } from './published-universe.ts';
import { noteActive, recordChanges } from './record-changes.ts';

/** A row of the table recommendations to insert. */
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
  /** The close of the as-of and atr_14 as the call saw them. */
  close: number;
  atr: number;
  /** Of the prices; null if unknown. */
  currency: string | null;
  as_of: string;
}

/** Makes a recommendation of every predicted instrument for every profile. */
export function* recommend({
  instruments,
  baseRates,
  horizonDays,
  releaseSha256: release,
}: Omit<Predictions, 'modelVersionId' | 'modelVersion'>): Generator<NewRecommendation> {
  for (const prediction of instruments) {
    const { probabilities, contributions, inputs: features } = prediction;
    const [sell, hold, buy] = probabilities;
    const input = (name: (typeof CALL_INPUTS)[number]) =>
      defined(features[name], `${name} of ${prediction.symbol}`);
    const outlook = {
      probabilities,
      baseRates,
      place: prediction.place,
      expectedExcessPct: prediction.expectedExcess * 100,
      volatility: input('vol_20d'),
      close: input('close_price'),
      atr: input('atr_14'),
    };
    for (const profile of PROFILES) {
      const call = decide(outlook, PROFILE_RULES[profile]);
      yield {
        instrument_id: prediction.instrumentId,
        profile,
        label: call.label,
        confidence: call.confidence,
        expected_return_pct: outlook.expectedExcessPct,
        horizon_days: horizonDays,
        stop_loss: call.stopLoss,
        take_profit: call.takeProfit,
        justification: justify({
          call,
          outlook,
          horizonDays,
          features,
          contributions,
          currency: prediction.currency ?? null,
        }),
        features_snapshot: features,
        explanation: {
          probabilities: { SELL: sell, HOLD: hold, BUY: buy },
          score: prediction.score,
          place: prediction.place,
          universe: prediction.universe,
          // The average stock's return above the average stock's.
          base_return: 0,
          contributions,
          ...(release !== undefined && { release }),
        },
        close: outlook.close,
        atr: outlook.atr,
        currency: prediction.currency ?? null,
        as_of: prediction.asOf,
      };
    }
  }
}

/**
 * Publishes a run's recommendations in one transaction, so that readers see the old set or the new one.
 *
 * - Publishing the same content again changes nothing.
 * - A run repeats no call of a day before its as-of: a day without a session, and a universe that became full later,
 *   make no second call (docs/adr/0054). A run as of the same day replaces a changed call.
 * - A recommendation older than the active one is inserted as history. A run as of an earlier day never replaces a
 *   newer call.
 * - An instrument of the run without a prediction keeps its active recommendation. It is marked as carried over if it
 *   is older than the newest prediction, or than the as-of if there is none, until a later run makes a call for the
 *   instrument.
 * - Recommendations of instruments that are inactive or for reference only are archived, and they get no new ones.
 *
 * The database dates the calls by its own clock, and derives their kind (docs/adr/0046). The inserted calls are one
 * publication of the chain (docs/adr/0048); a run that inserts none makes none. The transaction also stores what changed
 * (docs/adr/0060), and the alerts about it (docs/adr/0061).
 */
export async function publishRun(
  run: InferResult,
  predictions: Predictions,
  sql: Sql,
): Promise<PublishResult> {
  const counts = await sql.begin(async (tx) => {
    // Concurrent runs publish one after the other.
    await tx`SELECT pg_advisory_xact_lock(hashtext('publish'))`;
    await stage(tx, predictions);
    await markCarriedOver(tx, run.runId);
    await dropUnchanged(tx, predictions.modelVersionId);
    await dropRepeated(tx, run.asOf);
    await keepComparedWith(tx, predictions);
    await noteActive(tx);
    const archived = await archive(tx);
    const publication = await nextPublication(tx, run, predictions.releaseSha256 ?? null);
    const inserted = await insert(tx, publication, predictions.modelVersionId);
    if (inserted.all > 0) await seal(tx, publication);
    const changes = await recordChanges(tx, run, inserted.all > 0 ? publication.id : null);
    if (changes) await tx`SELECT enqueue_alerts(${changes.first}, ${changes.last})`;
    await tx`UPDATE pipeline_runs SET recommendations = recommendations + ${inserted.all} WHERE id = ${run.runId}`;
    return { activated: inserted.activated, archived };
  });
  return { runId: run.runId, asOf: run.asOf, modelVersion: run.modelVersion, ...counts };
}

/** The columns of staged recommendations and their types, in the order in which {@link writeStaged} writes them. */
const STAGED = {
  instrument_id: 'uuid',
  profile: 'text',
  label: 'text',
  confidence: 'float8',
  expected_return_pct: 'float8',
  horizon_days: 'int',
  stop_loss: 'float8',
  take_profit: 'float8',
  justification: 'text',
  features_snapshot: 'jsonb',
  explanation: 'jsonb',
  close: 'float8',
  atr: 'float8',
  currency: 'text',
  as_of: 'timestamptz',
};

/** Stages the recommendations one by one: those of ten thousand instruments are 100 MB. */
async function stage(tx: Transaction, predictions: Predictions): Promise<void> {
  const columns = Object.entries(STAGED).map(([name, type]) => `${name} ${type}`);
  await tx.unsafe(`CREATE TEMPORARY TABLE staged (${columns.join(', ')}) ON COMMIT DROP`);
  const names = Object.keys(STAGED);
  await copyRows(tx, `staged (${names.join(', ')})`, names.length, recommend(predictions), writeStaged);
  await tx`ANALYZE staged`;
  await tx`
    CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS
    SELECT r.*, EXISTS (
      SELECT 1 FROM recommendations newer
      WHERE newer.instrument_id = r.instrument_id AND newer.profile = r.profile AND newer.is_active AND newer.as_of > r.as_of
    ) AS is_history
    FROM staged r
    JOIN instruments i ON i.id = r.instrument_id AND ${isRecommended(tx)}`;
  await tx`ANALYZE incoming`;
}

function writeStaged(row: NewRecommendation, to: RowWriter): void {
  to.uuid(row.instrument_id);
  to.text(row.profile);
  to.text(row.label);
  to.double(row.confidence);
  to.double(row.expected_return_pct);
  to.integer(row.horizon_days);
  to.double(row.stop_loss);
  to.double(row.take_profit);
  to.text(row.justification);
  to.json(row.features_snapshot);
  to.json(row.explanation);
  to.double(row.close);
  to.double(row.atr);
  if (row.currency === null) to.null();
  else to.text(row.currency);
  to.instant(Date.parse(row.as_of));
}

/** Marks the active recommendations that this run cannot renew, and no longer marks those that it renews. */
async function markCarriedOver(tx: Transaction, runId: string): Promise<void> {
  await tx`
    WITH marks AS (
      SELECT r.id, n.instrument_id IS NULL AS is_carried_over
      FROM pipeline_runs run
      JOIN instruments i ON i.is_active AND ${isCovered(tx)}
      JOIN recommendations r ON r.instrument_id = i.id AND r.is_active
      LEFT JOIN incoming n ON n.instrument_id = r.instrument_id AND n.profile = r.profile
      WHERE run.id = ${runId} AND CASE WHEN n.instrument_id IS NULL
        THEN r.as_of < coalesce((SELECT max(as_of) FROM incoming), run.as_of) ELSE NOT n.is_history END
    )
    UPDATE recommendations r SET is_carried_over = marks.is_carried_over
    FROM marks WHERE marks.id = r.id AND r.is_carried_over <> marks.is_carried_over`;
}

/** Drops recommendations that are already stored: active ones or, for a run as of an earlier day, history. */
async function dropUnchanged(tx: Transaction, modelVersionId: string): Promise<void> {
  // Calls of earlier versions do not have the hashes of their release and universe.
  const withoutOrigin = tx`- 'release' #- '{universe,sha256}'`;
  await tx`
    DELETE FROM incoming n USING recommendations r
    WHERE r.instrument_id = n.instrument_id AND r.profile = n.profile AND r.as_of = n.as_of
      AND r.model_version_id = ${modelVersionId} AND (r.is_active OR n.is_history)
      AND (r.label, r.confidence, r.expected_return_pct, r.horizon_days, r.stop_loss, r.take_profit, r.justification,
           r.features_snapshot, r.explanation ${withoutOrigin})
        = (n.label, n.confidence, n.expected_return_pct, n.horizon_days, n.stop_loss, n.take_profit, n.justification,
           n.features_snapshot, n.explanation ${withoutOrigin})`;
}

/** Drops recommendations of days before a run's as-of that already have a call, of any model. */
async function dropRepeated(tx: Transaction, asOf: string): Promise<void> {
  await tx`
    DELETE FROM incoming n USING recommendations r
    WHERE n.as_of < ${asOf}::timestamptz
      AND r.instrument_id = n.instrument_id AND r.profile = n.profile AND r.as_of = n.as_of`;
}

/** Keeps the universes that the calls to insert name. */
async function keepComparedWith(tx: Transaction, { universes = [] }: Predictions): Promise<void> {
  const rows = await tx<{ sha256: string }[]>`
    SELECT DISTINCT explanation #>> '{universe,sha256}' AS sha256 FROM incoming`;
  const named = new Set(rows.map(({ sha256 }) => sha256));
  await keepUniverses(
    tx,
    universes.filter(({ sha256 }) => named.has(sha256)),
  );
}

async function archive(tx: Transaction): Promise<number> {
  const archived = await tx`
    UPDATE recommendations r SET is_active = false, archived_at = now()
    WHERE r.is_active AND (
      EXISTS (SELECT 1 FROM incoming n WHERE n.instrument_id = r.instrument_id AND n.profile = r.profile AND NOT n.is_history)
      OR NOT (SELECT ${isRecommended(tx)} FROM instruments i WHERE i.id = r.instrument_id))`;
  return archived.count;
}

async function insert(
  tx: Transaction,
  { id, runId }: Publication,
  modelVersionId: string,
): Promise<{ all: number; activated: number }> {
  const rows = await tx<{ is_active: boolean }[]>`
    INSERT INTO recommendations (instrument_id, model_version_id, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, close, atr, currency,
      is_active, as_of, run_id, publication_id, archived_at)
    SELECT instrument_id, ${modelVersionId}, profile, label, confidence, expected_return_pct,
      horizon_days, stop_loss, take_profit, justification, features_snapshot, explanation, close, atr, currency,
      NOT is_history,
      as_of, ${runId}, ${id}, CASE WHEN is_history THEN now() END
    FROM incoming
    RETURNING is_active`;
  return { all: rows.length, activated: rows.filter(({ is_active }) => is_active).length };
}
