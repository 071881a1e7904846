import { afterEach, describe, expect, test, vi } from 'vitest';
import { deactivateInstruments } from '../../../../functions/ingest/instrument-list.ts';
import { registerInstruments } from '../../../../functions/ingest/instruments.ts';
import { toAlpaca } from '../../../../functions/ingest/providers/alpaca/alpaca-symbols.ts';
import { toMassive } from '../../../../functions/ingest/providers/massive/massive-symbols.ts';
import { toStooq } from '../../../../functions/ingest/providers/stooq/stooq-symbols.ts';
import { toTiingo } from '../../../../functions/ingest/providers/tiingo/tiingo-symbols.ts';
import { toYahoo } from '../../../../functions/ingest/providers/yahoo/yahoo-symbols.ts';
import {
  deployedBenchmark,
  ensureBenchmark,
  setBenchmark,
} from '../../../../functions/ingest/reference/benchmark.ts';
import { setReference } from '../../../../functions/ingest/reference/reference.ts';
import { DEFAULT_BENCHMARK } from '../../../../functions/shared/constants.ts';
import { useStore } from '../store-support.ts';

const store = useStore();

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
    expect(await stored()).toEqual(['(SPY recommended)', 'VOO benchmark*']);
    await setBenchmark(store.sql, 'SPY');
    expect(await stored()).toEqual(['SPY benchmark*', '(VOO recommended)']);
  });

  test('removes the benchmark with none', async () => {
    await follow('AAPL');
    await setBenchmark(store.sql, 'AAPL');
    await setBenchmark(store.sql, 'none');
    expect(await stored()).toEqual(['AAPL recommended']);
    await setBenchmark(store.sql, 'SPY');
    await setBenchmark(store.sql, 'none');
    expect(await stored()).toEqual(['AAPL recommended', '(SPY recommended)']);
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
  afterEach(() => vi.unstubAllEnvs());

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

test('every vendor has a symbol for the default benchmark', () => {
  expect(toYahoo(DEFAULT_BENCHMARK)).toBe('SPY');
  expect(toStooq(DEFAULT_BENCHMARK)?.code).toBe('spy.us');
  expect([toAlpaca, toTiingo, toMassive].map((symbolOf) => symbolOf(DEFAULT_BENCHMARK))).toEqual([
    'SPY',
    'SPY',
    'SPY',
  ]);
});
