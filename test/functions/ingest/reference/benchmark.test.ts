import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { deactivateInstruments } from '../../../../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../../../../functions/ingest/instruments.ts';
import { vendorsOf } from '../../../../functions/ingest/providers/descriptor.ts';
import { openProvider } from '../../../../functions/ingest/providers/open.ts';
import { PROVIDERS } from '../../../../functions/ingest/providers/registry.ts';
import {
  deployedBenchmark,
  ensureBenchmark,
  setBenchmark,
} from '../../../../functions/ingest/reference/benchmark.ts';
import { setReference } from '../../../../functions/ingest/reference/reference.ts';
import { DEFAULT_BENCHMARK } from '../../../../functions/shared/constants.ts';
import { startMarket } from '../../../market/server.ts';
import { syntheticMarket } from '../../../market/synthetic.ts';
import { NYSE } from '../../../market/trading-hours.ts';
import { fixture } from '../providers/fixtures.ts';
import { useStore } from '../store-support.ts';

const store = useStore();
afterEach(() => vi.unstubAllEnvs());

interface Row {
  symbol: string;
  purpose: string;
  is_active: boolean;
  is_benchmark: boolean;
}

/** All instruments, as `SPY recommended*`: an asterisk marks the benchmark, parentheses one that is inactive. */
async function stored(): Promise<string[]> {
  const rows = await store.db.sql<Row[]>`
    SELECT symbol, purpose, is_active, is_benchmark FROM instruments ORDER BY symbol`;
  return rows.map(({ symbol, purpose, is_active, is_benchmark }) => {
    const text = `${symbol} ${purpose}${is_benchmark ? '*' : ''}`;
    return is_active ? text : `(${text})`;
  });
}

const follow = (...symbols: string[]) =>
  registerInstruments(
    store.sql,
    symbols.map((symbol) => ({ symbol })),
  );
const benchmarkOf = async () => {
  const [row] = await store.sql`
    SELECT (SELECT symbol FROM instruments WHERE id = benchmark_instrument()) AS symbol`;
  return row?.symbol;
};

describe('setBenchmark', () => {
  test('adds an instrument that serves nothing else, and writes nothing when repeated', async () => {
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['SPY benchmark*']);
    expect(await benchmarkOf()).toBe('SPY');
    const updated = () => store.db.sql`SELECT updated_at FROM instruments`;
    const before = await updated();
    await setBenchmark(store.sql, 'SPY');
    expect(await updated()).toEqual(before);
  });

  test('marks an instrument that gets calls, and keeps its purpose', async () => {
    await follow('AAPL', 'SPY');
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['AAPL recommended', 'SPY recommended*']);
    await setBenchmark(store.sql, 'VOO');
    expect(await stored()).toEqual(['AAPL recommended', 'SPY recommended', 'VOO benchmark*']);
  });

  test('replaces the earlier benchmark, and returns to it with its history', async () => {
    await setBenchmark(store.sql, 'SPY');
    await setBenchmark(store.sql, 'VOO');
    expect(await stored()).toEqual(['(SPY benchmark)', 'VOO benchmark*']);
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['SPY benchmark*', '(VOO benchmark)']);
  });

  test('removes the benchmark with none', async () => {
    await follow('AAPL');
    await setBenchmark(store.sql, 'AAPL');
    await setBenchmark(store.sql, 'none');
    expect(await stored()).toEqual(['AAPL recommended']);
    await setBenchmark(store.sql, 'SPY');
    await setBenchmark(store.sql, 'none');
    expect(await stored()).toEqual(['AAPL recommended', '(SPY benchmark)']);
    expect(await benchmarkOf()).toBeNull();
  });

  test('restores a benchmark that somebody deactivated', async () => {
    await setBenchmark(store.sql, 'SPY');
    await deactivateInstruments(store.sql, ['SPY']);
    expect(await benchmarkOf()).toBeNull();
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['SPY benchmark*']);
  });
});

describe('the benchmark among other purposes', () => {
  test.each([
    ['recommended', 'SPY recommended*'],
    ['reference', 'SPY reference*'],
    ['both', 'SPY both*'],
  ] as const)('keeps the mark when somebody adds it as %s', async (purpose, expected) => {
    await setBenchmark(store.sql, 'SPY');
    await registerInstruments(store.sql, [{ symbol: 'SPY' }], purpose);
    expect(await stored()).toEqual([expected]);
  });

  test('stays when a new reference no longer contains it', async () => {
    await setReference(store.sql, [{ symbol: 'KO' }, { symbol: 'SPY' }]);
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['KO reference', 'SPY reference*']);
    await setReference(store.sql, []);
    expect(await stored()).toEqual(['(KO recommended)', 'SPY benchmark*']);
    await setReference(store.sql, []);
    expect(await stored()).toEqual(['(KO recommended)', 'SPY benchmark*']);
  });

  test('is one instrument at most, by the database too', async () => {
    await setBenchmark(store.sql, 'SPY');
    await follow('AAPL');
    await expect(store.db.sql`UPDATE instruments SET is_benchmark = true`).rejects.toThrow(
      'instruments_one_benchmark',
    );
    await expect(
      store.db.sql`UPDATE instruments SET purpose = 'benchmark' WHERE symbol = 'AAPL'`,
    ).rejects.toThrow('instruments_benchmark_check');
  });
});

describe('ensureBenchmark', () => {
  test('adds the default benchmark, and keeps another', async () => {
    await ensureBenchmark(store.sql);
    expect(await stored()).toEqual(['SPY benchmark*']);
    await setBenchmark(store.sql, 'VOO');
    await ensureBenchmark(store.sql);
    expect(await benchmarkOf()).toBe('VOO');
  });
});

describe('deployedBenchmark', () => {
  test.each([
    ['SPY', 'SPY'],
    ['brk.b', 'BRK-B'],
    ['^GSPC', '^GSPC'],
    ['none', 'none'],
    [undefined, undefined],
  ])('reads %s from the environment', (given, expected) => {
    vi.stubEnv('BENCHMARK', given);
    expect(deployedBenchmark()).toBe(expected);
  });

  test('refuses what is neither a symbol nor none', () => {
    vi.stubEnv('BENCHMARK', 'S&P 500');
    expect(deployedBenchmark).toThrow(/BENCHMARK/);
  });
});

test.each(vendorsOf(PROVIDERS).map(({ name }) => name))("%s gives the benchmark's own bars", async (name) => {
  const market = syntheticMarket({
    instruments: 1,
    days: 90,
    exchanges: [NYSE],
    clock: '2026-04-01T12:00:00Z',
  });
  market.rename('US001', DEFAULT_BENCHMARK);
  const server = await startMarket({ market });
  onTestFinished(() => server.close());
  vi.stubEnv('CLOCK', new Date(market.now()).toISOString());
  const provider = await openProvider({
    PROVIDER: name,
    [`${name.toUpperCase()}_ORIGIN`]: server.origin,
    [`${name.toUpperCase()}_KEY_SECRET`]: `file://${fixture(name === 'alpaca' ? 'ok/alpaca.key' : 'ok/stooq.key')}`,
  });
  const days = { interval: 'daily', from: '2026-03-02', to: '2026-03-31' } as const;
  const { bars } = await provider.fetchBars({ symbol: DEFAULT_BENCHMARK, ...days });
  const truth = market.truth(DEFAULT_BENCHMARK, 'daily', days.from, days.to);
  expect(truth.length).toBeGreaterThan(15);
  expect(bars.map(({ ts, c }) => [ts, c])).toEqual(truth.map(({ ts, c }) => [ts, expect.closeTo(c, 2)]));
});
