import { beforeEach, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../functions/shared/days.ts';
import { readLastRuns, readRecentDaily } from '../../../local/schedule/last-runs.ts';
import { useTestDatabase } from '../../support/database.ts';

const db = useTestDatabase();
let runs = 0;
beforeEach(async () => {
  await db.sql`TRUNCATE pipeline_runs CASCADE`;
});

const NOW = Date.now();
const ago = (ms: number) => new Date(NOW - ms);

/** Stores a run that took two minutes. */
async function store(
  startedAt: Date,
  status: string,
  { mode = 'daily', input = {} }: { mode?: string | null; input?: Record<string, string | string[]> } = {},
): Promise<void> {
  await db.sql`
    INSERT INTO pipeline_runs (id, mode, input, status, started_at, finished_at)
    VALUES (${`run-${runs++}`}, ${mode}, ${db.sql.json(input)}, ${status}, ${startedAt},
      ${status === 'running' ? null : new Date(startedAt.getTime() + 2 * MINUTE_MS)})`;
}

const NOTHING = {
  firstDaily: undefined,
  lastDaily: undefined,
  failedDaily: undefined,
  lastIntraday: undefined,
};
const read = () => readLastRuns(db.client('pipeline'));
const readRecent = () => readRecentDaily(db.client('pipeline'));

test('finds nothing in a ledger without runs', async () => {
  expect(await read()).toEqual(NOTHING);
  expect(await readRecent()).toEqual([]);
});

test('finds the first and the last daily run that published, also those that are partial', async () => {
  await store(ago(5 * DAY_MS), 'succeeded');
  await store(ago(2 * DAY_MS), 'succeeded');
  await store(ago(DAY_MS), 'partial');
  await store(ago(HOUR_MS), 'running');
  expect(await read()).toEqual({ ...NOTHING, firstDaily: ago(5 * DAY_MS), lastDaily: ago(DAY_MS) });
});

test('counts the failures since the last daily run that published', async () => {
  await store(ago(25 * HOUR_MS), 'failed');
  await store(ago(24 * HOUR_MS), 'succeeded');
  await store(ago(2 * HOUR_MS), 'failed');
  // The run of an input that Plan refused.
  await store(ago(HOUR_MS), 'failed', { mode: null });
  expect(await read()).toMatchObject({ failedDaily: { at: ago(HOUR_MS - 2 * MINUTE_MS), count: 2 } });
});

test('finds the last intraday run, whether it succeeded or not', async () => {
  await store(ago(2 * HOUR_MS), 'succeeded', { mode: 'intraday' });
  await store(ago(HOUR_MS), 'failed', { mode: 'intraday' });
  expect(await read()).toEqual({ ...NOTHING, lastIntraday: ago(HOUR_MS) });
});

test('finds the daily runs of the last week that published, and each attempt as of a chosen day', async () => {
  await store(ago(8 * DAY_MS), 'succeeded');
  await store(ago(6 * DAY_MS), 'partial');
  await store(ago(3 * DAY_MS), 'failed');
  await store(ago(DAY_MS), 'succeeded');
  await store(ago(HOUR_MS), 'failed', { input: { to: '2026-11-23' } });
  expect(await read()).toMatchObject({ lastDaily: ago(DAY_MS), failedDaily: undefined });
  expect(await readRecent()).toEqual([
    { startedAt: ago(6 * DAY_MS) },
    { startedAt: ago(DAY_MS) },
    { startedAt: ago(HOUR_MS), to: '2026-11-23' },
  ]);
});

test('leaves out runs of some instruments or days, replays and backfills', async () => {
  await store(ago(HOUR_MS), 'succeeded', { input: { symbols: ['AAPL'] } });
  await store(ago(HOUR_MS), 'succeeded', { input: { replay: 'run-0' } });
  await store(ago(HOUR_MS), 'succeeded', { input: { from: '2026-01-01' } });
  await store(ago(HOUR_MS), 'succeeded', { mode: 'backfill' });
  await store(ago(HOUR_MS), 'failed', { input: { symbols: ['AAPL'] } });
  expect(await read()).toEqual(NOTHING);
  expect(await readRecent()).toEqual([]);
});

test('leaves out runs of a time in which the clock was more than a day ahead', async () => {
  await store(ago(DAY_MS), 'succeeded');
  await store(ago(-DAY_MS / 2), 'succeeded');
  await store(ago(-365 * DAY_MS), 'succeeded');
  expect(await read()).toMatchObject({ lastDaily: ago(-DAY_MS / 2) });
});
