import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { planRun } from '../functions/ingest/plan/plan.ts';
import type { Bar, Provider } from '../functions/ingest/providers/provider.ts';
import { DAY_MS } from '../functions/shared/days.ts';
import { openObjects } from '../functions/shared/objects.ts';
import { fetching, loading, openStore, removeServer } from './ingest-steps.ts';

const AS_OF = '2025-12-31';
const FROM = '2025-01-01';

/** A tight heap: with room to spare, the engine collects later the longer it runs, and that is not what is asked. */
const HEAP = '--max-old-space-size=64';

/** The peak resident memory, in MB, of a process that ingests a year of daily bars of so many simulated instruments. */
export async function peakMemory(instruments: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    HEAP,
    fileURLToPath(import.meta.url),
    String(instruments),
  ]);
  return Number(stdout);
}

/** Makes an instrument's bars when it is asked for them, so that none are in memory before. */
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
      await fetching(plan, simulated, objects);
      await loading(plan, store.sql, objects);
    } finally {
      await store.close();
    }
  } finally {
    await removeServer(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ingest(Number(process.argv[2]));
  process.stdout.write(`${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
}
