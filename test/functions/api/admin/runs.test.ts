import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FailuresQuery, listRunFailures } from '../../../../functions/api/admin/list-run-failures.ts';
import { listRuns, RunsQuery } from '../../../../functions/api/admin/list-runs.ts';
import { readRun } from '../../../../functions/api/admin/read-run.ts';
import { writeCursor } from '../../../../functions/api/lists/cursor.ts';
import type { Sql } from '../../../../functions/shared/database.ts';
import { recordFailures } from '../../../../functions/shared/ledger.ts';
import { useTestDatabase } from '../../../support/database.ts';
import { everyPage } from './support.ts';

const db = useTestDatabase();
let api: Sql;
beforeAll(() => {
  api = db.client('api');
});
beforeEach(async () => {
  await db.sql`TRUNCATE pipeline_runs, instruments, model_versions CASCADE`;
});

async function seedRun(id: string, startedAt: string, status = 'succeeded'): Promise<void> {
  await db.sql`
    INSERT INTO pipeline_runs (id, status, mode, input, provider, as_of, instruments, bars, started_at, finished_at)
    VALUES (${id}, ${status}, 'daily', ${db.sql.json({ mode: 'daily' })}, 'sample', '2026-03-02', 3, 12, ${startedAt},
      ${status === 'running' ? null : db.sql`${startedAt}::timestamptz + interval '90.5 seconds'`})`;
}

const fail = (runId: string, symbol: string, step: 'fetch' | 'load' | 'features', reason: string) =>
  recordFailures(db.sql, runId, [{ symbol, step, reason, message: `${symbol} failed.` }]);

const list = (query: Record<string, string> = {}) => listRuns(api, RunsQuery.parse(query));
const ids = async (query: Record<string, string> = {}) => (await list(query)).items.map(({ id }) => id);

describe('listRuns', () => {
  test('returns a run with the number of failed instruments', async () => {
    await seedRun('run-1', '2026-03-02T22:00:00Z');
    await fail('run-1', 'AAA', 'fetch', 'no_data');
    await fail('run-1', 'AAA', 'features', 'no_bars');
    expect((await list()).items).toEqual([
      {
        id: 'run-1',
        status: 'succeeded',
        step: 'publish',
        mode: 'daily',
        provider: 'sample',
        asOf: '2026-03-02',
        modelVersion: null,
        startedAt: '2026-03-02T22:00:00.000Z',
        finishedAt: '2026-03-02T22:01:30.500Z',
        durationSeconds: 90.5,
        counts: { instruments: 3, bars: 12, features: 0, recommendations: 0, failures: 1 },
        error: null,
      },
    ]);
  });

  test('sorts newest first and filters by status', async () => {
    await seedRun('old', '2026-03-01T22:00:00Z', 'failed');
    await seedRun('new', '2026-03-03T22:00:00Z', 'running');
    await seedRun('mid', '2026-03-02T22:00:00Z');
    expect(await ids()).toEqual(['new', 'mid', 'old']);
    expect(await ids({ status: 'failed' })).toEqual(['old']);
    await seedRun('part', '2026-03-04T22:00:00Z', 'partial');
    expect(await ids({ status: 'partial' })).toEqual(['part']);
    expect((await list({ status: 'partial' })).items[0]).toMatchObject({
      status: 'partial',
      step: 'publish',
    });
    expect((await list({ status: 'running' })).items[0]).toMatchObject({
      finishedAt: null,
      durationSeconds: null,
    });
  });

  test('returns every run once across pages, even if they started within one millisecond', async () => {
    for (let n = 0; n < 7; n++) await seedRun(`run-${n}`, `2026-03-02T22:00:00.00000${Math.floor(n / 2)}Z`);
    const { items, sizes } = await everyPage((cursor) => list({ limit: '2', ...(cursor && { cursor }) }));
    expect(sizes).toEqual([2, 2, 2, 1]);
    expect(items.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `run-${n}`));
  });

  test.each([
    ['of another list', writeCursor({ list: 'users' }, ['2026-03-02T22:00:00.000000Z', 'run-1'])],
    ['of no instant', writeCursor({ list: 'runs' }, ['0000-13-01T22:00:00.000000Z', 'run-1'])],
    ['of no text', writeCursor({ list: 'runs' }, ['2026-03-02T22:00:00.000000Z', 'run\u0000'])],
  ])('refuses a cursor %s', async (_what, cursor) => {
    await expect(list({ cursor })).rejects.toMatchObject({ status: 400, code: 'invalid-cursor' });
  });
});

describe('readRun', () => {
  test('returns the input and the reasons for failures', async () => {
    await seedRun('run-1', '2026-03-02T22:00:00Z');
    await fail('run-1', 'AAA', 'fetch', 'no_data');
    await fail('run-1', 'BBB', 'fetch', 'no_data');
    await fail('run-1', 'CCC', 'features', 'insufficient_history');
    expect(await readRun(api, 'run-1')).toMatchObject({
      input: { mode: 'daily' },
      counts: { failures: 3 },
      failuresByReason: [
        { step: 'fetch', reason: 'no_data', instruments: 2 },
        { step: 'features', reason: 'insufficient_history', instruments: 1 },
      ],
    });
  });

  test('answers 404 for a run that is not in the ledger', async () => {
    await expect(readRun(api, 'nope')).rejects.toMatchObject({ status: 404, code: 'not-found' });
  });
});

describe('listRunFailures', () => {
  const failures = (runId: string, query: Record<string, string> = {}) =>
    listRunFailures(api, runId, FailuresQuery.parse(query));

  test('returns failures oldest first, by step or reason, one page at a time', async () => {
    await seedRun('run-1', '2026-03-02T22:00:00Z');
    await seedRun('run-2', '2026-03-03T22:00:00Z');
    for (const symbol of ['EEE', 'DDD', 'CCC']) await fail('run-1', symbol, 'fetch', 'no_data');
    await fail('run-1', 'AAA', 'load', 'jump');
    await fail('run-2', 'ZZZ', 'load', 'jump');
    const { items, sizes } = await everyPage((cursor) =>
      failures('run-1', { limit: '2', ...(cursor && { cursor }) }),
    );
    expect(sizes).toEqual([2, 2]);
    expect(items.map(({ symbol }) => symbol)).toEqual(['EEE', 'DDD', 'CCC', 'AAA']);
    expect(items[3]).toEqual({
      id: expect.any(String),
      symbol: 'AAA',
      step: 'load',
      reason: 'jump',
      message: 'AAA failed.',
      createdAt: expect.any(String),
    });
    expect((await failures('run-1', { step: 'load' })).items).toHaveLength(1);
    expect((await failures('run-1', { reason: 'no_data' })).items).toHaveLength(3);
    expect((await failures('run-1', { reason: 'no_data', step: 'load' })).items).toEqual([]);
  });

  test('answers 404 for a run that is not in the ledger', async () => {
    await expect(failures('nope')).rejects.toMatchObject({ status: 404 });
  });
});
