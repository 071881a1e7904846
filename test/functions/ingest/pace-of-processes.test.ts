import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { YAHOO } from '../../../functions/ingest/providers/yahoo/descriptor.ts';
import { startMarket } from '../../market/server.ts';
import { syntheticMarket } from '../../market/synthetic.ts';

const ROOT = new URL('../../../', import.meta.url);
/** Requests of each process. */
const REQUESTS = 3;

/** Fetches some instruments one after the other, as a batch does. */
const SCRIPT = `
  const { openProvider } = await import(${JSON.stringify(new URL('functions/ingest/providers/open.ts', ROOT).href)});
  const provider = await openProvider(process.env);
  for (const symbol of process.env.SYMBOLS.split(','))
    await provider.fetchBars({ symbol, interval: 'daily', from: '2026-03-02', to: '2026-03-31' });`;

/** How many batches the state machine fetches at once. */
async function batchesAtOnce(): Promise<number> {
  const definition = await readFile(new URL('local/pipeline/pipeline.asl.json', ROOT), 'utf8');
  return JSON.parse(definition).States['For each batch'].MaxConcurrency;
}

test("keeps a vendor's pace over all processes that fetch at once", { timeout: 60_000 }, async () => {
  const processes = await batchesAtOnce();
  const market = syntheticMarket({ instruments: processes * REQUESTS, days: 40 });
  // Not one of the loopback names that need no pace.
  const server = await startMarket({ market, host: '127.0.0.2' });
  onTestFinished(() => server.close());
  const env = {
    ...process.env,
    CLOCK: new Date(market.now()).toISOString(),
    PROVIDER: 'yahoo',
    YAHOO_ORIGIN: `http://127.0.0.2:${server.port}`,
    FETCH_PROCESSES: String(processes),
  };
  const symbols = market.symbols();
  await Promise.all(
    Array.from({ length: processes }, (_, i) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
        env: { ...env, SYMBOLS: symbols.slice(i * REQUESTS, (i + 1) * REQUESTS).join() },
      }),
    ),
  );
  const times = server.requests.map(({ time }) => time.getTime()).sort((a, b) => a - b);
  expect(times).toHaveLength(processes * REQUESTS);
  // Each process sends its first request at once; all later ones together keep the pace.
  const [first = 0, last = 0] = [times[processes - 1], times.at(-1)];
  const later = times.length - processes;
  expect((last - first) / later).toBeGreaterThan(YAHOO.policy.intervalMs * 0.8);
});
