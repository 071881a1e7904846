import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProviderError } from '../../../../functions/ingest/providers/errors.ts';
import { failover } from '../../../../functions/ingest/providers/failover.ts';
import type {
  Bar,
  BarRequest,
  FetchedBars,
  Provider,
} from '../../../../functions/ingest/providers/provider.ts';
import { resilient } from '../../../../functions/ingest/providers/resilience.ts';
import { openStooqProvider } from '../../../../functions/ingest/providers/stooq/stooq-provider.ts';
import { YAHOO } from '../../../../functions/ingest/providers/yahoo/descriptor.ts';
import { openYahooProvider } from '../../../../functions/ingest/providers/yahoo/yahoo-provider.ts';
import { FAST_TIMING } from '../../../market/delivery.ts';
import { FAULT_KINDS, FAULTS, type Fault } from '../../../market/faults.ts';
import { type MarketServer, startMarket } from '../../../market/server.ts';
import { syntheticMarket } from '../../../market/synthetic.ts';
import { fixture } from './fixtures.ts';

/** Runs the providers against a market that speaks the vendors' formats and knows the true bars. */

const TIMEOUT_MS = 300;
const keySecret = new URL(`file://${fixture('ok/stooq.key')}`).href;
const yahoo = ({ origin }: MarketServer) => openYahooProvider({ origin, timeoutMs: TIMEOUT_MS });
const stooq = ({ origin }: MarketServer) => openStooqProvider({ keySecret, origin, timeoutMs: TIMEOUT_MS });

afterEach(() => vi.unstubAllEnvs());

/** Where bars differ from the truth by more than vendors' rounding: Stooq to six digits, Yahoo to 32 bits. */
function differences(bars: readonly Bar[], truth: readonly Bar[]): string[] {
  if (bars.length !== truth.length) return [`${bars.length} bars instead of ${truth.length}`];
  return truth.flatMap((one, i) =>
    (['ts', 'o', 'h', 'l', 'c', 'v'] as const)
      .filter((name) => !(Math.abs((bars[i]?.[name] ?? Number.NaN) - one[name]) <= 1e-5 * one[name]))
      .map((name) => `${new Date(one.ts).toISOString()} ${name}: ${bars[i]?.[name]} instead of ${one[name]}`),
  );
}

describe('providers against a market whose truth is known', () => {
  let server: MarketServer;
  beforeAll(async () => {
    server = await startMarket({ market: syntheticMarket({ instruments: 8, days: 90, seed: 11 }) });
  });
  afterAll(() => server.close());

  test.each([
    // Around the day on which London's clocks change, three weeks after New York's.
    ['before any session', '2026-03-30T00:00:00Z'],
    ['amid the session of Tokyo', '2026-03-30T05:07:00Z'],
    ['amid that of London', '2026-03-30T10:31:30Z'],
    ['amid those of London and New York', '2026-03-30T14:59:59Z'],
    ['at the close of New York', '2026-03-30T20:00:00Z'],
    ['after all', '2026-03-30T23:30:00Z'],
    ['on a Sunday', '2026-03-29T12:00:00Z'],
  ])("give the market's own bars %s", async (_, instant) => {
    vi.stubEnv('CLOCK', instant);
    server.market.setClock(instant);
    const providers: [Provider, BarRequest['interval'], string][] = [
      [yahoo(server), 'daily', '2025-12-01'],
      [yahoo(server), '15m', '2026-03-02'],
      [await stooq(server), 'daily', '2025-12-01'],
    ];
    for (const symbol of server.market.symbols()) {
      for (const [provider, interval, from] of providers) {
        const to = instant.slice(0, 10);
        const { bars, actions } = await provider.fetchBars({ symbol, interval, from, to });
        const truth = server.market.truth(symbol, interval, from, to);
        expect(differences(bars, truth), `${provider.name} ${interval} ${symbol}`).toEqual([]);
        expect(bars.length).toBeGreaterThan(50);
        if (provider.name === 'yahoo') {
          const expected = server.market.actions(symbol, from, to);
          expect(actions).toEqual(
            expected.map((action) => ({ ...action, value: expect.closeTo(action.value, 4) })),
          );
        }
      }
    }
  });
});

/** Transport faults, without the Retry-After, whose whole seconds are too long here. */
const kinds = FAULT_KINDS.filter((kind) => FAULTS[kind].category === 'transport' && kind !== 'rate_limit');

test.each([1, 2, 3])('give the true bars or a reason under random failures (seed %i)', async (seed) => {
  const market = syntheticMarket({ instruments: 12, days: 60, seed });
  const server = await startMarket({ market, timing: { hangMs: 100, dripBytes: 64, dripMs: 10 } });
  onTestFinished(() => server.close());
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  server.faults.random({ rate: 0.3, seed, kinds });
  const fast = { ...YAHOO.policy, intervalMs: 0, firstBackoffMs: 2, retries: 4, breakAfter: 100 };
  const provider = failover([
    resilient(openYahooProvider({ origin: server.origin, timeoutMs: 150 }), fast),
    resilient(await openStooqProvider({ keySecret, origin: server.origin, timeoutMs: 150 }), fast),
  ]);
  const request = { interval: 'daily', from: '2026-01-20', to: '2026-03-31' } as const;
  const given = await Promise.all(
    market.symbols().map(async (symbol) => {
      const answer = await provider.fetchBars({ symbol, ...request }).catch((error: unknown) => error);
      if (answer instanceof ProviderError) return answer.reason;
      const truth = market.truth(symbol, 'daily', request.from, request.to);
      expect(differences((answer as FetchedBars).bars, truth), symbol).toEqual([]);
      return 'truth';
    }),
  );
  expect(given.filter((one) => one === 'truth').length).toBeGreaterThan(10);
  expect(server.requests.some(({ fault }) => fault?.changed)).toBe(true);
});

describe.each(FAULT_KINDS)('fault %s', (kind) => {
  const { expected } = FAULTS[kind];
  const isFailure = !expected.includes('harmless') && !expected.includes('data_quality');

  test.each(['daily', '15m', 'describe', 'stooq'] as const)(
    `is reported for %s as ${expected.join(' or ')}`,
    async (what) => {
      const clock = '2026-03-31T22:30:00Z';
      vi.stubEnv('CLOCK', clock);
      const server = await startMarket({
        market: syntheticMarket({ instruments: 1, days: 120, seed: 7, clock }),
        timing: FAST_TIMING,
      });
      onTestFinished(() => server.close());
      const [symbol = ''] = server.market.symbols();
      // Every request of its kind gets the fault, so no retry helps.
      server.faults.add({ fault: { kind } as Fault, times: Number.POSITIVE_INFINITY });
      const provider = what === 'stooq' ? await stooq(server) : yahoo(server);
      const interval = what === '15m' ? '15m' : 'daily';
      const request = {
        symbol,
        interval,
        from: interval === '15m' ? '2026-03-02' : '2025-12-01',
        to: '2026-03-31',
      } as const;
      const outcome = await (what === 'describe'
        ? provider.describe?.(symbol)
        : provider.fetchBars(request)
      )?.catch((error: unknown) => error);
      const met = server.requests.filter(({ fault }) => fault?.changed);
      if (outcome instanceof ProviderError) {
        expect(met).not.toEqual([]);
        expect(expected, outcome.message).toContain(outcome.reason);
        return;
      }
      expect(outcome).not.toBeInstanceOf(Error);
      // A description takes four requests, each of which stays below the time limit.
      const isTooSlow = kind === 'slow_drip' && what !== 'describe';
      if (isFailure && met.length > 0 && (kind !== 'slow_drip' || isTooSlow))
        throw new Error(`not refused: ${JSON.stringify(outcome).slice(0, 500)}`);
      if (what !== 'describe' && expected.every((expectation) => expectation === 'harmless')) {
        const truth = server.market.truth(symbol, interval, request.from, request.to);
        expect(differences((outcome as FetchedBars).bars, truth)).toEqual([]);
      }
    },
  );
});
