import { expect, test } from 'vitest';
import { fetchBatch } from '../../../functions/ingest/fetch.ts';
import { loadBatch } from '../../../functions/ingest/load/load.ts';
import { NotFoundError } from '../../../functions/ingest/providers/errors.ts';
import type { Bar, BarRequest, Listing, Provider } from '../../../functions/ingest/providers/provider.ts';
import type { Batch } from '../../../functions/shared/contracts.ts';
import { useStore } from './store-support.ts';
import { bar, batchOf, failures, seedRun } from './support.ts';

const store = useStore({
  instruments: ['AAPL', 'VOD.L', '7203.T'],
  partitions: ['2026-01-01', '2026-12-31'],
});
const SYMBOLS = ['AAPL', 'VOD.L', '7203.T'];
const CURRENCIES: Record<string, string> = { AAPL: 'USD', 'VOD.L': 'GBP', '7203.T': 'JPY' };
const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];

const rate = (day: string, usd: number): Bar => bar(day, usd, { h: usd, l: usd, v: 0 });

/** A vendor of the three instruments and of some rates, which records its requests. */
function vendor(rates: Record<string, Bar[]>, describe?: (symbol: string) => Listing) {
  const asked: BarRequest[] = [];
  const provider: Provider = {
    name: 'yahoo',
    fetchBars: async (request) => {
      asked.push(request);
      const { symbol } = request;
      const currency = CURRENCIES[symbol];
      if (currency) return { bars: DAYS.map((day, i) => bar(day, 100 + i)), actions: [], currency };
      const bars = rates[symbol];
      if (!bars) throw new NotFoundError(`${symbol}: not found`);
      return { bars, actions: [], currency: 'USD' };
    },
    ...(describe && { describe: async (symbol) => describe(symbol) }),
  };
  return { provider, asked };
}

async function run(provider: Provider, rest: Partial<Batch> = {}) {
  const batch = batchOf({ symbols: SYMBOLS, ...rest });
  await seedRun(store.db.sql, batch.runId, 3);
  const fetched = await fetchBatch(batch, provider, store.objects);
  await loadBatch(batch, store.sql, store.objects);
  return fetched;
}

const stored = async () => {
  const rows = await store.db.sql<{ line: string }[]>`
    SELECT concat_ws(' ', currency, to_char(ts, 'YYYY-MM-DD'), usd, source) AS line FROM exchange_rates
    ORDER BY currency, ts`;
  return rows.map(({ line }) => line);
};

const GBP = { 'GBPUSD=X': [rate('2026-03-04', 1.25), rate('2026-03-05', 1.26)] };

test("requests the rate of each currency once, over the batch's days, and stores it", async () => {
  const { provider, asked } = vendor({ ...GBP, 'JPYUSD=X': [rate('2026-03-05', 0.0065)] });
  expect(await run(provider)).toEqual({ batch: 0, fetched: 3, failed: 0 });
  expect(asked.slice(SYMBOLS.length)).toEqual(
    ['GBPUSD=X', 'JPYUSD=X'].map((symbol) => ({
      symbol,
      interval: 'daily',
      from: '2026-03-02',
      to: '2026-03-06',
      batch: [symbol],
    })),
  );
  expect(await stored()).toEqual([
    'GBP 2026-03-04 1.25 yahoo',
    'GBP 2026-03-05 1.26 yahoo',
    'JPY 2026-03-05 0.0065 yahoo',
  ]);
  const again = vendor({});
  await fetchBatch(batchOf({ symbols: SYMBOLS }), again.provider, store.objects);
  expect(again.asked).toEqual([]);
});

test('fails no instrument where the source has no rate', async () => {
  const { provider } = vendor({});
  expect(await run(provider)).toEqual({ batch: 0, fetched: 3, failed: 0 });
  expect(await failures(store.db.sql, 'run-1')).toEqual([]);
  expect(await stored()).toEqual([]);
});

test('keeps a stored rate, and leaves out one that is far from its neighbours', async () => {
  await run(vendor(GBP).provider);
  const wrong = [
    rate('2026-03-02', 1.24),
    rate('2026-03-03', 124),
    rate('2026-03-04', 1.3),
    rate('2026-03-06', 1.27),
  ];
  await run(vendor({ 'GBPUSD=X': wrong }).provider, { runId: 'run-2' });
  expect(await stored()).toEqual([
    'GBP 2026-03-02 1.24 yahoo',
    'GBP 2026-03-04 1.25 yahoo',
    'GBP 2026-03-05 1.26 yahoo',
    'GBP 2026-03-06 1.27 yahoo',
  ]);
});

test('sizes companies in US dollars by the last rate up to the as-of', async () => {
  const described = (symbol: string): Listing => ({
    symbol,
    currency: CURRENCIES[symbol] ?? 'USD',
    marketCap: 9e9,
  });
  const { provider } = vendor(GBP, described);
  await run(provider, { from: '2018-03-06' });
  const rows = await store.db
    .sql`SELECT symbol, currency, market_cap_bucket FROM instruments ORDER BY symbol`;
  expect(rows.map((row) => Object.values(row))).toEqual([
    ['7203.T', 'JPY', null],
    ['AAPL', 'USD', 'mid'],
    ['VOD.L', 'GBP', 'large'],
  ]);
});
