import { afterEach, expect, test, vi } from 'vitest';
import { fetchBatch } from '../../../../functions/ingest/fetch.ts';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import { wholeHistoryFrom } from '../../../../functions/ingest/plan/batches.ts';
import type { Bar, Provider } from '../../../../functions/ingest/providers/provider.ts';
import { addDays } from '../../../../functions/shared/days.ts';
import { type Random, random } from '../../../market/random.ts';
import { syntheticMarket } from '../../../market/synthetic.ts';
import { CRYPTO, NASDAQ } from '../../../market/trading-hours.ts';
import { useStore } from '../store-support.ts';
import { clear, seedInstruments, seedPartitions, seedRun } from '../support.ts';

afterEach(() => vi.unstubAllEnvs());

const END = '2026-03-31';
const market = syntheticMarket({ instruments: 16, days: 320, seed: 11, exchanges: [NASDAQ, CRYPTO] });
const SYMBOLS = market.symbols();
const store = useStore({ partitions: ['2024-01-01', '2026-12-31'] });

/** What is wrong with some instruments: each kind ends in another table. */
const FAULTS: Record<number, (bars: Bar[]) => Bar[]> = {
  0: (bars) => bars.with(-9, { ...at(bars, -9), c: at(bars, -9).c * 100 }),
  2: (bars) => bars.slice(0, -4),
  4: (bars) => bars.filter((_, i) => i < 200 || i % 4 !== 0),
  6: (bars) => bars.map((bar, i) => (i < 150 ? scaled(bar, 4) : bar)),
  8: () => [],
  10: (bars) => bars.with(-1, scaled(at(bars, -1), 0.5)),
  1: (bars) => bars.slice(0, -4),
  3: (bars) => bars.with(-3, { ...at(bars, -3), v: -1 }),
};

function at(bars: readonly Bar[], place: number): Bar {
  const bar = bars.at(place);
  if (!bar) throw new Error(`no bar at ${place}`);
  return bar;
}

function scaled({ ts, o, h, l, c, v }: Bar, factor: number): Bar {
  return { ts, o: o * factor, h: h * factor, l: l * factor, c: c * factor, v };
}

/** The market's bars up to a day, with those faults. */
const source: Provider = {
  name: 'csv',
  fetchBars: async ({ symbol, from, to }) => {
    const all = market.truth(symbol, 'daily', '2024-01-01', to);
    const bars = FAULTS[SYMBOLS.indexOf(symbol)]?.(all) ?? all;
    return { bars: bars.filter(({ ts }) => ts >= Date.parse(from)), actions: [] };
  },
};

/** Ingests two days in the given batches. @returns everything stored, without the ids and times of rows */
async function ingest(batches: (day: number) => string[][]): Promise<Record<string, unknown[]>> {
  const { sql } = store.db;
  await clear(sql);
  await seedInstruments(sql, SYMBOLS);
  await seedPartitions(sql, '2024-01-01', END);
  for (const [day, asOf] of [addDays(END, -1), END].entries()) {
    const runId = `order-${day}`;
    await seedRun(sql, runId, SYMBOLS.length);
    vi.stubEnv('CLOCK', `${addDays(asOf, 1)}T02:00:00Z`);
    const from = wholeHistoryFrom('daily', asOf);
    for (const [number, symbols] of batches(day).entries()) {
      const batch = { runId, batch: number, interval: 'daily', from, asOf, symbols } as const;
      await fetchBatch(batch, source, store.objects);
      const { whole } = await loadBatch(batch, store.sql, store.objects);
      if (!whole) continue;
      await fetchBatch(whole, source, store.objects);
      await loadBatch(whole, store.sql, store.objects);
    }
  }
  const bars = await sql`
    SELECT i.symbol, b.interval, b.ts, b.o, b.h, b.l, b.c, b.v, b.source FROM price_bars b
    JOIN instruments i ON i.id = b.instrument_id ORDER BY 1, 3`;
  const held = await sql`
    SELECT i.symbol, q.ts, q.reason, q.message, q.resolved_at IS NULL AS open FROM quarantined_bars q
    JOIN instruments i ON i.id = q.instrument_id ORDER BY 1, 2, 3`;
  const backlog = await sql`
    SELECT i.symbol, f.* FROM feature_backlog f JOIN instruments i ON i.id = f.instrument_id ORDER BY 1`;
  const failures = await sql`
    SELECT run_id, symbol, step, reason_code, message FROM pipeline_failures WHERE run_id = 'order-1' ORDER BY 2`;
  const marks = backlog.map(({ instrument_id: _, ...mark }) => mark);
  return { bars: [...bars], held: [...held], marks, failures: [...failures] };
}

function shuffled<T>(values: readonly T[], source: Random): T[] {
  const left = [...values];
  return values.map(() => left.splice(source.int(left.length), 1)[0] as T);
}

test('order and batches of the instruments change nothing that is stored or withheld', async () => {
  const one = await ingest(() => [SYMBOLS]);
  const reasons = (rows: unknown[], key: string) =>
    new Set(rows.map((row) => (row as Record<string, string>)[key]));
  expect(reasons(one.held ?? [], 'reason')).toEqual(
    new Set(['slipped_decimal', 'negative_volume', 'split_untold', 'jump']),
  );
  expect(reasons(one.failures ?? [], 'reason_code')).toEqual(
    new Set(['stale', 'no_bars', 'jump', 'gap', 'split_untold']),
  );
  for (let seed = 1; seed <= 4; seed++) {
    const source = random(seed);
    const split = (): string[][] => {
      const symbols = shuffled(SYMBOLS, source);
      const size = 2 + source.int(SYMBOLS.length);
      return Array.from({ length: Math.ceil(symbols.length / size) }, (_, i) =>
        symbols.slice(i * size, (i + 1) * size),
      );
    };
    expect(await ingest(split), `seed ${seed}`).toEqual(one);
  }
}, 120_000);
