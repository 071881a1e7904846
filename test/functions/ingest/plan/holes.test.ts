import { expect, test } from 'vitest';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { closes, history } from '../history-support.ts';
import { useStore } from '../store-support.ts';
import { at, quarantined, writeFetched } from '../support.ts';

/** A day months ago, and the first fetched day where it is missing: a week before the previous bar. */
const DAY = '2025-06-04';
const BEFORE_DAY = '2025-05-27';

/** The first fetched day where it is in quarantine. */
const BEFORE_IT = '2025-05-28';

const store = useStore({ instruments: ['AAPL', 'IBM', 'MSFT'] });
const { db } = store;

const without = (bars: RawBar[]) => bars.filter(([ts]) => ts !== at(DAY));
const spoilt = (bars: RawBar[]) =>
  bars.map((bar): RawBar => (bar[0] === at(DAY) ? [bar[0], 50, 51, 49, 50, 9000] : bar));

interface Answer {
  mode?: 'backfill';
  /** Changes AAPL's bars as the source does. */
  aapl?: (bars: RawBar[]) => RawBar[];
  /** The factor of its latest restatement. */
  factor?: number;
}

/** Runs on the evening of a day and returns the first day that it fetches for AAPL. */
async function run(day: string, { mode, aapl = (bars) => bars, factor = 1 }: Answer = {}): Promise<string> {
  const now = new Date(`${day}T23:00:00Z`);
  const plan = await planRun({ runId: `run-${day}`, input: mode ? { mode } : {} }, store.sql, {
    provider: 'csv',
    now,
  });
  for (const batch of plan.batches) {
    const { runId, from, asOf: to } = batch;
    for (const symbol of batch.symbols) {
      const bars = history(day, { from, factor, before: day });
      const answer = symbol === 'AAPL' ? aapl(bars) : bars;
      await writeFetched(store.objects, symbol, answer, { runId, from, to, fetchedAt: now.toISOString() });
    }
    await loadBatch(batch, store.sql, store.objects);
  }
  return defined(
    plan.batches.find(({ symbols }) => symbols.includes('AAPL')),
    'batch of AAPL',
  ).from;
}

const hasDay = async () => (await closes(store.sql)).has(DAY);

/** Fetches more whole histories than a gap is re-requested, before there is a gap. */
async function wholeHistories(): Promise<void> {
  for (const day of ['2026-02-23', '2026-02-24', '2026-02-25', '2026-02-26']) {
    await run(day, { mode: 'backfill' });
  }
}

test('re-requests a bar that a restated history lacks, after any number of whole histories', async () => {
  await wholeHistories();
  await run('2026-02-27', { mode: 'backfill', aapl: without, factor: 0.99 });
  expect(await hasDay()).toBe(false);
  expect(await run('2026-03-02', { factor: 0.99 })).toBe(BEFORE_DAY);
  expect(await hasDay()).toBe(true);
  expect(await run('2026-03-03', { factor: 0.99 })).toBe('2026-02-23');
});

test('re-requests a permanent gap until three answers have confirmed it', async () => {
  await wholeHistories();
  await run('2026-02-27', { mode: 'backfill', aapl: without, factor: 0.99 });
  expect(await run('2026-03-02', { aapl: without, factor: 0.99 })).toBe(BEFORE_DAY);
  expect(await run('2026-03-03', { aapl: without, factor: 0.99 })).toBe(BEFORE_DAY);
  expect(await run('2026-03-04', { aapl: without, factor: 0.99 })).toBe('2026-02-24');
});

test('re-requests a quarantined bar even after it was good in between', async () => {
  await wholeHistories();
  await run('2026-02-27', { mode: 'backfill', aapl: spoilt, factor: 0.99 });
  expect(await quarantined(db.sql)).toEqual([`AAPL ${DAY} 50 jump`]);
  expect(await hasDay()).toBe(false);
  expect(await run('2026-03-02', { factor: 0.99 })).toBe(BEFORE_IT);
  expect(await quarantined(db.sql)).toEqual([`AAPL ${DAY} 50 jump resolved`]);
  expect(await run('2026-03-03', { factor: 0.99 })).toBe('2026-02-23');

  await run('2026-03-04', { mode: 'backfill', aapl: spoilt, factor: 0.98 });
  expect(await quarantined(db.sql)).toEqual([`AAPL ${DAY} 50 jump`]);
  expect(await hasDay()).toBe(false);
  expect(await run('2026-03-05', { factor: 0.98 })).toBe(BEFORE_IT);
  expect(await hasDay()).toBe(true);
});
