import { expect, test } from 'vitest';
import { loadBatch } from '../../../../functions/ingest/load/load.ts';
import { planRun } from '../../../../functions/ingest/plan/plan.ts';
import type { RawBar } from '../../../../functions/ingest/raw.ts';
import type { LoadResult } from '../../../../functions/shared/contracts.ts';
import { weekdays } from '../quality/series-support.ts';
import { useStore } from '../store-support.ts';
import { backlog, bar, revisions, seedBars, writeFetched } from '../support.ts';

const store = useStore({ instruments: ['AAPL'] });
const { db } = store;

/** Two 15-minute bars of each weekday. */
const quarters = (from: string, until: string, factor = 1): RawBar[] =>
  weekdays(from, 80)
    .filter((day) => day <= Date.parse(until))
    .flatMap((day): RawBar[] =>
      [14.5, 14.75].map(
        (hour): RawBar => [day + hour * 3_600_000, 5 * factor, 6 * factor, 4 * factor, 5 * factor, 7],
      ),
    );

/** An intraday run on the evening of a day, with a source that keeps a window of bars. */
async function intraday(day: string, factor = 1): Promise<LoadResult> {
  const now = new Date(`${day}T22:00:00Z`);
  const plan = await planRun({ runId: `run-${day}`, input: { mode: 'intraday' } }, store.sql, {
    provider: 'csv',
    now,
  });
  const [batch] = plan.batches;
  if (!batch) throw new Error('no batch');
  const bars = quarters('2025-12-01', day, factor).filter(([ts]) => ts >= Date.parse(batch.from));
  const { runId, from, asOf: to } = batch;
  await writeFetched(store.objects, 'AAPL', bars, {
    runId,
    interval: '15m',
    from,
    to,
    fetchedAt: now.toISOString(),
  });
  return loadBatch(batch, store.sql, store.objects);
}

async function stored() {
  const [row] = await db.sql`
    SELECT count(*)::int AS bars, to_char(min(ts), 'YYYY-MM-DD') AS first, to_char(max(ts), 'YYYY-MM-DD') AS last
    FROM price_bars WHERE interval = '15m'`;
  return row;
}

async function partitions(): Promise<number> {
  const rows =
    await db.sql`SELECT 1 FROM pg_class WHERE relname ~ '^price_bars_[0-9]{4}_15m_[0-9]{4}$' AND relkind = 'r'`;
  return rows.length;
}

test('keeps the bars of exactly 30 days by dropping partitions', async () => {
  await intraday('2025-12-30');
  expect(await stored()).toMatchObject({ first: '2025-12-01', last: '2025-12-30' });
  await intraday('2026-01-08');
  expect(await stored()).toMatchObject({ first: '2025-12-09', last: '2026-01-08' });
  await intraday('2026-02-20');
  expect(await stored()).toEqual({ bars: 2 * 23, first: '2026-01-21', last: '2026-02-20' });
  expect(await partitions()).toBe(30 + 1 + 7);
  const years =
    await db.sql`SELECT relname FROM pg_class WHERE relname ~ '^price_bars_[0-9]{4}_15m$' AND relkind = 'p'`;
  expect(years.map(({ relname }) => relname)).toEqual(['price_bars_2026_15m']);
});

test('stores only the new bars of a day and marks nothing for Features', async () => {
  await intraday('2026-01-08');
  expect(await intraday('2026-01-09')).toEqual({ batch: 0, bars: 2, failed: 0, restated: [] });
  expect(await intraday('2026-01-09')).toMatchObject({ bars: 0 });
  expect(await backlog(db.sql)).toEqual([]);
});

test('rewrites a restated window at once and drops its revisions with the bars', async () => {
  await intraday('2026-01-08');
  const before = (await stored())?.bars;
  expect(await intraday('2026-01-09', 0.5)).toMatchObject({ restated: [] });
  // The first day of the window has been dropped.
  expect(await revisions(db.sql)).toHaveLength(before - 2);
  await intraday('2026-01-30', 0.5);
  const [row] =
    await db.sql`SELECT to_char(min(ts), 'YYYY-MM-DD') AS first, count(*)::int AS n FROM bar_revisions`;
  expect(row?.first).toBe('2025-12-31');
});

test('keeps daily bars when 15-minute partitions are dropped', async () => {
  await db.sql`SELECT ensure_partitions('daily', '2025-01-01', '2026-12-31')`;
  await seedBars(db.sql, store.id('AAPL'), [bar('2025-11-03', 100), bar('2026-01-08', 101)]);
  await intraday('2026-01-08');
  await intraday('2026-02-20');
  const rows = await db.sql`SELECT c FROM price_bars WHERE interval = 'daily' ORDER BY ts`;
  expect(rows.map(({ c }) => c)).toEqual([100, 101]);
});

test('leaves a partition in use to the next run instead of waiting', async () => {
  await intraday('2025-12-30');
  const reader = db.client('api');
  await reader.begin(async (tx) => {
    await tx`SELECT count(*) FROM price_bars WHERE interval = '15m'`;
    await intraday('2026-01-08');
    expect(await stored()).toMatchObject({ first: '2025-12-01' });
  });
  await intraday('2026-01-09');
  expect(await stored()).toMatchObject({ first: '2025-12-10' });
});
