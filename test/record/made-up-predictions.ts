import * as z from 'zod';
import { type Predictions, writePredictions } from '../../functions/infer/predictions.ts';
import { ENV } from '../../functions/shared/constants.ts';
import { type InferResult, RunReference } from '../../functions/shared/contracts.ts';
import { reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import { readEnvironment } from '../../functions/shared/environment.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { judgeLedger, recordUnloaded } from '../../functions/shared/ledger.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { pipelineDatabase } from '../../functions/shared/pipeline-context.ts';
import { isRecommended } from '../../functions/shared/recommended.ts';
import { hash, random } from '../market/random.ts';

export const HORIZON_DAYS = 20;
/** The run of a day whose as-of is earlier makes other predictions, so that they are calls of their own. */
export const BACKDATED = 'backdated';

const Environment = z.object({ [ENV.rawObjectsUrl]: z.string() });

/**
 * Takes the place of Infer: predictions that depend on the symbol and the day only, so that a repeated run makes the
 * same ones. It judges the run as Infer does.
 */
export async function madeUpPredictions(event: unknown): Promise<InferResult> {
  const run = RunReference.parse(event);
  return reachingDatabase(async () => predictRun(run, await pipelineDatabase()));
}

async function predictRun(run: RunReference, sql: Sql): Promise<InferResult> {
  await recordUnloaded(sql, run.runId);
  await judgeLedger(sql, run.runId);
  const [model] = await sql<{ id: string; version: string }[]>`
    SELECT id, version FROM model_versions WHERE is_active`;
  const { id, version } = defined(model, 'model');
  await sql`UPDATE pipeline_runs SET model_version_id = ${id} WHERE id = ${run.runId}`;
  const instruments = await predict(sql, run);
  const predictions = { modelVersionId: id, modelVersion: version, horizonDays: HORIZON_DAYS, instruments };
  const store = openObjects(readEnvironment(Environment).RAW_OBJECTS_URL);
  const scores = await writePredictions(store, run.runId, { ...predictions, baseRates: [0.3, 0.4, 0.3] });
  return { ...run, modelVersion: version, scores, instruments: instruments.length, failed: 0 };
}

interface Row {
  id: string;
  symbol: string;
  currency: string | null;
  close: number;
  ret_1d: number;
  ret_5d: number;
  ret_20d: number;
}

async function predict(sql: Sql, { runId, asOf }: RunReference): Promise<Predictions['instruments']> {
  const rows = await sql<Row[]>`
    SELECT i.id, i.symbol, i.currency, b.c AS close, f.ret_1d, f.ret_5d, f.ret_20d
    FROM instruments i JOIN price_bars b ON b.instrument_id = i.id AND b.interval = 'daily'
    JOIN features f ON f.instrument_id = i.id AND f.ts = b.ts
    WHERE ${isRecommended(sql)} AND b.ts = ${asOf}::timestamptz ORDER BY i.symbol`;
  return rows.map(({ id, symbol, currency, close, ...returns }) => {
    const source = random(hash(symbol, asOf, runId.startsWith(BACKDATED) ? BACKDATED : ''));
    // Two thirds of the stocks are among the best or the worst tenth, so that all labels are frequent.
    const place = source.pick([0.01, 0.03, 0.08, 0.3, 0.5, 0.7, 0.92, 0.97, 0.99]);
    return {
      instrumentId: id,
      symbol,
      currency,
      asOf: `${asOf}T00:00:00.000Z`,
      universe: { day: asOf, stocks: rows.length },
      score: 0.5 - place,
      place,
      probabilities: [0.3, 0.4, 0.3],
      expectedExcess: (0.5 - place) / 10,
      contributions: {},
      inputs: {
        ...returns,
        vol_20d: source.between(0.1, 0.7),
        close_price: close,
        atr_14: close * source.between(0.01, 0.03),
      },
    };
  });
}
