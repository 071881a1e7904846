import { beforeEach, describe, expect, test } from 'vitest';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import { BATCH_SIZE } from '../../../../functions/shared/constants.ts';
import { PlanResult } from '../../../../functions/shared/contracts.ts';
import { toDay } from '../../../../functions/shared/days.ts';
import { BadInputError } from '../../../../functions/shared/errors.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { useStore } from '../store-support.ts';
import { bar, RUN, seedBars, seedInstruments } from '../support.ts';

const store = useStore({ partitions: ['2017-01-01', '2026-01-01'] });
const { db } = store;

const context = { provider: 'csv', now: new Date('2026-03-06T21:30:00Z') };
const plan = (input: unknown = {}, runId = RUN) => planRun({ runId, input }, store.sql, context);

/** Stores instruments with bars from 2018 to the given day, or without bars. */
async function seed(lastDays: Record<string, string | null>): Promise<void> {
  const ids = await seedInstruments(db.sql, Object.keys(lastDays));
  for (const [symbol, day] of Object.entries(lastDays)) {
    if (!day) continue;
    const bars = ['2018-03-06', '2025-01-02', day].filter((one) => one <= day).map((one) => bar(one, 100));
    await seedBars(db.sql, defined(ids.get(symbol), symbol), bars);
  }
}

describe('what a run covers', () => {
  test('plans a daily run of all active instruments as of today without input', async () => {
    await seed({ AAPL: '2026-03-05', IBM: '2026-03-05', GONE: '2026-03-05' });
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'GONE'`;
    const batch = { runId: RUN, batch: 0, interval: 'daily', from: '2026-02-26', asOf: '2026-03-06' };
    expect(await plan()).toEqual({
      runId: RUN,
      mode: 'daily',
      asOf: '2026-03-06',
      instruments: 2,
      batches: [{ ...batch, symbols: ['AAPL', 'IBM'] }],
    });
  });

  test('plans each named symbol once', async () => {
    await seed({ AAPL: null, IBM: null, MSFT: null });
    const result = await plan({ symbols: ['MSFT', 'AAPL', 'MSFT'] });
    expect(result.instruments).toBe(2);
    expect(result.batches.map(({ symbols }) => symbols)).toEqual([['AAPL', 'MSFT']]);
  });

  describe('with a reference', () => {
    const symbolsOf = async (input: unknown, runId?: string) =>
      (await plan(input, runId)).batches.flatMap(({ symbols }) => symbols).sort();
    beforeEach(async () => {
      await seed({ AAPL: '2026-03-05', IBM: '2026-03-05', KO: '2026-03-05', MSFT: '2026-03-05' });
      await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'KO'`;
      await db.sql`UPDATE instruments SET purpose = 'both' WHERE symbol = 'IBM'`;
    });

    test('plans it together with named instruments', async () => {
      expect(await symbolsOf({ symbols: ['AAPL'] })).toEqual(['AAPL', 'IBM', 'KO']);
      expect(await symbolsOf({}, 'all')).toEqual(['AAPL', 'IBM', 'KO', 'MSFT']);
    });

    test('plans it not again within half a day, unless it is named', async () => {
      await plan({}, 'earlier');
      await db.sql`
        INSERT INTO instrument_fetches (instrument_id, interval, run_id, fetched_at, asked_from, source)
        SELECT id, 'daily', 'earlier', CASE symbol WHEN 'KO' THEN '2026-03-06T09:31Z' ELSE '2026-03-06T09:29Z' END::timestamptz,
          '2018-03-06', 'csv' FROM instruments WHERE symbol IN ('KO', 'IBM')`;
      expect(await symbolsOf({ symbols: ['AAPL'] })).toEqual(['AAPL', 'IBM']);
      expect(await symbolsOf({ symbols: ['KO'] }, 'named')).toEqual(['IBM', 'KO']);
    });

    test('registers the reference of the deployment first, and plans it', async () => {
      const reference = [{ symbol: 'IBM' }, { symbol: 'PEP', sector: 'Consumer Staples' }];
      const planned = await planRun({ runId: RUN, input: {} }, store.sql, { ...context, reference });
      expect(planned.batches.flatMap(({ symbols }) => symbols).sort()).toEqual([
        'AAPL',
        'IBM',
        'MSFT',
        'PEP',
      ]);
      expect(planned.batches.find(({ symbols }) => symbols.includes('PEP'))?.isReference).toBe(true);
      const [pep] = await db.sql`SELECT purpose, sector FROM instruments WHERE symbol = 'PEP'`;
      expect(pep).toEqual({ purpose: 'reference', sector: 'Consumer Staples' });
    });

    test('ends the reference of a deployment without one, and otherwise leaves the stored one alone', async () => {
      const active = () =>
        db.sql`SELECT symbol FROM instruments WHERE is_active AND purpose <> 'recommended' ORDER BY symbol`;
      await planRun({ runId: 'kept', input: {} }, store.sql, { ...context, reference: undefined });
      expect(await active()).toEqual([{ symbol: 'IBM' }, { symbol: 'KO' }]);
      await planRun({ runId: 'ended', input: {} }, store.sql, { ...context, reference: [] });
      expect(await active()).toEqual([]);
    });

    test('refuses a run in which nothing gets recommendations', async () => {
      await db.sql`UPDATE instruments SET purpose = 'reference'`;
      await expect(plan()).rejects.toThrow('no active instrument gets recommendations');
    });
  });

  describe('with a benchmark', () => {
    beforeEach(() => seed({ AAPL: '2026-03-05' }));
    const planWith = (benchmark: string | undefined, input: unknown = {}, runId = RUN) =>
      planRun({ runId, input }, store.sql, { ...context, benchmark });

    test('fetches its whole history after the stocks, and does not count it as one', async () => {
      const { instruments, batches } = await planWith('SPY');
      expect(instruments).toBe(1);
      expect(batches).toMatchObject([
        { symbols: ['AAPL'], from: '2026-02-26' },
        { symbols: ['SPY'], from: '2018-03-06', isReference: true },
      ]);
      expect(await db.sql`SELECT instruments FROM pipeline_runs`).toEqual([{ instruments: 1 }]);
    });

    test('fetches it with named instruments and not for 15-minute bars', async () => {
      await planWith('SPY', {}, 'all');
      const symbolsOf = (planned: PlanResult) => planned.batches.flatMap(({ symbols }) => symbols);
      expect(symbolsOf(await planWith(undefined, { symbols: ['AAPL'] }, 'named'))).toEqual(['AAPL', 'SPY']);
      expect(symbolsOf(await planWith(undefined, { mode: 'intraday' }, 'intraday'))).toEqual(['AAPL']);
    });

    test('counts it where it gets calls too', async () => {
      const { instruments, batches } = await planWith('AAPL');
      expect(instruments).toBe(1);
      expect(batches).toMatchObject([{ symbols: ['AAPL'] }]);
      expect(batches[0]).not.toHaveProperty('isReference');
    });

    test('refuses a run that has nothing else', async () => {
      await db.sql`UPDATE instruments SET is_active = false`;
      await expect(planWith('SPY')).rejects.toThrow('no active instrument gets recommendations');
    });
  });

  test.each([
    ['daily', '2026-02-26'],
    ['backfill', '2018-03-06'],
  ])('plans a %s run to fetch from %s on', async (mode, from) => {
    await seed({ AAPL: '2026-03-05' });
    expect((await plan({ mode })).batches.map((batch) => batch.from)).toEqual([from]);
  });

  test('fetches 30 days for an instrument without 15-minute bars', async () => {
    await seed({ AAPL: '2026-03-05' });
    expect((await plan({ mode: 'intraday' })).batches).toMatchObject([
      { interval: '15m', from: '2026-02-04' },
    ]);
  });

  test('fetches at most the whole history for new and long-lagging instruments', async () => {
    await seed({ AAPL: '2026-03-05', FRESH: null, LATE: '2017-06-01' });
    expect((await plan()).batches.map(({ batch, from, symbols }) => ({ batch, from, symbols }))).toEqual([
      { batch: 0, from: '2018-03-06', symbols: ['FRESH', 'LATE'] },
      { batch: 1, from: '2026-02-26', symbols: ['AAPL'] },
    ]);
  });

  test('prefers from and to of the input', async () => {
    await seed({ AAPL: '2026-03-05', FRESH: null });
    const { asOf, batches } = await plan({ from: '2025-12-01', to: '2025-12-31' });
    expect(asOf).toBe('2025-12-31');
    expect(batches).toMatchObject([{ from: '2025-12-01', asOf: '2025-12-31', symbols: ['AAPL', 'FRESH'] }]);
  });

  test('considers only the bars up to an earlier as-of', async () => {
    await seed({ AAPL: '2026-03-05' });
    expect((await plan({ to: '2026-03-04' })).batches.map(({ from }) => from)).toEqual(['2024-12-26']);
    expect((await plan({ to: '2026-03-05' })).batches.map(({ from }) => from)).toEqual(['2026-02-26']);
  });
});

describe('refusing an input', () => {
  beforeEach(() => seed({ AAPL: null }));

  test.each<[string, unknown, string]>([
    ['an unknown key', { symbol: ['AAPL'] }, 'pipeline input: Unrecognized key: "symbol"'],
    ['an unknown mode', { mode: 'weekly' }, 'pipeline input: mode: '],
    [
      'something that is not a symbol',
      { symbols: ['A A'] },
      'symbols.0: is not a symbol such as AAPL or BRK-B',
    ],
    ['no symbols at all', { symbols: [] }, 'symbols: is empty: leave it out to run all active instruments'],
    ['a day that does not exist', { to: '2026-02-30' }, 'pipeline input: to: '],
    ['reversed days', { from: '2026-02-02', to: '2026-02-01' }, 'from: from is later than to'],
    ['a future to', { to: '2026-03-07' }, 'to: 2026-03-07 is in the future (today is 2026-03-06)'],
    ['a future from', { from: '2026-03-07' }, 'from: 2026-03-07 is later than 2026-03-06'],
    [
      'unknown symbols, naming each',
      { symbols: ['AAPL', 'NOPE', 'NADA'] },
      'symbols: not among the active instruments: NOPE, NADA',
    ],
    ['a list as the input', ['AAPL'], 'pipeline input: '],
  ])('rejects %s', async (_, input, message) => {
    const refusal = await plan(input).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(BadInputError);
    expect(String(refusal)).toContain(message);
    expect(await db.sql`SELECT 1 FROM pipeline_runs`).toHaveLength(0);
  });

  test('refuses an inactive symbol', async () => {
    await db.sql`UPDATE instruments SET is_active = false`;
    await expect(plan({ symbols: ['AAPL'] })).rejects.toThrow('not among the active instruments: AAPL');
  });

  test('refuses a run without any active instrument', async () => {
    await db.sql`UPDATE instruments SET is_active = false`;
    await expect(plan()).rejects.toThrow(
      new BadInputError(
        'no active instrument gets recommendations: add some with npm run instruments before running the pipeline',
      ),
    );
  });
});

describe('batches of a run', () => {
  test('hold at most BATCH_SIZE instruments of one first day, each instrument once', async () => {
    const fresh = Array.from({ length: BATCH_SIZE * 2 + 1 }, (_, i) => `F${i + 1000}`);
    await seed({ ...Object.fromEntries(fresh.map((symbol) => [symbol, null])), AAPL: '2026-03-05' });
    const { batches, instruments } = await plan();
    expect(instruments).toBe(fresh.length + 1);
    expect(batches.map(({ batch, symbols }) => [batch, symbols.length])).toEqual([
      [0, BATCH_SIZE],
      [1, BATCH_SIZE],
      [2, 1],
      [3, 1],
    ]);
    expect(batches.flatMap(({ symbols }) => symbols)).toEqual([...fresh, 'AAPL']);
  });

  test('fit the payload limit with 10,000 instruments of the longest symbols', async () => {
    const symbols = Array.from({ length: 10_000 }, (_, i) => `LONGEST-NM${i + 10_000}`);
    await seedInstruments(db.sql, symbols);
    const result = await plan({}, 'r'.repeat(80));
    expect(result.instruments).toBe(10_000);
    expect(PlanResult.parse(result)).toEqual(result);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(256 * 1024);
  });
});

describe('side effects of planning', () => {
  test('records the run and makes partitions from the first day to a year ahead', async () => {
    await seed({ AAPL: null });
    for (const year of ['2018', '2027']) {
      await db.sql`DROP TABLE IF EXISTS ${db.sql(`price_bars_${year}`)}, ${db.sql(`features_${year}`)}`;
    }
    await plan({ symbols: ['AAPL'] });
    const [run] = await db.sql`SELECT *, as_of::text AS as_of FROM pipeline_runs`;
    expect(run).toMatchObject({
      id: RUN,
      status: 'running',
      mode: 'daily',
      input: { mode: 'daily', symbols: ['AAPL'] },
      provider: 'csv',
      as_of: '2026-03-06',
      instruments: 1,
      bars: 0,
      error: null,
      finished_at: null,
    });
    const partitions = await db.sql<{ name: string }[]>`
      SELECT relname AS name FROM pg_class WHERE relname ~ '^(price_bars_20.._daily|features_20..)$'`;
    const names = partitions.map(({ name }) => name);
    for (const year of ['2018', '2026', '2027']) {
      expect(names).toContain(`price_bars_${year}_daily`);
      expect(names).toContain(`features_${year}`);
    }
  });

  test('changes nothing when a run is planned again', async () => {
    await seed({ AAPL: '2026-03-05', FRESH: null });
    const first = await plan();
    await db.sql`UPDATE pipeline_runs SET status = 'failed', error = 'lost', finished_at = now(), bars = 3`;
    expect(await plan()).toEqual(first);
    const runs = await db.sql`SELECT status, error, finished_at, bars, instruments FROM pipeline_runs`;
    expect([...runs]).toEqual([
      { status: 'running', error: null, finished_at: null, bars: 3, instruments: 2 },
    ]);
  });
});

test('toDay returns the day in UTC', () => {
  expect(toDay(new Date('2026-03-06T23:59:59.999Z'))).toBe('2026-03-06');
  expect(toDay(new Date('2026-03-06T22:00:00-05:00'))).toBe('2026-03-07');
});
