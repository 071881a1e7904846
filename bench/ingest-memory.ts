import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { planRun } from '../functions/ingest/plan/plan.ts';
import type { Bar, Provider } from '../functions/ingest/providers/provider.ts';
import { DAY_MS } from '../functions/shared/days.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { removeDataFolder } from '../local/installation/scratch-installation.ts';
import { fetchBatches, loadBatches, openStore } from './ingest-steps.ts';

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

/** Generates an instrument's bars on request, so that memory holds only those of running requests. */
const simulated: Provider = {
  name: 'sample',
  concurrency: 4,
  fetchBars: async ({ symbol, from, to }) => ({ bars: [...walk(symbol, from, to)], actions: [] }),
};

function* walk(symbol: string, from: string, to: string): Generator<Bar> {
  let state = [...symbol].reduce(
    (sum, char) => Math.imul(sum ^ char.charCodeAt(0), 16_777_619),
    2_166_136_261,
  );
  let c = 50;
  for (let ts = Date.parse(from); ts <= Date.parse(to); ts += DAY_MS) {
    const weekday = new Date(ts).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const o = c;
    c *= 1 + state / 2 ** 31 / 50;
    yield { ts, o, h: Math.max(o, c) * 1.002, l: Math.min(o, c) * 0.998, c, v: 1_000_000 };
  }
}

async function ingest(instruments: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'boursomatic-bench-'));
  const objects = openObjects(pathToFileURL(`${dataDir}/objects/`).href);
  const listings = Array.from({ length: instruments }, (_, i) => ({ symbol: `S${i}`, exchange: 'NYSE' }));
  try {
    const store = await openStore(dataDir, 'memory', listings);
    try {
      const plan = await planRun(
        { runId: 'memory', input: { mode: 'backfill', from: FROM, to: AS_OF } },
        store.sql,
        { provider: simulated.name, now: new Date(`${AS_OF}T23:00:00Z`) },
      );
      await fetchBatches(plan, simulated, objects);
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
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
}
