import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { SystematicFaultError } from '../../../functions/shared/errors.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import {
  clearFailures,
  closeOverdueRuns,
  type Failure,
  judgeLedger,
  recordFailures,
  recordUnloaded,
} from '../../../functions/shared/ledger.ts';
import { useTestDatabase } from '../../support/database.ts';
import { seedBars, seedInstruments } from '../infer/support.ts';

const RUN = 'run-1';
const db = useTestDatabase();
let sql: Sql;
beforeAll(() => {
  sql = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE pipeline_runs, pipeline_failures, price_bars, instruments CASCADE`;
});

const openRun = (instruments: number, id = RUN) =>
  db.sql`INSERT INTO pipeline_runs (id, input, instruments) VALUES (${id}, '{}', ${instruments})`;
const failure = (symbol: string, rest: Partial<Failure> = {}): Failure => ({
  symbol,
  step: 'load',
  reason: 'jump',
  message: `${symbol} jumped`,
  ...rest,
});
const failed = (count: number, rest: Partial<Failure> = {}) =>
  Array.from({ length: count }, (_, i) => failure(`S${100 + i}`, rest));
const stored = async () => [
  ...(await db.sql`SELECT run_id, symbol, step, reason_code, message FROM pipeline_failures ORDER BY run_id, symbol, step`),
];

describe('recordFailures and clearFailures', () => {
  test('keep one row per instrument and step, with the latest reason', async () => {
    await openRun(3);
    await recordFailures(sql, RUN, [failure('AAPL'), failure('IBM')]);
    await recordFailures(sql, RUN, [
      failure('IBM', { reason: 'not_finite', message: 'new' }),
      failure('IBM', { step: 'infer' }),
    ]);
    expect(await stored()).toEqual([
      { run_id: RUN, symbol: 'AAPL', step: 'load', reason_code: 'jump', message: 'AAPL jumped' },
      { run_id: RUN, symbol: 'IBM', step: 'infer', reason_code: 'jump', message: 'IBM jumped' },
      { run_id: RUN, symbol: 'IBM', step: 'load', reason_code: 'not_finite', message: 'new' },
    ]);
  });

  test('refer to the active instrument of the symbol, if there is one', async () => {
    await openRun(2);
    await db.sql`INSERT INTO instruments (symbol, exchange, is_active) VALUES ('AAPL', 'XETRA', false), ('AAPL', 'NASDAQ', true)`;
    await recordFailures(sql, RUN, [failure('AAPL'), failure('GONE')]);
    const rows = await db.sql`
      SELECT f.symbol, i.exchange FROM pipeline_failures f LEFT JOIN instruments i ON i.id = f.instrument_id ORDER BY f.symbol`;
    expect([...rows]).toEqual([
      { symbol: 'AAPL', exchange: 'NASDAQ' },
      { symbol: 'GONE', exchange: null },
    ]);
  });

  test('delete only failures of the given step, symbols and run', async () => {
    await openRun(3);
    await openRun(3, 'run-2');
    await recordFailures(sql, RUN, [failure('AAPL'), failure('AAPL', { step: 'infer' }), failure('IBM')]);
    await recordFailures(sql, 'run-2', [failure('AAPL')]);
    await clearFailures(sql, RUN, 'load', ['AAPL', 'MSFT']);
    expect((await stored()).map(({ run_id, symbol, step }) => `${run_id} ${symbol} ${step}`)).toEqual([
      'run-1 AAPL infer',
      'run-1 IBM load',
      'run-2 AAPL load',
    ]);
  });

  test('write nothing without failures', async () => {
    await recordFailures(sql, 'a run that is not', []);
    expect(await stored()).toEqual([]);
  });
});

describe('judgeLedger', () => {
  test('counts an instrument that failed in two steps once, with its first reason', async () => {
    await openRun(3);
    await recordFailures(sql, RUN, [failure('AAPL')]);
    await recordFailures(sql, RUN, [failure('AAPL', { step: 'features', reason: 'not_finite' })]);
    expect(await judgeLedger(sql, RUN)).toEqual({
      status: 'partial',
      explanation: '1 of 3 instruments failed. jump: AAPL (AAPL jumped).',
    });
  });

  test('ignores the failure of an instrument that is only the benchmark', async () => {
    await openRun(1);
    await seedInstruments(db.sql, ['AAPL', 'SPY']);
    await db.sql`UPDATE instruments SET is_benchmark = true WHERE symbol = 'SPY'`;
    await recordFailures(sql, RUN, [failure('SPY')]);
    await expect(judgeLedger(sql, RUN)).rejects.toThrow('The only instrument failed');
    await db.sql`UPDATE instruments SET purpose = 'benchmark' WHERE symbol = 'SPY'`;
    expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
  });

  test('ignores failures of another run', async () => {
    await openRun(10);
    await openRun(10, 'run-2');
    await recordFailures(sql, 'run-2', failed(9));
    expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
  });

  test('throws if a systematic fault stops the run', async () => {
    await openRun(10);
    await recordFailures(sql, RUN, failed(6, { step: 'fetch', reason: 'rate_limited' }));
    await expect(judgeLedger(sql, RUN)).rejects.toThrow(SystematicFaultError);
    await expect(judgeLedger(sql, RUN)).rejects.toThrow('The provider refused 6 of 10 instruments.');
  });

  describe('on a run for whose instruments no bar is new', () => {
    /** Two instruments with bars on these days. */
    const seed = async (days: string[], run: { asOf: string; mode?: string; symbols?: string[] }) => {
      const input = run.symbols ? { symbols: run.symbols } : {};
      await db.sql`
        INSERT INTO pipeline_runs (id, mode, input, as_of, instruments)
        VALUES (${RUN}, ${run.mode ?? 'daily'}, ${db.sql.json(input)}, ${run.asOf}, 2)`;
      for (const id of await seedInstruments(db.sql, ['AAPL', 'IBM'])) {
        await seedBars(
          db.sql,
          id,
          days.map((day) => ({ day, close: 50 })),
        );
      }
    };
    /** Friday 27 February was a holiday. */
    const DAYS = ['2026-02-25', '2026-02-26', '2026-03-02', '2026-03-03'];

    test.each([
      ['the day before', '2026-03-04'],
      ['one weekday later, which may be a holiday', '2026-03-05'],
      ['an earlier day', '2026-02-26'],
    ])('accepts a last bar of %s', async (_, asOf) => {
      await seed(DAYS, { asOf });
      expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
    });

    test('throws if their market has never been closed for as long', async () => {
      await seed(DAYS, { asOf: '2026-03-06' });
      await expect(judgeLedger(sql, RUN)).rejects.toThrow(
        'No instrument has a bar after 2026-03-03, for 2 weekdays. In their history, the longest closure took 1.',
      );
    });

    test('accepts a closure as long as an earlier one', async () => {
      await seed(['2026-02-13', '2026-02-24', ...DAYS], { asOf: '2026-03-12' });
      expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
    });

    test('accepts it if the run only updates the data', async () => {
      await seed(DAYS, { asOf: '2026-03-06', mode: 'backfill' });
      expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
    });

    test('throws even if an instrument that the run does not cover has a newer bar', async () => {
      await seed(DAYS, { asOf: '2026-03-06', symbols: ['AAPL', 'IBM'] });
      const [id] = await seedInstruments(db.sql, ['BTC-USD']);
      await seedBars(db.sql, defined(id, 'id'), [{ day: '2026-03-06', close: 50 }]);
      await expect(judgeLedger(sql, RUN)).rejects.toThrow('No instrument has a bar after 2026-03-03');
    });

    test('throws even if the benchmark has a newer bar', async () => {
      await seed(DAYS, { asOf: '2026-03-06' });
      const [id] = await seedInstruments(db.sql, ['SPY']);
      await seedBars(db.sql, defined(id, 'id'), [{ day: '2026-03-06', close: 50 }]);
      await db.sql`UPDATE instruments SET purpose = 'benchmark', is_benchmark = true WHERE symbol = 'SPY'`;
      await expect(judgeLedger(sql, RUN)).rejects.toThrow('No instrument has a bar after 2026-03-03');
    });

    test('accepts it if any of its instruments has a newer bar', async () => {
      await seed(DAYS, { asOf: '2026-03-06' });
      const [id] = await seedInstruments(db.sql, ['BTC-USD']);
      await seedBars(db.sql, defined(id, 'id'), [{ day: '2026-03-06', close: 50 }]);
      expect(await judgeLedger(sql, RUN)).toEqual({ status: 'succeeded' });
    });
  });
});

describe('recordUnloaded', () => {
  const batches = [
    { from: '2026-03-02', symbols: ['AAPL', 'IBM'] },
    { from: '2026-03-02', symbols: ['GONE', 'MSFT'] },
  ];
  beforeEach(async () => {
    const [aapl = ''] = await seedInstruments(db.sql, ['AAPL', 'IBM', 'MSFT']);
    await db.sql`
      INSERT INTO pipeline_runs (id, input, instruments, batches) VALUES (${RUN}, '{}', 4, ${db.sql.json(batches)})`;
    await db.sql`
      INSERT INTO instrument_fetches (instrument_id, interval, run_id, source, fetched_at, asked_from)
      VALUES (${aapl}, 'daily', ${RUN}, 'yahoo', now(), '2026-03-02')`;
    await recordFailures(sql, RUN, [failure('IBM')]);
  });

  test('records active instruments of which the run has neither bars nor a failure', async () => {
    for (let time = 0; time < 2; time++) await recordUnloaded(sql, RUN);
    expect((await stored()).map(({ symbol, step, reason_code }) => [symbol, step, reason_code])).toEqual([
      ['IBM', 'load', 'jump'],
      ['MSFT', 'load', 'batch_failed'],
    ]);
  });

  test('leaves rows that Load deletes when the batch is repeated', async () => {
    await recordUnloaded(sql, RUN);
    await clearFailures(sql, RUN, 'load', ['MSFT']);
    expect((await stored()).map(({ symbol }) => symbol)).toEqual(['IBM']);
  });
});

describe('closeOverdueRuns', () => {
  const NOW = new Date('2026-03-11T12:00:00Z');
  const open = (id: string, started: string, redriven: string | null = null, status = 'running') =>
    db.sql`
      INSERT INTO pipeline_runs (id, input, started_at, redriven_at, status)
      VALUES (${id}, '{}', ${started}, ${redriven}, ${status})`;

  test('closes only runs that have been open for longer than an execution may take', async () => {
    await open('lost', '2026-03-10T22:00:00Z');
    await open('today', '2026-03-11T00:00:00Z');
    await open('redriven', '2026-03-09T22:00:00Z', '2026-03-11T10:00:00Z');
    await open('lost-again', '2026-03-08T22:00:00Z', '2026-03-10T10:00:00Z');
    await open('done', '2026-03-10T22:00:00Z', null, 'succeeded');
    expect((await closeOverdueRuns(sql, NOW)).sort()).toEqual(['lost', 'lost-again']);
    expect(await closeOverdueRuns(sql, NOW)).toEqual([]);
    expect([...(await db.sql`SELECT id, status, error, finished_at FROM pipeline_runs ORDER BY id`)]).toEqual(
      [
        { id: 'done', status: 'succeeded', error: null, finished_at: null },
        ...['lost', 'lost-again'].map((id) => ({
          id,
          status: 'failed',
          error: 'EndUnknown: the run has been open for more than 13 hours, and nothing recorded its end',
          finished_at: NOW,
        })),
        { id: 'redriven', status: 'running', error: null, finished_at: null },
        { id: 'today', status: 'running', error: null, finished_at: null },
      ],
    );
  });
});
