import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ENV } from '../../../functions/shared/constants.ts';
import { closeDatabases } from '../../../functions/shared/database.ts';
import { embedded } from '../../../functions/shared/embedded-metrics.ts';
import { handler } from '../../../functions/watch/watch.lambda.ts';
import { readVitals, weekdayHours } from '../../../functions/watch/watch.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const at = (text: string) => new Date(`${text}:00Z`);

test.each([
  ['an evening and a morning', '2026-03-10T22:00', '2026-03-11T06:00', 8],
  ['a weekend', '2026-03-06T23:00', '2026-03-09T23:00', 24],
  ['Saturday to Sunday', '2026-03-07T01:00', '2026-03-08T20:00', 0],
  ['an instant', '2026-03-10T22:00', '2026-03-10T22:00', 0],
  ['two weeks', '2026-03-02T00:00', '2026-03-16T00:00', 240],
])('counts the weekday hours of %s', (_, from, to, hours) => {
  expect(weekdayHours(at(from), at(to))).toBe(hours);
});

describe('readVitals', () => {
  const run = (
    id: string,
    more: { status?: string; mode?: string; finished?: string; instruments?: number },
  ) =>
    database.sql`
      INSERT INTO pipeline_runs (id, mode, input, status, instruments, started_at, finished_at)
      VALUES (${id}, ${more.mode ?? 'daily'}, '{}', ${more.status ?? 'succeeded'}, ${more.instruments ?? 10},
        ${more.finished ?? '2026-03-10T23:00Z'}, ${more.finished ?? '2026-03-10T23:00Z'})`;
  const fail = (id: string, symbol: string, reason = 'timeout', step = 'fetch') =>
    database.sql`INSERT INTO pipeline_failures (run_id, symbol, step, reason_code, message)
      VALUES (${id}, ${symbol}, ${step}, ${reason}, 'x')`;
  const read = () => readVitals(database.client('pipeline'), at('2026-03-11T05:00'));

  test('returns no numbers before the first run', async () => {
    expect(await read()).toEqual({});
  });

  test('measures from the last successful daily run', async () => {
    await run('a', {});
    await run('b', { status: 'failed', finished: '2026-03-11T01:00Z' });
    await run('c', { mode: 'intraday', finished: '2026-03-11T02:00Z' });
    expect(await read()).toMatchObject({ hoursSinceRun: 6 });
  });

  test('measures from a partial run, which published, and counts its failures', async () => {
    await run('a', {});
    await run('b', { status: 'partial', finished: '2026-03-11T02:00Z', instruments: 4 });
    await fail('b', 'AAA');
    expect(await read()).toMatchObject({ hoursSinceRun: 3, failedShare: 0.25 });
  });

  test('counts failed instruments of the last daily run once, without short histories', async () => {
    await run('a', {});
    for (const step of ['fetch', 'load']) await fail('a', 'AAA', 'timeout', step);
    await fail('a', 'BBB', 'insufficient_history', 'infer');
    expect(await read()).toMatchObject({ failedShare: 0.1 });
  });

  test('returns no share for a run without instruments', async () => {
    await run('a', { instruments: 0 });
    expect(await read()).not.toHaveProperty('failedShare');
  });
});

test('the function closes overdue runs before it reads the vital signs', async () => {
  vi.stubEnv(ENV.pipelineDatabaseSecret, database.url('pipeline'));
  vi.stubEnv(ENV.stage, 'dev');
  vi.stubEnv('LOG_LEVEL', 'silent');
  const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await database.sql`
    INSERT INTO pipeline_runs (id, mode, input, started_at) VALUES ('lost', 'daily', '{}', now() - interval '2 days')`;
  await handler();
  output.mockRestore();
  expect([...(await database.sql`SELECT status FROM pipeline_runs`)]).toEqual([{ status: 'failed' }]);
  await closeDatabases();
  vi.unstubAllEnvs();
});

test('logs the known vital signs as metrics of the stage', () => {
  const line = embedded({ hoursSinceRun: 3 }, 'prod', at('2026-03-11T05:00'));
  expect(line).toEqual({
    _aws: {
      Timestamp: Date.parse('2026-03-11T05:00Z'),
      CloudWatchMetrics: [
        {
          Namespace: 'Boursomatic',
          Dimensions: [['Stage']],
          Metrics: [{ Name: 'HoursSinceRun', Unit: 'None' }],
        },
      ],
    },
    Stage: 'prod',
    HoursSinceRun: 3,
  });
});
