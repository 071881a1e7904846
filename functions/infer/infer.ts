import { MARKET_INPUTS, RANKED_INPUTS } from '../features/model-inputs.ts';
import type { InferResult, RunReference } from '../shared/contracts.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { toDay } from '../shared/days.ts';
import { ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import {
  clearFailures,
  type Failure,
  judgeLedger,
  recordFailures,
  recordUnloaded,
} from '../shared/ledger.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { UNIVERSE_TOO_SMALL } from '../shared/run-verdict.ts';
import { type Candidate, type Inputs, objection, readInputs, runCandidates } from './candidates.ts';
import { type DayRows, readDayRows, valuesOf } from './day-rows.ts';
import { DayScores, type Prediction } from './day-scores.ts';
import { loadModel } from './load-model.ts';
import { baseRatesOf } from './manifest.ts';
import type { Model } from './model.ts';
import { contributionsByName, type Predictions, writePredictions } from './predictions.ts';
import { type PublishedUniverse, publishedUniverse } from './published-universe.ts';
import { analyseAfterBackfill } from './statistics.ts';
import {
  type DayValues,
  rankInUniverse,
  readDayValues,
  readUniverse,
  readWeek,
  storeUniverse,
  type Week,
} from './universe.ts';

interface ActiveModel {
  id: string;
  version: string;
  model_path: string;
}

/** The active model, loaded. */
interface Serving {
  active: ActiveModel;
  model: Model;
}

/** A candidate with its last row of inputs. */
interface Row {
  candidate: Candidate;
  input: Inputs;
}

/** A row with its prediction, and the stocks that it is compared with. */
interface Predicted extends Row {
  scores: DayScores;
  prediction: Prediction;
  universe: PublishedUniverse;
}

/**
 * Predicts every instrument of a run that has all of the model's inputs on a bar near the as-of, and writes the
 * predictions for Publish. It compares an instrument with all stocks of its bar's day or, if most of them have no bar
 * yet, with the stored universe of an earlier day (docs/adr/0043). It stores the universe of each day that it scores.
 * Every other instrument is recorded as a failure with its reason.
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
  const serving = { active, model: await loadModel(active, stores.models) };
  const { manifest } = serving.model;
  await recordUnloaded(sql, run.runId);
  const candidates = await runCandidates(sql, run);
  const { rows, unusable, week, days } = await readRun(sql, run, candidates, serving);
  const scored = new Map<number, ScoredDay>();
  for (const day of days) scored.set(day.time, await scoreDay(serving.model, day));
  await sql.begin(async (tx) => {
    for (const { day, scores } of scored.values())
      await storeUniverse(tx, { ...day, scores, stocks: day.ids.length, modelVersionId: active.id });
  });
  const predicted: Predicted[] = [];
  for (const [time, ofDay] of Map.groupBy(rows, ({ input }) => input.ts.getTime()))
    predicted.push(...(await predict(sql, ofDay, week.universeOf(time), scored, serving)));
  const sound = new Map(predicted.map((row) => [row.candidate.id, row]));
  const withheld = rows.filter(({ candidate }) => !sound.has(candidate.id)).map((row) => tooSmall(row, week));
  const failures = [...unusable, ...withheld];
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
  const predictions: Predictions = {
    modelVersionId: active.id,
    modelVersion: active.version,
    releaseSha256: serving.model.sha256,
    horizonDays: manifest.horizonDays,
    baseRates: baseRatesOf(manifest),
    universes: [...new Map(predicted.map(({ universe }) => [universe.sha256, universe])).values()],
    instruments: rows.flatMap(({ candidate }) => {
      const row = sound.get(candidate.id);
      return row ? [toPrediction(row, manifest.features)] : [];
    }),
  };
  const key = await writePredictions(stores.raw, run.runId, predictions);
  return {
    ...run,
    modelVersion: active.version,
    scores: key,
    instruments: predicted.length,
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

/** A day's universe: the stocks that have all inputs, with the values of these inputs, and the values to store. */
interface Day extends DayRows, DayValues {
  time: number;
}

/** Reads the usable rows of a run's candidates, and the days whose universes they need and no run has stored. */
async function readRun(
  sql: Sql,
  { asOf }: RunReference,
  candidates: Candidate[],
  { active, model }: Serving,
): Promise<{ rows: Row[]; unusable: Failure[]; week: Week; days: Day[] }> {
  const { features } = model.manifest;
  // One snapshot, so that every predicted instrument is among the stocks of its day.
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const inputs = await readInputs(tx, asOf);
    const rows: Row[] = [];
    const unusable: Failure[] = [];
    for (const candidate of candidates.filter(({ failed }) => !failed)) {
      const input = inputs.get(candidate.id);
      const problem = objection(candidate, input, features, asOf);
      if (problem) unusable.push({ symbol: candidate.symbol, step: 'infer', ...problem });
      else if (input) rows.push({ candidate, input });
    }
    const week = await readWeek(tx, { asOf, modelVersionId: active.id, features });
    const missing = new Set<number>();
    for (const { input } of rows) {
      const universe = week.universeOf(input.ts.getTime());
      if (universe && !universe.isStored) missing.add(universe.time);
    }
    const days: Day[] = [];
    for (const time of missing) days.push(await readDay(tx, time, features));
    return { rows, unusable, week, days };
  });
}

async function readDay(tx: Transaction, time: number, features: string[]): Promise<Day> {
  return { time, ...(await readDayRows(tx, time, features)), ...(await readDayValues(tx, time)) };
}

interface ScoredDay {
  day: Day;
  scores: DayScores;
  universe: PublishedUniverse;
  /** By instrument. */
  predictions: Map<string, Prediction>;
}

async function scoreDay(model: Model, day: Day): Promise<ScoredDay> {
  const { day: scores, predictions } = await DayScores.of(model, day.rows);
  return {
    day,
    scores,
    universe: publishedUniverse({ day: toDay(day.time), stocks: day.ids.length }, scores),
    predictions: new Map(day.ids.map((id, i) => [id, defined(predictions[i], 'prediction of a stock')])),
  };
}

/**
 * Predicts the rows of a day among the stocks of a universe.
 *
 * @returns nothing if there is no universe
 */
async function predict(
  sql: Sql,
  rows: Row[],
  universe: ReturnType<Week['universeOf']>,
  scored: Map<number, ScoredDay>,
  serving: Serving,
): Promise<Predicted[]> {
  const [first] = rows;
  if (!universe || !first) return [];
  const own = first.input.ts.getTime() === universe.time ? scored.get(universe.time) : undefined;
  if (!own) return predictAlone(sql, rows, universe.time, serving);
  return rows.map((row) => ({
    ...row,
    scores: own.scores,
    prediction: defined(own.predictions.get(row.candidate.id), `prediction of ${row.candidate.symbol}`),
    universe: own.universe,
  }));
}

/** Predicts the rows of a day, each alone, among the stocks of a stored universe. */
async function predictAlone(
  sql: Sql,
  rows: Row[],
  time: number,
  { active, model }: Serving,
): Promise<Predicted[]> {
  const { features } = model.manifest;
  const found = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const universe = await readUniverse(tx, { time, modelVersionId: active.id });
    const day = defined(rows[0], 'row of the day').input.ts.getTime();
    const ids = rows.map(({ candidate }) => candidate.id);
    return universe && { universe, ranks: await rankInUniverse(tx, { ids, time: day, universe: time }) };
  });
  // A run of another model has replaced it meanwhile.
  if (!found) return [];
  const { stocks, fit, market } = found.universe;
  const scores = new DayScores(model, fit, found.universe.scores);
  const universe = publishedUniverse({ day: toDay(time), stocks }, scores);
  const compared = rows.map(({ candidate, input }) => {
    const ranks = found.ranks.get(candidate.id);
    return { candidate, input: { ...input, ...WITHOUT_RANKS, ...market, ...ranks } };
  });
  const predictions = await scores.predict(compared.map(({ input }) => valuesOf(input, features)));
  return compared.map((row, i) => ({
    ...row,
    scores,
    prediction: defined(predictions[i], 'prediction of a row'),
    universe,
  }));
}

/** The inputs that depend on the other stocks of a day, without values. */
const WITHOUT_RANKS = Object.fromEntries(
  [...RANKED_INPUTS.keys(), ...Object.keys(MARKET_INPUTS)].map((name) => [name, null]),
);

function tooSmall({ candidate, input }: Row, week: Week): Failure {
  const stocks = week.stocksOf(input.ts.getTime());
  return {
    symbol: candidate.symbol,
    step: 'infer',
    reason: UNIVERSE_TOO_SMALL,
    message:
      `only ${stocks} ${stocks === 1 ? 'stock has' : 'stocks have'} all inputs on ${toDay(input.ts)}, and ${week.least} are needed to ` +
      'compare it with: with a vendor, add a reference (--reference basket); with a file, put at least 50 stocks in it',
  };
}

/** A prediction as Publish needs it. */
function toPrediction(
  { candidate, input, scores, prediction, universe }: Predicted,
  features: string[],
): Predictions['instruments'][number] {
  return {
    instrumentId: candidate.id,
    symbol: candidate.symbol,
    currency: candidate.currency,
    asOf: input.ts.toISOString(),
    universe: { day: universe.day, stocks: universe.stocks, sha256: universe.sha256 },
    ...prediction,
    contributions: contributionsByName(features, scores.explain(valuesOf(input, features))),
    inputs: numbersOf(input),
  };
}

function numbersOf(input: Inputs): Record<string, number> {
  return Object.fromEntries(
    Object.entries(input).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}
