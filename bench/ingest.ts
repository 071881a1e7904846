import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fetchBatch } from '../functions/ingest/fetch.ts';
import { registerInstruments } from '../functions/ingest/instruments.ts';
import { loadBatch } from '../functions/ingest/load.ts';
import { planRun } from '../functions/ingest/plan.ts';
import { openCsvProvider } from '../functions/ingest/providers/csv/csv-provider.ts';
import type { FileProvider } from '../functions/ingest/providers/provider.ts';
import { readRaw } from '../functions/ingest/raw.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES, MAX_CONCURRENT_BATCHES } from '../functions/shared/constants.ts';
import type { Batch, PlanResult } from '../functions/shared/contracts.ts';
import { copyLines } from '../functions/shared/copy.ts';
import { connect, type Sql } from '../functions/shared/database.ts';
import { BadInputError } from '../functions/shared/errors.ts';
import { type ObjectStore, openObjects } from '../functions/shared/objects.ts';
import { type Installation, openInstallation, withLogin } from '../local/installation.ts';
import { PostgresCluster } from '../local/postgres-server.ts';

/** Eight years of 500 instruments; not part of the project. */
const BARS = fileURLToPath(new URL('../../shared/data/us-daily-2008-2015.csv.gz', import.meta.url));

/** A database of its own, migrated, with the instruments in it. */
interface Store {
  installation: Installation;
  sql: Sql;
}

/**
 * Times the first load of eight years of 500 instruments against a bare COPY of the same bars into the same table
 * definition, each in a fresh database of one server; then the same load again, and a daily run of what is stored.
 *
 * Load is what the state machine runs, as many batches at once: it reads the raw records, validates them, and writes
 * bars, marks and ledger. The COPY is one statement that has its lines ready.
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
  try {
    const loaded = await openStore(dataDir, 'loaded', provider);
    const copied = await openStore(dataDir, 'copied', provider);
    try {
      return await compare(loaded, copied, provider, objects);
    } finally {
      for (const store of [copied, loaded]) {
        await store.sql.end();
        await store.installation.close();
      }
    }
  } finally {
    await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function compare(loaded: Store, copied: Store, provider: FileProvider, objects: ObjectStore) {
  const asOf = provider.lastDay();
  const plan = (mode: 'backfill' | 'daily') =>
    planRun({ runId: `bench-${mode}`, input: { mode, to: asOf } }, loaded.sql, {
      provider: 'csv',
      now: new Date(`${asOf}T23:00:00Z`),
    });
  const backfill = await plan('backfill');
  const fetch = await fetching(backfill, provider, objects);
  const lines = await linesOf(backfill.batches, copied.sql, objects);
  await copied.sql`SELECT ensure_partitions('daily', ${backfill.batches[0]?.from ?? asOf}::date, ${asOf}::date)`;
  const copy = await timed(() =>
    copied.sql.begin((tx) => copyLines(tx, 'price_bars (instrument_id, ts, o, h, l, c, v, interval)', lines)),
  );
  const load = await loading(backfill, loaded.sql, objects);
  const again = await loading(backfill, loaded.sql, objects);
  const daily = await timed(async () => {
    const planned = await plan('daily');
    await fetching(planned, provider, objects);
    await loading(planned, loaded.sql, objects);
  });
  return {
    ratio: load / copy,
    againRatio: again / load,
    bars: lines.length,
    copySeconds: copy,
    loadSeconds: load,
    againSeconds: again,
    fetchSeconds: fetch,
    dailySeconds: daily,
  };
}

async function openStore(dataDir: string, database: string, provider: FileProvider): Promise<Store> {
  const installation = await openInstallation({ dataDir, database });
  await withLogin(installation, 'migrator', migrate);
  const sql = connect(installation.login(DATABASE_ROLES.pipeline), { max: MAX_CONCURRENT_BATCHES });
  await registerInstruments(sql, provider.listings());
  return { installation, sql };
}

function fetching({ batches }: PlanResult, provider: FileProvider, objects: ObjectStore): Promise<number> {
  return timed(() => someAtOnce(batches, (batch) => fetchBatch(batch, provider, objects)));
}

function loading({ batches }: PlanResult, sql: Sql, objects: ObjectStore): Promise<number> {
  return timed(() => someAtOnce(batches, (batch) => loadBatch(batch, sql, objects)));
}

/** As the state machine's map does it. */
async function someAtOnce(
  batches: readonly Batch[],
  work: (batch: Batch) => Promise<unknown>,
): Promise<void> {
  const queue = batches.values();
  const worker = async () => {
    for (const batch of queue) await work(batch);
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENT_BATCHES }, worker));
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
        lines.push(
          `${ids.get(symbol)}\t${new Date(ts).toISOString().slice(0, 10)}\t${values.join('\t')}\tdaily`,
        );
      }
    }
  }
  return lines;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began) / 1000;
}
