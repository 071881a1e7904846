import { onTestFinished, vi } from 'vitest';
import type { MassiveOptions } from '../../../../../functions/ingest/providers/massive/massive-calls.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import { startMarket } from '../../../../market/server.ts';
import { syntheticMarket } from '../../../../market/synthetic.ts';
import { NASDAQ } from '../../../../market/trading-hours.ts';
import { fixture } from '../fixtures.ts';

/** How to reach Massive at a test server, without pace and retries. */
export function massiveAt(origin: string): MassiveOptions {
  return {
    keySecret: `file://${fixture('ok/stooq.key')}`,
    origin,
    timeoutMs: 5000,
    guard: (_, request) => request(),
  };
}

/** A market of American shares with dividends and splits on the morning after its last day, 2026-03-31. */
export async function startMassive(instruments = 12) {
  const market = syntheticMarket({
    instruments,
    days: 320,
    exchanges: [NASDAQ],
    clock: '2026-04-01T12:00:00Z',
  });
  const server = await startMarket({ market });
  onTestFinished(() => server.close());
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  const symbol = defined(market.symbols()[0], 'a symbol');
  const paths = () => server.requests.map(({ path }) => path);
  return { market, server, symbol, paths };
}
