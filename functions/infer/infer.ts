import { LEAST_HISTORY_BARS } from '../features/definitions.ts';
import { inputValue, MONEY_RANKS, NEUTRALITY } from '../features/model-inputs.ts';
import { LABELS } from '../shared/constants.ts';
import type { InferResult, RunReference } from '../shared/contracts.ts';
import type { Sql, Transaction } from '../shared/database.ts';
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
import { DayScores, type Prediction } from './day-scores.ts';
import { readFiles, SERVING_FILES } from './manifest.ts';
import { Model } from './model.ts';
import { type Predictions, writePredictions } from './predictions.ts';
import { CALL_INPUTS } from './profiles.ts';
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
 * Predicts every instrument of a run that has all of the model's inputs on a bar near the as-of, among all stocks of
 * that bar's day, and writes the predictions for Publish. Every other instrument is recorded as a failure with its
 * reason.
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
  const failures: Failure[] = [];
  const rows: { candidate: Candidate; input: Inputs }[] = [];
  // One snapshot, so that every predicted instrument is among the stocks of its day.
  const days = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const inputs = await readInputs(tx, run.asOf);
    for (const candidate of candidates.filter(({ failed }) => !failed)) {
      const input = inputs.get(candidate.id);
      const problem = objection(candidate, input, model, run.asOf);
      if (problem) failures.push({ symbol: candidate.symbol, step: 'infer', ...problem });
      else if (input) rows.push({ candidate, input });
    }
    return readDays(tx, [...new Set(rows.map(({ input }) => input.ts.getTime()))], model);
  });
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
  const scored = new Map<number, ScoredDay>();
  for (const [time, day] of days) scored.set(time, await scoreDay(model, day));
  const predictions: Predictions = {
    modelVersionId: active.id,
    modelVersion: active.version,
    horizonDays: model.manifest.horizonDays,
    baseRates: LABELS.map((label) => model.manifest.baseRates[label]) as [number, number, number],
    instruments: rows.map(({ candidate, input }) => {
      const { day, predictions } = defined(scored.get(input.ts.getTime()), 'scores of a day');
      const { contributions, neutral } = day.explain(valuesOf(input, model.manifest.features));
      const named = model.manifest.features.map((name, f): [string, number] => [
        name,
        defined(contributions[f], `contribution of ${name}`),
      ]);
      return {
        instrumentId: candidate.id,
        symbol: candidate.symbol,
        currency: candidate.currency,
        asOf: input.ts.toISOString(),
        ...defined(predictions.get(candidate.id), `prediction of ${candidate.symbol}`),
        contributions: Object.fromEntries(
          [...named, [NEUTRALITY, neutral] as const].map(([name, value]) => [
            name,
            Number(value.toPrecision(7)),
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
    model = readFiles(objects, active.model_path, SERVING_FILES).then((release) => Model.load(release));
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
async function readInputs(tx: Transaction, asOf: string): Promise<Map<string, Inputs>> {
  const rows = await tx<Inputs[]>`
    SELECT DISTINCT ON (instrument_id) * FROM model_inputs
    WHERE ts >= ${oldestDay(asOf)}::timestamptz AND ts <= ${asOf}::timestamptz
    ORDER BY instrument_id, ts DESC`;
  return new Map(rows.map((row) => [row.instrument_id, row]));
}

/** The stocks of a day that have all inputs, with the values of their inputs. */
type Day = { ids: string[]; values: number[][] };

interface ScoredDay {
  day: DayScores;
  /** By instrument. */
  predictions: Map<string, Prediction>;
}

/** Reads all stocks of some days, also those that get no recommendations. */
async function readDays(tx: Transaction, times: number[], model: Model): Promise<Map<number, Day>> {
  const { features } = model.manifest;
  // An amount of money is needed besides its rank; see inputValue.
  const columns = new Set(
    features.flatMap((name) => (MONEY_RANKS.has(name) ? [name, name.replace(/_rank$/, '')] : [name])),
  );
  const days = new Map<number, Day>();
  for (const time of times) {
    const rows = await tx<Inputs[]>`
      SELECT instrument_id, ${tx([...columns])} FROM model_inputs WHERE ts = ${new Date(time)} ORDER BY instrument_id`;
    const stocks = rows
      .map((row) => ({ id: row.instrument_id, values: valuesOf(row, features) }))
      .filter(({ values }) => values.every(Number.isFinite));
    days.set(time, { ids: stocks.map(({ id }) => id), values: stocks.map(({ values }) => values) });
  }
  return days;
}

async function scoreDay(model: Model, { ids, values }: Day): Promise<ScoredDay> {
  const { day, predictions } = await DayScores.of(model, values);
  return {
    day,
    predictions: new Map(ids.map((id, i) => [id, defined(predictions[i], 'prediction of a stock')])),
  };
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
  const needed = new Set([...model.manifest.features, ...CALL_INPUTS]);
  const missing = [...needed].filter((name) => Number.isNaN(inputValue(name, input)));
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
