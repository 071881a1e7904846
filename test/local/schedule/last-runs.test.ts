import { beforeEach, expect, test } from 'vitest';
import { readLastRuns } from '../../../local/schedule/last-runs.ts';
import { useTestDatabase } from '../../support/database.ts';

const NOW = new Date('2026-11-26T00:00:00Z');
const db = useTestDatabase();
let runs = 0;
beforeEach(async () => {
  await db.sql`TRUNCATE pipeline_runs CASCADE`;
});

/** Stores a run that took two minutes. */
async function store(
  started: string,
  status: string,
  { mode = 'daily', input = {} }: { mode?: string | null; input?: Record<string, string | string[]> } = {},
): Promise<void> {
  const at = new Date(started);
  await db.sql`
    INSERT INTO pipeline_runs (id, mode, input, status, started_at, finished_at)
    VALUES (${`run-${runs++}`}, ${mode}, ${db.sql.json(input)}, ${status}, ${at},
      ${status === 'running' ? null : new Date(at.getTime() + 120_000)})`;
}

const read = () => readLastRuns(db.client('pipeline'), NOW);

test('finds nothing in a ledger without runs', async () => {
  expect(await read()).toEqual({
    firstDaily: undefined,
    lastDaily: undefined,
    failedDaily: undefined,
    recentDaily: [],
    lastIntraday: undefined,
  });
});

test('finds the first and the last daily run that published, also those that are partial', async () => {
  await store('2026-11-20T23:30Z', 'succeeded');
  await store('2026-11-23T23:30Z', 'succeeded');
  await store('2026-11-24T23:30Z', 'partial');
  await store('2026-11-25T23:30Z', 'running');
  expect(await read()).toMatchObject({
    firstDaily: new Date('2026-11-20T23:30Z'),
    lastDaily: new Date('2026-11-24T23:30Z'),
    failedDaily: undefined,
  });
});

test('counts the failures since the last daily run that published', async () => {
  await store('2026-11-24T23:20Z', 'failed');
  await store('2026-11-24T23:30Z', 'succeeded');
  await store('2026-11-25T23:30Z', 'failed');
  // The run of an input that Plan refused.
  await store('2026-11-25T23:40Z', 'failed', { mode: null });
  expect(await read()).toMatchObject({ failedDaily: { at: new Date('2026-11-25T23:42Z'), count: 2 } });
});

test('finds the last intraday run, whether it succeeded or not', async () => {
  await store('2026-11-25T15:02Z', 'succeeded', { mode: 'intraday' });
  await store('2026-11-25T15:17Z', 'failed', { mode: 'intraday' });
  expect(await read()).toEqual({
    firstDaily: undefined,
    lastDaily: undefined,
    failedDaily: undefined,
    recentDaily: [],
    lastIntraday: new Date('2026-11-25T15:17Z'),
  });
});

test('finds the daily runs of the last week, and the attempts as of earlier days', async () => {
  await store('2026-11-18T23:30Z', 'succeeded');
  await store('2026-11-20T23:30Z', 'partial');
  await store('2026-11-23T23:30Z', 'failed');
  await store('2026-11-25T23:30Z', 'succeeded');
  await store('2026-11-25T23:40Z', 'failed', { input: { to: '2026-11-23' } });
  expect(await read()).toMatchObject({
    lastDaily: new Date('2026-11-25T23:30Z'),
    failedDaily: undefined,
    recentDaily: [
      { startedAt: new Date('2026-11-20T23:30Z') },
      { startedAt: new Date('2026-11-25T23:30Z') },
      { startedAt: new Date('2026-11-25T23:40Z'), to: '2026-11-23' },
    ],
  });
});

test('leaves out runs of some instruments, of earlier days, replays and backfills', async () => {
  await store('2026-11-25T23:30Z', 'succeeded', { input: { symbols: ['AAPL'] } });
  await store('2026-11-25T23:31Z', 'succeeded', { input: { to: '2026-11-20' } });
  await store('2026-11-25T23:32Z', 'succeeded', { input: { replay: 'run-0' } });
  await store('2026-11-25T23:33Z', 'succeeded', { mode: 'backfill' });
  await store('2026-11-25T23:34Z', 'failed', { input: { symbols: ['AAPL'] } });
  expect(await read()).toMatchObject({ lastDaily: undefined, failedDaily: undefined });
});

test('leaves out runs of a time in which the clock was a day or more ahead', async () => {
  await store('2026-11-24T23:30Z', 'succeeded');
  await store('2027-11-25T23:30Z', 'succeeded');
  expect(await read()).toMatchObject({ lastDaily: new Date('2026-11-24T23:30Z') });
});
