import { fetchBatch } from '../functions/ingest/fetch.ts';
import { registerInstruments } from '../functions/ingest/instruments.ts';
import { loadBatch } from '../functions/ingest/load/load.ts';
import type { Listing, Provider } from '../functions/ingest/providers/provider.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES, MAX_CONCURRENT_BATCHES } from '../functions/shared/constants.ts';
import type { Batch, PlanResult } from '../functions/shared/contracts.ts';
import { connect, type Sql } from '../functions/shared/database.ts';
import type { ObjectStore } from '../functions/shared/object-store.ts';
import { openInstallation, withLogin } from '../local/installation/installation.ts';

/** A migrated database with registered instruments. */
export interface Store {
  sql: Sql;
  /** Closes the connections, and stops the server if this store started it. */
  close(): Promise<void>;
}

/** Opens a store in a data folder; the first one starts the server. */
export async function openStore(dataDir: string, database: string, listings: Listing[]): Promise<Store> {
  const installation = await openInstallation({ dataDir, database });
  await withLogin(installation, 'migrator', migrate);
  const sql = connect(installation.login(DATABASE_ROLES.pipeline), { max: MAX_CONCURRENT_BATCHES });
  await registerInstruments(sql, listings);
  const close = async () => {
    await sql.end();
    await installation.close();
  };
  return { sql, close };
}

/** Runs the Fetch step on all batches. @returns seconds */
export function fetchBatches(plan: PlanResult, provider: Provider, objects: ObjectStore): Promise<number> {
  return timed(() => concurrently(plan.batches, (batch) => fetchBatch(batch, provider, objects)));
}

/** Runs the Load step on all batches. @returns seconds */
export function loadBatches(
  plan: PlanResult,
  sql: Sql,
  objects: ObjectStore,
  concurrency: number = MAX_CONCURRENT_BATCHES,
): Promise<number> {
  return timed(() => concurrently(plan.batches, (batch) => loadBatch(batch, sql, objects), concurrency));
}

/** @returns seconds that the work takes, rounded to milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began) / 1000;
}

/** Works on the batches with the concurrency of the state machine's map. */
async function concurrently(
  batches: readonly Batch[],
  work: (batch: Batch) => Promise<unknown>,
  concurrency: number = MAX_CONCURRENT_BATCHES,
): Promise<void> {
  const queue = batches.values();
  const worker = async () => {
    for (const batch of queue) await work(batch);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}
