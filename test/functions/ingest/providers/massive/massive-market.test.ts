import { afterEach, expect, test, vi } from 'vitest';
import { MASSIVE } from '../../../../../functions/ingest/providers/massive/descriptor.ts';
import { openMassiveDays } from '../../../../../functions/ingest/providers/massive/massive-days.ts';
import { openMassiveProvider } from '../../../../../functions/ingest/providers/massive/massive-provider.ts';
import type { Provider } from '../../../../../functions/ingest/providers/provider.ts';
import { guardRequests } from '../../../../../functions/ingest/providers/resilience.ts';
import { defined } from '../../../../../functions/shared/invariant.ts';
import type { Market } from '../../../../market/market.ts';
import { massiveAt, startMassive } from './massive-support.ts';

afterEach(() => vi.unstubAllEnvs());

const YEARS = { interval: 'daily', from: '2024-12-20', to: '2026-03-31' } as const;
const WEEK = { interval: 'daily', from: '2026-03-24', to: '2026-03-31' } as const;

/** Fetches an instrument and expects the market's own bars. */
async function expectTruth(
  provider: Provider,
  market: Market,
  request: Parameters<Provider['fetchBars']>[0],
) {
  const { bars, actions } = await provider.fetchBars(request);
  const truth = market.truth(request.symbol, 'daily', request.from, request.to);
  expect(bars.map(({ ts }) => ts)).toEqual(truth.map(({ ts }) => ts));
  for (const [i, bar] of bars.entries()) {
    const { o, h, l, c } = defined(truth[i], 'a true bar');
    expect(bar.c / c).toBeCloseTo(1, 6);
    expect(bar.o / o).toBeCloseTo(1, 6);
    expect(bar.h / h).toBeCloseTo(1, 6);
    expect(bar.l / l).toBeCloseTo(1, 6);
  }
  return { first: defined(bars[0], 'a bar').c, actions };
}

test("gives the market's own bars, share by share over years", async () => {
  const { market, server, paths } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  let actions = 0;
  for (const symbol of market.symbols())
    actions += (await expectTruth(provider, market, { symbol, ...YEARS })).actions.length;
  expect(actions).toBeGreaterThan(10);
  expect(paths().filter((path) => path.includes('/range/'))).toHaveLength(12);
});

test('requests the days of a batch once for all shares of a week, and their actions once', async () => {
  const { market, server, paths } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  const batch = market.symbols();
  for (const symbol of batch) await expectTruth(provider, market, { symbol, ...WEEK, batch });
  expect(paths()).toEqual([
    ...[24, 25, 26, 27, 30, 31].map((day) => `/v2/aggs/grouped/locale/us/market/stocks/2026-03-${day}`),
    '/stocks/v1/splits',
    '/stocks/v1/dividends',
  ]);
});

test('requests a week of a few shares share by share', async () => {
  const { market, server, paths } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  const batch = market.symbols().slice(0, 3);
  for (const symbol of batch) await provider.fetchBars({ symbol, ...WEEK, batch });
  expect(paths().filter((path) => path.includes('/range/'))).toHaveLength(3);
  expect(paths().filter((path) => path.includes('/grouped/'))).toHaveLength(0);
});

test('sends no request for a later batch over the same days', async () => {
  const { market, server } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  const batch = market.symbols();
  for (const symbol of batch) await provider.fetchBars({ symbol, ...WEEK, batch });
  const before = server.requests.length;
  for (const symbol of batch.slice(0, 2)) await provider.fetchBars({ symbol, ...WEEK, batch: [symbol] });
  expect(server.requests).toHaveLength(before);
});

test('requests a day again after an hour, in which a split may have restated it', async () => {
  const { market, server, symbol } = await startMassive();
  const provider = await openMassiveProvider(massiveAt(server.origin));
  const batch = market.symbols();
  const { first } = await expectTruth(provider, market, { symbol, ...WEEK, batch });
  market.split(symbol, '2026-03-31', 4);
  vi.useFakeTimers({ now: Date.now() + 3_600_001, toFake: ['Date'] });
  try {
    const after = await expectTruth(provider, market, { symbol, ...WEEK, batch });
    expect(after.first).toBeCloseTo(first / 4, 6);
    expect(after.actions).toContainEqual({ exDay: '2026-03-31', kind: 'split', value: 4 });
  } finally {
    vi.useRealTimers();
  }
});

test('adjusts for a dividend that the market reports', async () => {
  const { market, server, symbol } = await startMassive();
  const request = { symbol, ...YEARS };
  const before = await expectTruth(await openMassiveProvider(massiveAt(server.origin)), market, request);
  market.addAction(symbol, { exDay: '2026-03-30', kind: 'dividend', value: 1 });
  const after = await expectTruth(await openMassiveProvider(massiveAt(server.origin)), market, request);
  expect(after.first).toBeLessThan(before.first);
});

test('takes the bars up to the day before where the plan has none of today', async () => {
  const { market, server, symbol } = await startMassive();
  // The evening of the last day: the free plan refuses this day until midnight in New York.
  market.setClock('2026-03-31T23:00:00Z');
  vi.stubEnv('CLOCK', '2026-03-31T23:00:00Z');
  for (const batch of [market.symbols(), [symbol]]) {
    const provider = await openMassiveProvider(massiveAt(server.origin));
    const { bars } = await provider.fetchBars({ symbol, ...WEEK, batch });
    expect(new Date(defined(bars.at(-1), 'a bar').ts)).toEqual(new Date('2026-03-30'));
  }
});

test("takes the plan's two years of a longer history, and asks only once for more", async () => {
  const { market, server, paths } = await startMassive(2);
  const provider = await openMassiveProvider(massiveAt(server.origin));
  for (const symbol of market.symbols())
    await expectTruth(provider, market, { symbol, ...YEARS, from: '2018-03-31' });
  const ranges = paths().filter((path) => path.includes('/range/'));
  expect(ranges.map((path) => path.split('/').at(-2))).toEqual(['2018-03-31', '2024-04-08', '2024-04-08']);
});

test("takes the plan's days for two batches that are refused at the same time", async () => {
  const { market, server } = await startMassive(2);
  market.setClock('2026-03-31T23:00:00Z');
  vi.stubEnv('CLOCK', '2026-03-31T23:00:00Z');
  const provider = await openMassiveProvider(massiveAt(server.origin));
  const request = { interval: 'daily', from: '2018-03-31', to: '2026-03-31' } as const;
  const answers = await Promise.all(
    market.symbols().map((symbol) => provider.fetchBars({ symbol, ...request })),
  );
  expect(answers.map(({ bars }) => bars.length)).toEqual([319, 319]);
});

test('spaces all requests by its pace, and answers from known days at once', async () => {
  const { market, server } = await startMassive();
  const guard = guardRequests('massive', { ...MASSIVE.policy, intervalMs: 100 });
  const provider = await openMassiveProvider({ ...massiveAt(server.origin), guard });
  const batch = market.symbols();
  for (const symbol of batch) await provider.fetchBars({ symbol, ...WEEK, batch });
  const times = server.requests.map(({ time }) => time.getTime());
  expect(times).toHaveLength(8);
  // Each waits its turn: the seven intervals together, since a busy machine delays single requests.
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(650);
});

test('lists the shares of a day for a universe', async () => {
  const { market, server } = await startMassive();
  const fetchDay = await openMassiveDays(massiveAt(server.origin));
  const day = await fetchDay('2026-03-31');
  expect([...day.keys()].sort()).toEqual(market.symbols().sort());
  expect((await fetchDay('2026-03-29')).size).toBe(0);
  await expect(fetchDay('2026-04-01')).rejects.toMatchObject({ reason: 'not_covered' });
  await expect(fetchDay('2020-04-01')).rejects.toMatchObject({ reason: 'not_covered' });
});
