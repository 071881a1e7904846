import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { planRun } from '../functions/ingest/plan/plan.ts';
import { openCsvProvider } from '../functions/ingest/providers/csv/csv-provider.ts';
import type { FileProvider } from '../functions/ingest/providers/provider.ts';
import { readRaw } from '../functions/ingest/raw.ts';
import type { Batch, PlanResult } from '../functions/shared/contracts.ts';
import { copyLines } from '../functions/shared/copy.ts';
import type { Sql } from '../functions/shared/database.ts';
import { toDay } from '../functions/shared/days.ts';
import { BadInputError } from '../functions/shared/errors.ts';
import { type ObjectStore, openObjects } from '../functions/shared/objects.ts';
import { peakMemory } from './ingest-memory.ts';
import { fetching, loading, openStore, removeServer, type Store, timed } from './ingest-steps.ts';

/** Eight years of 500 instruments; not part of the project. */
const BARS = fileURLToPath(new URL('../../shared/data/us-daily-2008-2015.csv.gz', import.meta.url));

/** Daily runs that settle what a provider is asked for again: a gap or a doubtful bar is, three times. */
const SETTLING_RUNS = 3;

/**
 * Times the first load of eight years of 500 instruments against a bare COPY of the same bars into the same table
 * definition, each in a fresh database of one server; then the same load again, and a daily run of what is stored.
 * Last the peak memory of a process that ingests a year of 500 and of 5,000 simulated instruments.
 *
 * Load is what the state machine runs, as many batches at once: it reads the raw records, validates them, and writes
 * bars, marks and ledger. The COPY is one statement on one connection that has its lines ready, so `ratio` is also
 * what working on several batches at once gains; `serialRatio` is one batch after another.
 *
 * @throws BadInputError if the bars are not there
 */
export async function benchIngest(): Promise<Record<string, number>> {
  const path = process.env.BARS_FILE ?? BARS;
  if (!existsSync(path))
    throw new BadInputError(`bench ingest: ${path} is not there: name one with BARS_FILE`);
  const provider = await openCsvProvider(path);
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  const objects = openObjects(pathToFileURL(`${dataDir}/objects/`).href);
  const stores: Store[] = [];
  const open = async (name: string) => {
    const store = await openStore(dataDir, name, provider.listings());
    stores.push(store);
    return store;
  };
  try {
    const figures = await compare(open, provider, objects);
    return { ...figures, ...(await memory()) };
  } finally {
    for (const store of stores.reverse()) await store.close();
    await removeServer(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(
  open: (name: string) => Promise<Store>,
  provider: FileProvider,
  objects: ObjectStore,
): Promise<Record<string, number>> {
  const loaded = await open('loaded');
  const backfill = await planOf(loaded, provider, 'backfill', 'backfill');
  const fetch = await fetching(backfill, provider, objects);
  const copied = await open('copied');
  const lines = await linesOf(backfill.batches, copied.sql, objects);
  const days = [backfill.batches[0]?.from ?? backfill.asOf, backfill.asOf] as const;
  await copied.sql`SELECT ensure_partitions('daily', ${days[0]}::date, ${days[1]}::date)`;
  const copy = await timed(() =>
    copied.sql.begin((tx) => copyLines(tx, 'price_bars (instrument_id, ts, o, h, l, c, v, interval)', lines)),
  );
  const load = await loading(backfill, loaded.sql, objects);
  const again = await loading(backfill, loaded.sql, objects);
  const daily = await dailyRuns(loaded, provider, objects);
  const serial = await open('serial');
  const inTurn = await planOf(serial, provider, 'backfill', 'backfill');
  const oneByOne = await loading(inTurn, serial.sql, objects, 1);
  return {
    ratio: load / copy,
    serialRatio: oneByOne / copy,
    againRatio: again / load,
    bars: lines.length,
    copySeconds: copy,
    loadSeconds: load,
    againSeconds: again,
    fetchSeconds: fetch,
    ...daily,
  };
}

/** The seconds of daily runs over what is stored: of the first, and of one when nothing is asked for again any more. */
async function dailyRuns(store: Store, provider: FileProvider, objects: ObjectStore) {
  const seconds: number[] = [];
  for (let run = 0; run <= SETTLING_RUNS; run++) {
    seconds.push(
      await timed(async () => {
        const plan = await planOf(store, provider, 'daily', `daily-${run}`);
        await fetching(plan, provider, objects);
        await loading(plan, store.sql, objects);
      }),
    );
  }
  return { firstDailySeconds: seconds[0] as number, dailySeconds: seconds.at(-1) as number };
}

async function memory(): Promise<Record<string, number>> {
  const few = await peakMemory(500);
  const many = await peakMemory(5000);
  return { peakMbOf500: few, peakMbOf5000: many, memoryRatio: many / few };
}

function planOf(
  { sql }: Store,
  provider: FileProvider,
  mode: 'backfill' | 'daily',
  runId: string,
): Promise<PlanResult> {
  const asOf = provider.lastDay();
  const context = { provider: provider.name, now: new Date(`${asOf}T23:00:00Z`) };
  return planRun({ runId, input: { mode, to: asOf } }, sql, context);
}

/** The same bars as lines of COPY's text. */
async function linesOf(batches: readonly Batch[], sql: Sql, objects: ObjectStore): Promise<string[]> {
  const rows = await sql<{ id: string; symbol: string }[]>`SELECT id, symbol FROM instruments`;
  const ids = new Map(rows.map(({ id, symbol }) => [symbol, id]));
  const lines: string[] = [];
  for (const batch of batches) {
    for (const symbol of batch.symbols) {
      const record = await readRaw(objects, batch, symbol);
      if (record?.status !== 'fetched') continue;
      for (const [ts, ...values] of record.bars) {
        const day = toDay(ts);
        lines.push(`${ids.get(symbol)}\t${day}\t${values.join('\t')}\tdaily`);
      }
    }
  }
  return lines;
}
