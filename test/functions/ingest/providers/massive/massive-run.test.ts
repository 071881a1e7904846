import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { fetchBatch } from '../../../../../functions/ingest/fetch.ts';
import { loadBatch } from '../../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../../functions/ingest/plan/plan.ts';
import { openProvider } from '../../../../../functions/ingest/providers/open.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import { startMarket } from '../../../../market/server.ts';
import { syntheticMarket } from '../../../../market/synthetic.ts';
import { NASDAQ } from '../../../../market/trading-hours.ts';
import { useStore } from '../../store-support.ts';
import { fixture } from '../fixtures.ts';

/** Enough instruments that a week costs fewer requests by day than by share. */
const SYMBOLS = Array.from({ length: 14 }, (_, i) => `US${String(i + 1).padStart(3, '0')}`);

const store = useStore({ instruments: SYMBOLS, partitions: ['2024-01-01', '2027-12-31'] });
beforeEach(() => vi.useFakeTimers({ now: 0, toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** A market with one class of shares each, whose free plan serves the days before its clock's. */
async function start() {
  const market = syntheticMarket({ instruments: 60, days: 320, exchanges: [NASDAQ], actions: false });
  const server = await startMarket({ market });
  onTestFinished(() => server.close());
  const environment = {
    PROVIDER: 'massive',
    MASSIVE_KEY_SECRET: new URL(`file://${fixture('ok/stooq.key')}`).href,
    MASSIVE_ORIGIN: server.origin,
  };
  const run = async (runId: string, clock: string) => {
    vi.setSystemTime(new Date(clock));
    vi.stubEnv('CLOCK', clock);
    market.setClock(clock);
    server.requests.length = 0;
    const context = { provider: 'massive', now: new Date(clock) };
    const { batches } = await planRun(
      { runId, input: { symbols: listed(market.symbols()) } },
      store.sql,
      context,
    );
    const provider = await openProvider(environment);
    for (const batch of batches) {
      await fetchBatch(batch, provider, store.objects);
      const { whole } = await loadBatch(batch, store.sql, store.objects);
      if (!whole) continue;
      await fetchBatch(whole, provider, store.objects);
      await loadBatch(whole, store.sql, store.objects);
    }
    const paths = server.requests.map(({ path }) => path);
    return {
      days: paths.filter((path) => path.includes('/grouped/')).length,
      shares: paths.filter((path) => path.includes('/range/')).length,
    };
  };
  const listed = (symbols: readonly string[]) => SYMBOLS.filter((symbol) => symbols.includes(symbol));
  return { market, run, count: listed(market.symbols()).length };
}

const closes = (symbol: string) =>
  store.sql<{ day: string; close: number }[]>`
    SELECT to_char(b.ts, 'YYYY-MM-DD') AS day, b.c::float8 AS close
    FROM price_bars b JOIN instruments i ON i.id = b.instrument_id
    WHERE i.symbol = ${symbol} AND b.interval = 'daily' ORDER BY b.ts`;

test('fetches histories by share, then days for all, and the whole history of a share that was split', async () => {
  const { market, run, count } = await start();
  expect(count).toBeGreaterThan(8);
  // The first request shows that the plan has two years only. Three answers must agree on where a history begins.
  expect(await run('massive-1', '2026-03-26T12:00:00Z')).toEqual({ days: 0, shares: count + 1 });
  expect(await run('massive-2', '2026-03-27T12:00:00Z')).toEqual({ days: 0, shares: count });
  expect(await run('massive-3', '2026-03-30T12:00:00Z')).toEqual({ days: 0, shares: count });
  const symbol = defined(market.symbols()[0], 'a symbol');
  const before = defined((await closes(symbol))[0], 'a bar').close;

  market.split(symbol, '2026-03-31', 4);
  expect(await run('massive-4', '2026-04-01T12:00:00Z')).toEqual({ days: 8, shares: 1 });
  const after = await closes(symbol);
  expect(defined(after[0], 'a bar').close).toBeCloseTo(before / 4, 6);
  expect(after.map(({ day }) => day)).toEqual(
    market
      .truth(symbol, 'daily', '2024-01-01', '2026-03-31')
      .map(({ ts }) => new Date(ts).toISOString().slice(0, 10)),
  );
  expect(await closes(defined(market.symbols()[1], 'another symbol'))).toHaveLength(after.length);
});
