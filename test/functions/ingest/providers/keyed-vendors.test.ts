import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { openAlpacaProvider } from '../../../../functions/ingest/providers/alpaca/alpaca-provider.ts';
import type { Provider } from '../../../../functions/ingest/providers/provider.ts';
import { openTiingoProvider } from '../../../../functions/ingest/providers/tiingo/tiingo-provider.ts';
import { startMarket } from '../../../market/server.ts';
import { syntheticMarket } from '../../../market/synthetic.ts';
import { NASDAQ } from '../../../market/trading-hours.ts';
import { fixture } from './fixtures.ts';

afterEach(() => vi.unstubAllEnvs());

const REQUEST = { interval: 'daily', from: '2025-01-02', to: '2026-03-31' } as const;

/** A market of American shares with dividends and splits, and both clients. */
async function start() {
  const market = syntheticMarket({ instruments: 4, days: 320, exchanges: [NASDAQ] });
  const server = await startMarket({ market });
  onTestFinished(() => server.close());
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  const common = { origin: server.origin, timeoutMs: 5000 };
  const alpaca = await openAlpacaProvider({
    ...common,
    keySecret: `file://${fixture('ok/alpaca.key')}`,
    pageIntervalMs: 1,
  });
  const tiingo = await openTiingoProvider({ ...common, keySecret: `file://${fixture('ok/stooq.key')}` });
  return { market, server, alpaca, tiingo };
}

test("give the market's own bars, before and after a dividend that restates them", async () => {
  const { market, alpaca, tiingo } = await start();
  const [symbol = ''] = market.symbols();
  const expectTruth = async (provider: Provider) => {
    const { bars } = await provider.fetchBars({ symbol, ...REQUEST });
    const truth = market.truth(symbol, 'daily', REQUEST.from, REQUEST.to);
    expect(bars.map(({ ts }) => ts)).toEqual(truth.map(({ ts }) => ts));
    bars.forEach(({ c, o }, i) => {
      expect(c).toBeCloseTo(truth[i]?.c ?? 0, 6);
      expect(o).toBeCloseTo(truth[i]?.o ?? 0, 6);
    });
    return bars[0]?.c ?? 0;
  };
  const before = await expectTruth(alpaca);
  expect(await expectTruth(tiingo)).toBeCloseTo(before, 6);
  market.addAction(symbol, { exDay: '2026-03-30', kind: 'dividend', value: 1 });
  expect(await expectTruth(alpaca)).toBeLessThan(before);
  expect(await expectTruth(tiingo)).toBeLessThan(before);
});

test('read the pages of many symbols', async () => {
  const { market, server, alpaca } = await start();
  const symbols = [...market.symbols(), 'NONE'];
  const answers = await alpaca.fetchMany?.({ symbols, ...REQUEST });
  expect([...(answers?.keys() ?? [])].sort()).toEqual(market.symbols().sort());
  expect(server.requests).toHaveLength(1);
});

test('report the failures of the transport', async () => {
  const { server, alpaca, tiingo } = await start();
  const request = { symbol: 'US001', ...REQUEST };
  for (const [provider, endpoint] of [
    [alpaca, 'alpaca'],
    [tiingo, 'tiingo'],
  ] as const) {
    for (const [kind, reason] of [
      ['rate_limit', 'rate_limited'],
      ['server_error', 'unavailable'],
      ['proof_of_work', 'blocked'],
      ['reset', 'unavailable'],
    ] as const) {
      server.faults.add({ fault: { kind }, endpoint });
      await expect(provider.fetchBars(request)).rejects.toMatchObject({ reason });
    }
  }
});
