import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DayReturn } from '../../../functions/infer/day-returns.ts';
import { marketReturns } from '../../../functions/infer/market-returns.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type DayBar, insertBars, scoreUpTo, seedCall } from './score-support.ts';
import { seedInstruments, seedModel, seedRun } from './support.ts';

const AS_OF = '2026-01-05';
const DAYS = [AS_OF, '2026-01-06', '2026-01-07', '2026-01-08'];

describe('marketReturns', () => {
  const EXIT = new Date('2026-01-07');
  const stock = (returnPct: number | null, isBenchmark = false, symbol = 'A'): DayReturn => ({
    id: symbol,
    symbol,
    isStock: !isBenchmark,
    isBenchmark,
    exit: returnPct === null ? null : EXIT,
    returnPct,
    openReturnPct: returnPct === null ? null : returnPct + 1,
  });
  const stocks = (ended: number, waiting: number) => [
    ...Array.from({ length: ended }, (_, i) => stock(i)),
    ...Array.from({ length: waiting }, () => stock(null)),
  ];

  test('averages the stocks, and not the benchmark', () => {
    expect(marketReturns([stock(1), stock(3), stock(50, true, 'SPY')], false)).toEqual({
      instruments: 2,
      returnPct: 2,
      openReturnPct: 3,
      benchmark: expect.objectContaining({ symbol: 'SPY', returnPct: 50, openReturnPct: 51 }),
    });
  });

  test('waits until nine of ten stocks have ended their horizon, or the wait is over', () => {
    expect(marketReturns(stocks(9, 1), false)).toMatchObject({ instruments: 9, returnPct: 4 });
    expect(marketReturns(stocks(8, 2), false)).toBeUndefined();
    expect(marketReturns(stocks(8, 2), true)).toMatchObject({ instruments: 8 });
    expect(marketReturns(stocks(0, 2), true)).toBeUndefined();
  });

  test('waits for the benchmark, or the wait is over', () => {
    expect(marketReturns([stock(1), stock(null, true)], false)).toBeUndefined();
    expect(marketReturns([stock(1), stock(null, true)], true)).toEqual({
      instruments: 1,
      returnPct: 1,
      openReturnPct: 2,
    });
  });

  test('counts the benchmark among the stocks if somebody follows it', () => {
    const followed = { ...stock(3, true, 'SPY'), isStock: true };
    expect(marketReturns([stock(1), followed], false)).toMatchObject({
      instruments: 2,
      returnPct: 2,
      benchmark: { symbol: 'SPY', returnPct: 3 },
    });
  });
});

describe('scoreOutcomes', () => {
  const db = useTestDatabase();
  let pipeline: Sql;
  let ids: string[];
  beforeAll(async () => {
    pipeline = db.client('pipeline');
    await db.sql`SELECT ensure_partitions('daily', '2026-01-01', '2026-02-28')`;
  });
  beforeEach(async () => {
    await db.sql`TRUNCATE recommendations, model_versions, pipeline_runs, instruments, price_bars,
      market_return_backlog, track_record_market_returns CASCADE`;
    ids = await seedInstruments(db.sql, ['A', 'B', 'C', 'D']);
    await seedModel(db.sql);
    await seedRun(db.sql, 'run-1');
    await seedCall(db.sql, { instrument: ids[0] ?? '', asOf: AS_OF, horizon: 2, close: 100 });
  });

  /** Bars of the first days; an open is 1 above the close before. */
  const trade = (place: number, ...closes: number[]) =>
    insertBars(
      db.sql,
      ids[place] ?? '',
      closes.map((c, i): DayBar => {
        const o = i === 0 ? c : (closes[i - 1] ?? 0) + 1;
        return [DAYS[i] ?? '', o, Math.max(o, c), Math.min(o, c), c];
      }),
    );
  const returns = () => db.sql`
    SELECT as_of, horizon_days, instruments, return_pct, open_return_pct, benchmark, benchmark_return_pct
    FROM track_record_market_returns`;
  const waiting = () => db.sql`SELECT as_of, first_exit FROM market_return_backlog`;
  const averageOf = (instruments: number, ...exits: number[]) => ({
    as_of: new Date(AS_OF),
    horizon_days: 2,
    instruments,
    return_pct: expect.closeTo(exits.reduce((sum, exit) => sum + exit - 100, 0) / exits.length, 9),
    open_return_pct: expect.closeTo(
      exits.reduce((sum, exit) => sum + (exit / 101 - 1) * 100, 0) / exits.length,
      9,
    ),
    benchmark: null,
    benchmark_return_pct: null,
  });

  test('stores the average of all instruments, with calls, for reference or deactivated since', async () => {
    await db.sql`UPDATE instruments SET purpose = 'reference' WHERE symbol = 'B'`;
    await db.sql`UPDATE instruments SET is_active = false WHERE symbol = 'D'`;
    await trade(0, 100, 105, 110);
    await trade(1, 100, 100, 90);
    await trade(2, 100, 99, 103);
    await trade(3, 100, 100, 500);
    expect(await scoreUpTo('2026-01-07', pipeline)).toEqual({ scored: 1 });
    expect([...(await returns())]).toEqual([averageOf(4, 110, 90, 103, 500)]);
    expect([...(await waiting())]).toEqual([]);
  });

  test('leaves out an instrument that was only the benchmark, also after another one has replaced it', async () => {
    await db.sql`UPDATE instruments SET is_active = false, purpose = 'benchmark' WHERE symbol = 'D'`;
    await trade(0, 100, 105, 110);
    await trade(3, 100, 100, 500);
    await scoreUpTo('2026-01-07', pipeline);
    expect([...(await returns())]).toEqual([averageOf(1, 110)]);
  });

  test('reads no bar later than the as-of, and only instruments that traded on the day', async () => {
    await trade(0, 100, 105, 110, 1000);
    await trade(1, 100, 100, 90, 1000);
    await insertBars(db.sql, ids[2] ?? '', [
      ['2026-01-06', 7, 7, 7, 7],
      ['2026-01-07', 9, 9, 9, 9],
      ['2026-01-08', 11, 11, 11, 11],
    ]);
    await scoreUpTo('2026-01-06', pipeline);
    expect([...(await returns()), ...(await waiting())]).toEqual([]);
    await scoreUpTo('2026-01-07', pipeline);
    expect([...(await returns())]).toEqual([averageOf(2, 110, 90)]);
  });

  test('waits for late instruments, and the outcome does not', async () => {
    await trade(0, 100, 105, 110);
    await trade(1, 100, 100);
    expect(await scoreUpTo('2026-01-07', pipeline)).toEqual({ scored: 1 });
    expect([...(await returns())]).toEqual([]);
    expect([...(await waiting())]).toEqual([{ as_of: new Date(AS_OF), first_exit: new Date('2026-01-07') }]);
    await insertBars(db.sql, ids[1] ?? '', [['2026-01-08', 100, 100, 90, 90]]);
    await scoreUpTo('2026-01-07', pipeline);
    expect([...(await returns())]).toEqual([]);
    await scoreUpTo('2026-01-08', pipeline);
    expect([...(await returns())]).toEqual([averageOf(2, 110, 90)]);
    expect([...(await waiting())]).toEqual([]);
  });

  test('waits a week for late instruments', async () => {
    await trade(0, 100, 105, 110);
    await trade(1, 100, 100);
    for (const asOf of ['2026-01-07', '2026-01-13']) await scoreUpTo(asOf, pipeline);
    expect([...(await returns())]).toEqual([]);
    await scoreUpTo('2026-01-14', pipeline);
    expect([...(await returns())]).toEqual([averageOf(1, 110)]);
  });

  test('stores a day once: calls that are scored later, restated bars and repeated runs change nothing', async () => {
    await trade(0, 100, 105, 110);
    await trade(1, 100, 100, 90);
    await scoreUpTo('2026-01-07', pipeline);
    const before = await db.sql`SELECT * FROM track_record_market_returns`;
    await trade(2, 100, 100, 400);
    await seedCall(db.sql, { instrument: ids[2] ?? '', asOf: AS_OF, horizon: 2, close: 100 });
    await db.sql`UPDATE price_bars SET c = o WHERE ts = '2026-01-07'::timestamptz`;
    expect(await scoreUpTo('2026-01-07', pipeline)).toEqual({ scored: 1 });
    expect(await scoreUpTo('2026-01-07', pipeline)).toEqual({ scored: 0 });
    expect(await db.sql`SELECT * FROM track_record_market_returns`).toEqual(before);
  });

  test('stores no row for a day that was scored before rows were stored', async () => {
    await trade(0, 100, 105, 110);
    await trade(1, 100, 100, 90);
    await db.sql`
      INSERT INTO recommendation_outcomes (recommendation_id, exit_ts, entry_close, exit_close, realised_return_pct)
      SELECT id, '2026-01-07', 100, 110, 10 FROM recommendations`;
    await seedCall(db.sql, { instrument: ids[1] ?? '', asOf: AS_OF, horizon: 2, close: 100 });
    expect(await scoreUpTo('2026-01-07', pipeline)).toEqual({ scored: 1 });
    expect([...(await returns()), ...(await waiting())]).toEqual([]);
  });

  test('compares with the benchmark over as many of its own sessions', async () => {
    await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'D'`;
    await trade(0, 100, 105, 110);
    await insertBars(db.sql, ids[3] ?? '', [
      [AS_OF, 50, 50, 50, 50],
      ['2026-01-07', 50, 51, 50, 51],
      ['2026-01-08', 52, 60, 52, 60],
    ]);
    await scoreUpTo('2026-01-07', pipeline);
    expect([...(await returns())]).toEqual([]);
    await scoreUpTo('2026-01-08', pipeline);
    expect([...(await returns())]).toEqual([
      { ...averageOf(1, 110), benchmark: 'D', benchmark_return_pct: expect.closeTo(20, 9) },
    ]);
  });
});
