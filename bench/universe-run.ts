/** Simulates a universe in a process of its own, and prints a {@link UniverseRun} as JSON. Arguments: its size and years. */
import { fetchBatch } from '../functions/ingest/fetch.ts';
import { DAILY_HISTORY_YEARS, ENV } from '../functions/shared/constants.ts';
import { Batch, type PipelineInput, parse } from '../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../functions/shared/database.ts';
import { addDays } from '../functions/shared/days.ts';
import { defined } from '../functions/shared/invariant.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { prepareRun } from '../local/installation/prepare-run.ts';
import { BUNDLED_RELEASE, installRelease } from '../local/installation/release-folder.ts';
import { openScratchInstallation } from '../local/installation/scratch-installation.ts';
import { runPipeline } from '../local/pipeline/run-pipeline.ts';
import { Progress } from '../local/terminal/progress.ts';
import { peakMb } from '../test/support/peak-memory.ts';
import { serverProcessorTime } from './processes.ts';
import { SIMULATED, simulatedListings } from './simulated-market.ts';

/** The last day of the backfill, and the two trading days after it. */
const LAST_DAY = '2025-12-29';
const NEXT_DAYS = ['2025-12-30', '2025-12-31'] as const;

/** A measured run. Processor time includes that of the database. */
interface Measured {
  seconds: number;
  processorSeconds: number;
  steps: Record<string, number>;
}

/** What a universe took. Peaks are of this process without the database, in MB. */
export interface UniverseRun {
  backfill: Measured;
  /** The second daily run, which replaces the calls of the first. */
  daily: Measured;
  backfillPeakMb: number;
  peakMb: number;
  /** Bytes of the database. */
  bytes: number;
}

async function simulate(instruments: number, years: number): Promise<UniverseRun> {
  const installation = await openScratchInstallation('boursomatic-universe-', 'universe');
  const progress = new Progress();
  try {
    const listings = simulatedListings(instruments);
    const source = {
      listings,
      reference: undefined,
      benchmark: 'none',
      asOf: undefined,
      notice: undefined,
      changedAt: undefined,
      data: 'real' as const,
      report: [],
      database: 'universe',
    };
    const sql = await prepareRun(installation, source, progress);
    process.env[ENV.provider] = SIMULATED.name;
    await installRelease(installation, BUNDLED_RELEASE);
    const run = (input: Partial<PipelineInput>, day: string) => measure(sql, input, day, progress);
    const backfill = await run(
      { mode: 'backfill', from: addDays(LAST_DAY, -Math.round(years * 365.25)), to: LAST_DAY },
      LAST_DAY,
    );
    const backfillPeakMb = peakMb();
    // Plan requests a history again that is shorter than eight years.
    const input = years < DAILY_HISTORY_YEARS ? { from: addDays(LAST_DAY, -7) } : {};
    await run(input, NEXT_DAYS[0]);
    const daily = await run(input, NEXT_DAYS[1]);
    return { backfill, daily, backfillPeakMb, peakMb: peakMb(), bytes: await storedBytes(sql) };
  } finally {
    await closeDatabases();
    await installation.close();
  }
}

/** Runs the pipeline as of a day. */
async function measure(
  sql: Sql,
  input: Partial<PipelineInput>,
  day: string,
  progress: Progress,
): Promise<Measured> {
  process.env[ENV.clock] = `${day}T23:59:59.000Z`;
  const before = { own: process.cpuUsage(), server: await serverProcessorTime(sql), at: performance.now() };
  const { seconds: steps } = await runPipeline(input, progress, `universe-${day}`, { Fetch: fetchSimulated });
  const { user, system } = process.cpuUsage(before.own);
  const server = (await serverProcessorTime(sql)) - before.server;
  return {
    seconds: rounded((performance.now() - before.at) / 1000),
    processorSeconds: rounded((user + system) / 1e6 + server / 1000),
    steps,
  };
}

function fetchSimulated(event: unknown): Promise<unknown> {
  const objects = openObjects(defined(process.env[ENV.rawObjectsUrl], ENV.rawObjectsUrl));
  return fetchBatch(parse('batch', Batch, event), SIMULATED, objects);
}

async function storedBytes(sql: Sql): Promise<number> {
  const [row] = await sql<[{ bytes: number }]>`SELECT pg_database_size(current_database())::float8 AS bytes`;
  return row.bytes;
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

if (import.meta.main)
  process.stdout.write(
    `${JSON.stringify(await simulate(Number(process.argv[2]), Number(process.argv[3])))}\n`,
  );
