import type { Predictions } from '../functions/infer/predictions.ts';
import { publishRun } from '../functions/infer/publish.ts';
import { connect, type Sql } from '../functions/shared/database.ts';
import { defined } from '../functions/shared/invariant.ts';
import { Progress } from '../local/terminal/progress.ts';
import { activeIds, logIn, OTHER_CORE, SERVER_CORE, SIZES } from './api.ts';
import type { Load, LoadFigures } from './api-load.ts';
import { makeWorld, type World } from './api-world.ts';
import { pinSelf, runBenchProgram, type Server, startServer } from './processes.ts';
import { median, rounded } from './quantile.ts';

const REQUESTS_PER_SECOND = 100;
const SECONDS_BETWEEN_RUNS = 10;
/** Instruments of each published run. */
const INSTRUMENTS = 500;
/** Share of the samples at each end of the soak that make the memory at its start and its end. */
const END_SHARE = 0.2;

/** How long the soak lasts by default, in seconds. The server fills its heap for the first three minutes. */
export const SOAK_SECONDS = 600;

/**
 * Sends a new server 100 requests a second for lists and recommendations, while the real Publish step publishes a run
 * every ten seconds.
 *
 * @returns the server's resident memory at the start and the end; its growth per minute; the latency; numbers of requests and publications
 */
export async function benchSoak(seconds: number): Promise<Record<string, number>> {
  const progress = new Progress();
  pinSelf(OTHER_CORE);
  const world = await makeWorld(SIZES, progress);
  const { environment } = world;
  const server = await startServer('api-server.ts', { core: SERVER_CORE, environment });
  try {
    return await soak(world, server, seconds, progress);
  } finally {
    await server.stop();
    await world.remove();
  }
}

async function soak(
  world: World,
  server: Server,
  seconds: number,
  progress: Progress,
): Promise<Record<string, number>> {
  const ids = await activeIds(world);
  const load: Load = {
    url: server.url,
    headers: { authorization: `Bearer ${await logIn(server.url)}` },
    paths: ids.flatMap((id) => ['/v1/recommendations', `/v1/recommendations/${id}`]),
    connections: 8,
    seconds,
    perSecond: REQUESTS_PER_SECOND,
  };
  const sql = connect(world.pipelineLogin);
  const loaded = runBenchProgram<LoadFigures>('api-load.ts', [JSON.stringify(load)], OTHER_CORE);
  const samples: { minute: number; mb: number }[] = [];
  let publications = 0;
  try {
    const predictions = await predictionsOf(sql);
    const began = performance.now();
    let ended = false;
    void loaded.finally(() => {
      ended = true;
    });
    while (!ended) {
      const elapsed = (performance.now() - began) / 1000;
      progress.update(`Soaking: ${Math.round(elapsed)} of ${seconds} seconds…`);
      const bytes = server.memory();
      if (bytes !== undefined) samples.push({ minute: elapsed / 60, mb: bytes / 1e6 });
      if (elapsed >= publications * SECONDS_BETWEEN_RUNS) await publish(sql, ++publications, predictions);
      await new Promise((done) => setTimeout(done, 500));
    }
  } finally {
    await sql.end();
  }
  const { p99, requests } = await loaded;
  const few = Math.max(1, Math.round(samples.length * END_SHARE));
  const mb = samples.map((sample) => sample.mb);
  return {
    mbPerMinute: rounded(growth(samples)),
    startMb: rounded(median(mb.slice(0, few))),
    endMb: rounded(median(mb.slice(-few))),
    p99: rounded(p99),
    requests,
    publications,
  };
}

/**
 * The growth of what remains after garbage collection, in megabytes per minute: from the lowest memory of the middle third
 * to that of the last third. The first third warms up.
 */
function growth(samples: readonly { minute: number; mb: number }[]): number {
  const third = Math.floor(samples.length / 3);
  const lowest = (from: number) => Math.min(...samples.slice(from, from + third).map(({ mb }) => mb));
  const minutes = ((samples.at(-1)?.minute ?? Number.NaN) - (samples[0]?.minute ?? Number.NaN)) / 3;
  return (lowest(2 * third) - lowest(third)) / minutes;
}

/** Predictions for some instruments; {@link publish} changes them from run to run. */
async function predictionsOf(sql: Sql): Promise<Predictions> {
  const instruments = await sql<{ id: string; symbol: string }[]>`
    SELECT id, symbol FROM instruments ORDER BY symbol LIMIT ${INSTRUMENTS}`;
  const [model] = await sql<{ id: string; version: string }[]>`
    SELECT id, version FROM model_versions WHERE is_active`;
  const { id, version } = defined(model, 'active model');
  return {
    modelVersionId: id,
    modelVersion: version,
    horizonDays: 20,
    baseRates: [0.3, 0.4, 0.3],
    instruments: instruments.map((instrument) => ({
      instrumentId: instrument.id,
      symbol: instrument.symbol,
      asOf: '2026-03-02T00:00:00.000Z',
      universe: { day: '2026-03-02', stocks: INSTRUMENTS },
      probabilities: [0.25, 0.4, 0.35],
      score: 2.1,
      place: 0.01,
      expectedExcess: 0.02,
      contributions: { mom_12_1_rank: 0.001 },
      inputs: { vol_20d: 0.3, close_price: 100, atr_14: 2, mom_12_1_rank: 0.4 },
    })),
  };
}

async function publish(sql: Sql, number: number, predictions: Predictions): Promise<void> {
  const runId = `soak-${number}`;
  const [asOf, now] = ['2026-03-02', new Date('2026-03-02T23:00:00Z')];
  await sql`
    INSERT INTO pipeline_runs (id, status, mode, input, as_of, instruments, started_at)
    VALUES (${runId}, 'running', 'daily', '{}', ${asOf}, ${predictions.instruments.length}, ${now})`;
  // A run replaces what differs from the run before it.
  const buy = 0.3 + (number % 10) / 100;
  const changed: Predictions = {
    ...predictions,
    instruments: predictions.instruments.map((one) => ({ ...one, probabilities: [0.65 - buy, 0.35, buy] })),
  };
  const run = {
    runId,
    asOf,
    modelVersion: predictions.modelVersion,
    scores: runId,
    instruments: predictions.instruments.length,
    failed: 0,
  };
  const { activated } = await publishRun(run, changed, sql);
  if (activated === 0) throw new Error(`${runId} published nothing`);
}
