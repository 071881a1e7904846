import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sql } from '../../../functions/shared/database.ts';
import { TooManyFailuresError } from '../../../functions/shared/errors.ts';
import {
  assertTolerable,
  clearFailures,
  closeOverdueRuns,
  type Failure,
  recordFailures,
  toleratedFailures,
} from '../../../functions/shared/ledger.ts';
import { useTestDatabase } from '../../support/database.ts';

const RUN = 'run-1';
const db = useTestDatabase();
let sql: Sql;
beforeAll(() => {
  sql = db.client('pipeline');
});
beforeEach(async () => {
  await db.sql`TRUNCATE pipeline_runs, pipeline_failures, instruments CASCADE`;
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

describe('tolerated failures', () => {
  test.each([
    [1, 1],
    [5, 1],
    [9, 1],
    [10, 2],
    [100, 20],
    [10_000, 2000],
  ])('of %i instruments, tolerates %i', (instruments, tolerated) => {
    expect(toleratedFailures(instruments)).toBe(tolerated);
  });

  test.each([
    ['none', 1, 0],
    ['one of two', 2, 1],
    ['one of three', 3, 1],
    ['a share of many', 10, 2],
  ])('%s do not fail a run', async (_, instruments, failures) => {
    await openRun(instruments);
    await recordFailures(sql, RUN, failed(failures));
    await expect(assertTolerable(sql, RUN)).resolves.toBeUndefined();
  });

  test.each([
    ['the only one', 1, 1],
    ['all of two', 2, 2],
    ['two of three', 3, 2],
    ['one more than the share', 10, 3],
  ])('%s fail a run', async (_, instruments, failures) => {
    await openRun(instruments);
    await recordFailures(sql, RUN, failed(failures));
    await expect(assertTolerable(sql, RUN)).rejects.toThrow(TooManyFailuresError);
  });

  test('ignores insufficient history, even of all instruments', async () => {
    await openRun(4);
    await recordFailures(sql, RUN, failed(4, { step: 'infer', reason: 'insufficient_history' }));
    await expect(assertTolerable(sql, RUN)).resolves.toBeUndefined();
    await recordFailures(sql, RUN, [failure('S100')]);
    await expect(assertTolerable(sql, RUN)).resolves.toBeUndefined();
  });

  test('counts an instrument that failed in two steps once', async () => {
    await openRun(3);
    await recordFailures(sql, RUN, [
      failure('AAPL'),
      failure('AAPL', { step: 'features', reason: 'not_finite' }),
    ]);
    await expect(assertTolerable(sql, RUN)).resolves.toBeUndefined();
  });

  test('ignores failures of another run', async () => {
    await openRun(10);
    await openRun(10, 'run-2');
    await recordFailures(sql, 'run-2', failed(9));
    await expect(assertTolerable(sql, RUN)).resolves.toBeUndefined();
  });

  test('names the most frequent reason with an example', async () => {
    await openRun(10);
    const limited = failed(3, { step: 'fetch', reason: 'rate_limited', message: 'asked too often' });
    await recordFailures(sql, RUN, [...limited, failure('AAPL'), failure('IBM')]);
    await expect(assertTolerable(sql, RUN)).rejects.toThrow(
      '5 of 10 instruments failed, 3 of them with rate_limited (asked too often)',
    );
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
