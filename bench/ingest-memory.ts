import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { planRun } from '../functions/ingest/plan/plan.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { removeDataFolder } from '../local/installation/scratch-installation.ts';
import { peakMb } from '../test/support/peak-memory.ts';
import { fetchBatches, loadBatches, openStore } from './ingest-steps.ts';
import { SIMULATED, simulatedListings } from './simulated-market.ts';

const AS_OF = '2025-12-31';
const FROM = '2025-01-01';

/** A tight heap: with a large one, V8 collects garbage late, which would hide what the work needs. */
const HEAP = '--max-old-space-size=64';

/** Ingests a year of simulated daily bars in a process of its own. @returns its peak resident memory in MB */
export async function peakMemory(instruments: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    HEAP,
    fileURLToPath(import.meta.url),
    String(instruments),
  ]);
  return Number(stdout);
}

async function ingest(instruments: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  const objects = openObjects(pathToFileURL(`${dataDir}/objects/`).href);
  try {
    const store = await openStore(dataDir, 'memory', simulatedListings(instruments));
    try {
      const plan = await planRun(
        { runId: 'memory', input: { mode: 'backfill', from: FROM, to: AS_OF } },
        store.sql,
        { provider: SIMULATED.name, now: new Date(`${AS_OF}T23:00:00Z`) },
      );
      await fetchBatches(plan, SIMULATED, objects);
      await loadBatches(plan, store.sql, objects);
    } finally {
      await store.close();
    }
  } finally {
    await removeDataFolder(dataDir);
  }
}

if (import.meta.main) {
  await ingest(Number(process.argv[2]));
  process.stdout.write(`${peakMb()}\n`);
}
