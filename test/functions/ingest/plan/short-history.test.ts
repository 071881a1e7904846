import { expect, test } from 'vitest';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import { FIRST, history } from '../history-support.ts';
import { useStore } from '../store-support.ts';
import { writeFetched } from '../support.ts';

const store = useStore({ instruments: ['AAPL'] });
const { db } = store;

/** Runs on the evening of a day and returns the first fetched day. */
async function daily(day: string, begins = FIRST): Promise<string> {
  const now = new Date(`${day}T23:00:00Z`);
  const plan = await planRun({ runId: `run-${day}`, input: {} }, store.sql, { provider: 'csv', now });
  const [batch] = plan.batches;
  if (!batch) throw new Error('no batch');
  const { runId, from, asOf: to } = batch;
  const bars = history(day, { from: begins > from ? begins : from });
  await writeFetched(store.objects, 'AAPL', bars, { runId, from, to, fetchedAt: now.toISOString() });
  await loadBatch(batch, store.sql, store.objects);
  return from;
}

test('fetches a short history whole until three answers begin on the same day', async () => {
  expect(await daily('2026-03-02')).toBe('2018-03-02');
  expect(await daily('2026-03-03')).toBe('2018-03-03');
  expect(await daily('2026-03-04')).toBe('2018-03-04');
  expect(await daily('2026-03-05')).toBe('2026-02-25');
  expect(await daily('2026-03-06')).toBe('2026-02-26');
});

test('completes a history that was cut short, and confirms its new beginning as often', async () => {
  await daily('2026-03-02', '2025-06-02');
  await daily('2026-03-03', '2025-06-02');
  await daily('2026-03-04');
  const [row] = await db.sql`SELECT to_char(min(ts), 'YYYY-MM-DD') AS first FROM price_bars`;
  expect(row?.first).toBe(FIRST);
  expect(await daily('2026-03-05')).toBe('2018-03-05');
  expect(await daily('2026-03-06')).toBe('2018-03-06');
  expect(await daily('2026-03-09')).toBe('2026-02-27');
});
