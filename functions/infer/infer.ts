import { LEAST_HISTORY_BARS } from '../features/definitions.ts';
import { inputValue } from '../features/model-inputs.ts';
import { LABELS } from '../shared/constants.ts';
import type { InferResult, RunReference } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import { ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import {
  clearFailures,
  type Failure,
  isCovered,
  judgeLedger,
  recordFailures,
  recordUnloaded,
} from '../shared/ledger.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { isRecommended } from '../shared/recommended.ts';
import { readRelease } from './manifest.ts';
import { Model } from './model.ts';
import { type Predictions, writePredictions } from './predictions.ts';
import { analyseAfterBackfill } from './statistics.ts';

/** Largest age of an instrument's last bar in calendar days before the as-of: a long weekend and a holiday. */
const STALE_AFTER_DAYS = 7;

interface ActiveModel {
  id: string;
  version: string;
  model_path: string;
}

interface Candidate {
  id: string;
  symbol: string;
  currency: string | null;
  last_day: string | null;
  bars: number;
  failed: boolean;
  /** Whether Features still has to compute features of its bars. */
  is_outdated: boolean;
}

type Inputs = { instrument_id: string; ts: Date } & Record<string, unknown>;

const loaded = new Map<string, Promise<Model>>();

/**
 * Predicts every instrument of a run that has all of the model's inputs on a bar near the as-of, and writes the
 * predictions for Publish. Every other instrument is recorded as a failure with its reason.
 *
 * @throws ModelError if no model is active, or its release is damaged
 * @throws SystematicFaultError if a systematic fault stops the run; nothing has been published then
 */
export async function inferRun(
  run: RunReference,
  sql: Sql,
  stores: { raw: ObjectStore; models: ObjectStore },
): Promise<InferResult> {
  await analyseAfterBackfill(sql, run.runId);
  const active = await activeModel(sql);
  const model = await loadModel(active, stores.models);
  await recordUnloaded(sql, run.runId);
  const candidates = await runCandidates(sql, run);
  const inputs = await readInputs(sql, run.asOf);
  const failures: Failure[] = [];
  const rows: { candidate: Candidate; input: Inputs; values: number[] }[] = [];
  for (const candidate of candidates.filter(({ failed }) => !failed)) {
    const input = inputs.get(candidate.id);
    const problem = objection(candidate, input, model, run.asOf);
    if (problem) failures.push({ symbol: candidate.symbol, step: 'infer', ...problem });
    else if (input) rows.push({ candidate, input, values: valuesOf(input, model.manifest.features) });
  }
  await sql.begin(async (tx) => {
    await clearFailures(
      tx,
      run.runId,
      'infer',
      candidates.map(({ symbol }) => symbol),
    );
    await recordFailures(tx, run.runId, failures);
    await tx`UPDATE pipeline_runs SET model_version_id = ${active.id} WHERE id = ${run.runId}`;
  });
  await judgeLedger(sql, run.runId);
  const predicted = await model.predict(rows.map(({ values }) => values));
  const predictions: Predictions = {
    modelVersionId: active.id,
    modelVersion: active.version,
    horizonDays: model.manifest.horizonDays,
    baseRates: LABELS.map((label) => model.manifest.baseRates[label]) as [number, number, number],
    instruments: rows.map(({ candidate, input }, i) => {
      const { contributions, ...outcome } = defined(predicted[i], `prediction of ${candidate.symbol}`);
      return {
        instrumentId: candidate.id,
        symbol: candidate.symbol,
        currency: candidate.currency,
        asOf: input.ts.toISOString(),
        ...outcome,
        contributions: Object.fromEntries(
          model.manifest.features.map((name, f) => [
            name,
            Number(defined(contributions[f], `contribution of ${name}`).toPrecision(7)),
          ]),
        ),
        inputs: numbersOf(input),
      };
    }),
  };
  const key = await writePredictions(stores.raw, run.runId, predictions);
  return {
    ...run,
    modelVersion: active.version,
    scores: key,
    instruments: rows.length,
    failed: failures.length,
  };
}

async function activeModel(sql: Sql): Promise<ActiveModel> {
  const [active] = await sql<
    ActiveModel[]
  >`SELECT id, version, model_path FROM model_versions WHERE is_active`;
  if (!active) throw new ModelError('no model is active; register and promote a release first');
  return active;
}

/** Keeps the last used model in memory for the next run of a warm container. */
function loadModel(active: ActiveModel, objects: ObjectStore): Promise<Model> {
  let model = loaded.get(active.id);
  if (!model) {
    model = readRelease(objects, active.model_path).then((release) => Model.load(release));
    model.catch(() => loaded.delete(active.id));
    loaded.clear();
    loaded.set(active.id, model);
  }
  return model;
}

/** Reads the run's instruments that get recommendations, with the facts that explain a missing prediction. */
async function runCandidates(sql: Sql, run: RunReference): Promise<Candidate[]> {
  return sql<Candidate[]>`
    SELECT i.id, i.symbol, i.currency, to_char(bars.last_ts, 'YYYY-MM-DD') AS last_day, bars.n AS bars,
      EXISTS (SELECT 1 FROM pipeline_failures f WHERE f.run_id = run.id AND f.symbol = i.symbol AND f.step <> 'infer') AS failed,
      EXISTS (SELECT 1 FROM feature_backlog k WHERE k.instrument_id = i.id AND k.dirty_from < ${addDays(run.asOf, 1)}::timestamptz) AS is_outdated
    FROM pipeline_runs run
    JOIN instruments i ON ${isRecommended(sql)} AND ${isCovered(sql)}
    CROSS JOIN LATERAL (
      SELECT max(recent.ts) AS last_ts, count(*)::int AS n FROM (
        SELECT ts FROM price_bars b
        WHERE b.instrument_id = i.id AND b.interval = 'daily' AND b.ts <= ${run.asOf}::timestamptz
        ORDER BY ts DESC LIMIT ${LEAST_HISTORY_BARS}
      ) recent
    ) bars
    WHERE run.id = ${run.runId}
    ORDER BY i.symbol`;
}

/** Reads each instrument's last row of model inputs that is not stale. */
async function readInputs(sql: Sql, asOf: string): Promise<Map<string, Inputs>> {
  const rows = await sql<Inputs[]>`
    SELECT DISTINCT ON (instrument_id) * FROM model_inputs
    WHERE ts >= ${oldestDay(asOf)}::timestamptz AND ts <= ${asOf}::timestamptz
    ORDER BY instrument_id, ts DESC`;
  return new Map(rows.map((row) => [row.instrument_id, row]));
}

/** The first day that is not stale. */
function oldestDay(asOf: string): string {
  return addDays(asOf, -STALE_AFTER_DAYS);
}

function objection(
  candidate: Candidate,
  input: Inputs | undefined,
  model: Model,
  asOf: string,
): { reason: string; message: string } | undefined {
  if (!candidate.last_day) return { reason: 'no_bars', message: `no bars up to ${asOf}` };
  if (candidate.last_day < oldestDay(asOf)) {
    return {
      reason: 'stale',
      message: `the last bar is from ${candidate.last_day}, more than ${STALE_AFTER_DAYS} days before ${asOf}`,
    };
  }
  if (candidate.bars < LEAST_HISTORY_BARS) {
    return {
      reason: 'insufficient_history',
      message: `${candidate.bars} bars, ${LEAST_HISTORY_BARS} needed`,
    };
  }
  if (candidate.is_outdated) {
    return { reason: 'outdated_features', message: 'the features of its latest bars are not computed' };
  }
  if (!input) return { reason: 'incomplete_features', message: `no features since ${oldestDay(asOf)}` };
  const missing = model.manifest.features.filter((name) => Number.isNaN(inputValue(name, input)));
  if (missing.length === 0) return undefined;
  return { reason: 'incomplete_features', message: `has no value for ${missing.join(', ')}` };
}

function valuesOf(input: Inputs, features: string[]): number[] {
  return features.map((name) => inputValue(name, input));
}

function numbersOf(input: Inputs): Record<string, number> {
  return Object.fromEntries(
    Object.entries(input).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
