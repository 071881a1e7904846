import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { planRun } from '../functions/ingest/plan/plan.ts';
import { openCsvProvider } from '../functions/ingest/providers/csv/csv-provider.ts';
import type { FileProvider } from '../functions/ingest/providers/provider.ts';
import { separateBars } from '../functions/ingest/quality/bad-bars.ts';
import { readRaw } from '../functions/ingest/raw.ts';
import type { Batch, PlanResult } from '../functions/shared/contracts.ts';

import type { Sql } from '../functions/shared/database.ts';
import { toDay } from '../functions/shared/days.ts';
import { defined } from '../functions/shared/invariant.ts';
import type { ObjectStore } from '../functions/shared/object-store.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { removeDataFolder } from '../local/installation/scratch-installation.ts';
import { copyText } from './copy-text.ts';
import { peakMemory } from './ingest-memory.ts';
import { fetchBatches, loadBatches, openStore, type Store, timed } from './ingest-steps.ts';

/** Daily runs after which no gap and no quarantined bar is requested again: each is, three times. */
const SETTLING_RUNS = 3;

/**
 * Compares the first load of a bars file with a bare COPY of the same bars into the same table definition, each in a
 * fresh database of one server. Then times the same load again and daily runs, and measures the peak memory of a
 * process that ingests a year of 500 and of 5,000 simulated instruments.
 *
 * Load is the state machine's step with its concurrency: it reads the raw records, validates them, and writes bars,
 * backlog and ledger. The COPY is one statement on one connection with its lines in memory. `ratio` therefore includes
 * the gain from concurrent batches; `serialRatio` is without it.
 *
 * @param barsFile - path of the bars, as for `npm start -- --provider csv`
 * @throws BadInputError if the bars file is missing or malformed
 */
export async function benchIngest(barsFile: string): Promise<Record<string, number>> {
  const provider = await openCsvProvider(barsFile);
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  const objects = openObjects(pathToFileURL(`${dataDir}/objects/`).href);
  // The server stops after each, so that none begins with the unwritten pages of another.
  const inStore: InStore = async (name, work) => {
    const store = await openStore(dataDir, name, provider.listings());
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  };
  try {
    const figures = await compare(inStore, provider, objects);
    return { ...figures, ...(await memory()) };
  } finally {
    await removeDataFolder(dataDir);
  }
}

/** Works with the database of a name, which may exist. */
type InStore = <T>(name: string, work: (store: Store) => Promise<T>) => Promise<T>;

async function compare(
  inStore: InStore,
  provider: FileProvider,
  objects: ObjectStore,
): Promise<Record<string, number>> {
  const { backfill, fetch } = await inStore('loaded', async (store) => {
    const plan = await planOf(store, provider, 'backfill', 'backfill');
    return { backfill: plan, fetch: await fetchBatches(plan, provider, objects) };
  });
  const copied = await inStore('copied', async ({ sql }) => {
    const lines = await linesOf(backfill.batches, sql, objects);
    const days = [backfill.batches[0]?.from ?? backfill.asOf, backfill.asOf] as const;
    await sql`SELECT ensure_partitions('daily', ${days[0]}::date, ${days[1]}::date)`;
    const seconds = await timed(() =>
      sql.begin((tx) => copyText(tx, 'price_bars (instrument_id, ts, o, h, l, c, v, interval)', lines)),
    );
    return { seconds, bars: lines.length };
  });
  const loaded = await inStore('loaded', async (store) => ({
    load: await loadBatches(backfill, store.sql, objects),
    again: await loadBatches(backfill, store.sql, objects),
    daily: await dailyRuns(store, provider, objects),
  }));
  const serialSeconds = await inStore('serial', async (store) =>
    loadBatches(await planOf(store, provider, 'backfill', 'backfill'), store.sql, objects, 1),
  );
  return {
    ratio: loaded.load / copied.seconds,
    serialRatio: serialSeconds / copied.seconds,
    againRatio: loaded.again / loaded.load,
    bars: copied.bars,
    copySeconds: copied.seconds,
    loadSeconds: loaded.load,
    againSeconds: loaded.again,
    fetchSeconds: fetch,
    ...loaded.daily,
  };
}

/** Seconds of the first daily run after the load, and of one that re-requests nothing. */
async function dailyRuns(store: Store, provider: FileProvider, objects: ObjectStore) {
  const seconds: number[] = [];
  for (let run = 0; run <= SETTLING_RUNS; run++) {
    seconds.push(
      await timed(async () => {
        const plan = await planOf(store, provider, 'daily', `daily-${run}`);
        await fetchBatches(plan, provider, objects);
        await loadBatches(plan, store.sql, objects);
      }),
    );
  }
  return {
    firstDailySeconds: defined(seconds[0], 'first daily run'),
    dailySeconds: defined(seconds.at(-1), 'last daily run'),
  };
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

/** The same bars as lines in COPY's text format. */
async function linesOf(batches: readonly Batch[], sql: Sql, objects: ObjectStore): Promise<string[]> {
  const rows = await sql<{ id: string; symbol: string }[]>`SELECT id, symbol FROM instruments`;
  const ids = new Map(rows.map(({ id, symbol }) => [symbol, id]));
  const lines: string[] = [];
  for (const batch of batches) {
    for (const symbol of batch.symbols) {
      const record = await readRaw(objects, batch, symbol);
      if (record?.status !== 'fetched') continue;
      // Load keeps bad bars in quarantine, and the table refuses them.
      for (const [ts, ...values] of separateBars(record.bars).bars) {
        const day = toDay(ts);
        lines.push(`${ids.get(symbol)}\t${day}\t${values.join('\t')}\tdaily`);
      }
    }
  }
  return lines;
}
