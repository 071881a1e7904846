import { join } from 'node:path';
import { fetchBatch } from '../functions/ingest/fetch.ts';
import { registerInstruments } from '../functions/ingest/instruments.ts';
import { loadBatch } from '../functions/ingest/load/load.ts';
import type { Listing, Provider } from '../functions/ingest/providers/provider.ts';
import { migrate } from '../functions/migration/migrate.ts';
import { DATABASE_ROLES, MAX_CONCURRENT_BATCHES } from '../functions/shared/constants.ts';
import type { Batch, PlanResult } from '../functions/shared/contracts.ts';
import { connect, type Sql } from '../functions/shared/database.ts';
import type { ObjectStore } from '../functions/shared/objects.ts';
import { openInstallation, withLogin } from '../local/installation/installation.ts';
import { PostgresCluster } from '../local/installation/postgres-server.ts';

/** A database of its own, migrated, with the instruments in it. */
export interface Store {
  sql: Sql;
  /** Ends its connections, and the server where no other database of it is in use. */
  close(): Promise<void>;
}

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

/** Removes the server that the stores of a folder were in. */
export async function removeServer(dataDir: string): Promise<void> {
  await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
}

/** The seconds that the Fetch step takes for all batches. */
export function fetching(plan: PlanResult, provider: Provider, objects: ObjectStore): Promise<number> {
  return timed(() => someAtOnce(plan.batches, (batch) => fetchBatch(batch, provider, objects)));
}

/** The seconds that the Load step takes for all batches. */
export function loading(
  plan: PlanResult,
  sql: Sql,
  objects: ObjectStore,
  atOnce: number = MAX_CONCURRENT_BATCHES,
): Promise<number> {
  return timed(() => someAtOnce(plan.batches, (batch) => loadBatch(batch, sql, objects), atOnce));
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began) / 1000;
}

/** As the state machine's map does it. */
async function someAtOnce(
  batches: readonly Batch[],
  work: (batch: Batch) => Promise<unknown>,
  atOnce: number = MAX_CONCURRENT_BATCHES,
): Promise<void> {
  const queue = batches.values();
  const worker = async () => {
    for (const batch of queue) await work(batch);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
