import type { Batch } from '../../shared/contracts.ts';
import { copyLines } from '../../shared/copy.ts';
import type { Transaction } from '../../shared/database.ts';
import { hasChanged, type Incoming, isAsked, storedBars, toLines } from './compare.ts';
import { barLines, LINE_COLUMNS } from './lines.ts';

/** What was written of one instrument. */
export interface Written {
  id: string;
  /** Bars that are new or different. */
  bars: number;
  /** The first of them, or the first that was removed; milliseconds since the epoch. */
  first: number;
}

/**
 * Copies bars of instruments that have none straight into the store, which is half the work of staging them: nothing
 * is there to compare with, and the lock on the instruments keeps it so.
 */
export async function copyBars(
  tx: Transaction,
  batch: Batch,
  incoming: readonly Incoming[],
): Promise<Written[]> {
  const filled = incoming.filter(({ bars }) => bars.length > 0);
  if (filled.length === 0) return [];
  await copyLines(tx, `price_bars (${LINE_COLUMNS})`, barLines(filled.map(toLines), batch.interval));
  return filled.map(({ stored, bars }) => ({ id: stored.id, bars: bars.length, first: bars[0]?.[0] ?? 0 }));
}

/**
 * Upserts the staged bars of some instruments that are new or different, in one statement. What a bar was when it was
 * seen first goes to bar_revisions, and stays there whatever comes later.
 *
 * @param accepted - each with whether stored bars that did not come again are removed
 */
export async function upsertBars(
  tx: Transaction,
  batch: Batch,
  accepted: readonly (Incoming & { replaces: boolean })[],
): Promise<Written[]> {
  if (accepted.length === 0) return [];
  const wanted = accepted.map(({ stored, record, replaces }) => ({
    ...{ id: stored.id, source: record.provider, replaces },
  }));
  return tx<Written[]>`
    WITH ${storedBars(tx, batch, wanted)}, different AS (
      SELECT s.* FROM stage_bars s JOIN wanted w ON w.id = s.instrument_id
      LEFT JOIN kept k ON k.instrument_id = s.instrument_id AND k.ts = s.ts
      WHERE k.ts IS NULL OR ${hasChanged(tx)}
    ), written AS (
      INSERT INTO price_bars AS b (instrument_id, ts, o, h, l, c, v, interval, source)
      SELECT instrument_id, ts, o, h, l, c, v, interval, source FROM different ORDER BY instrument_id, ts
      ON CONFLICT (instrument_id, ts, interval) DO UPDATE SET o = excluded.o, h = excluded.h, l = excluded.l,
        c = excluded.c, v = excluded.v, source = excluded.source
      RETURNING b.instrument_id, b.ts, old.o, old.h, old.l, old.c, old.v, old.source, old.created_at
    ), removed AS (
      DELETE FROM price_bars b USING wanted w
      WHERE w.replaces AND b.instrument_id = w.id AND b.interval = ${batch.interval} AND ${isAsked(tx, batch)}
        AND NOT EXISTS (SELECT 1 FROM stage_bars s WHERE s.instrument_id = b.instrument_id AND s.ts = b.ts)
      RETURNING b.instrument_id, b.ts, b.o, b.h, b.l, b.c, b.v, b.source, b.created_at
    ), revised AS (
      INSERT INTO bar_revisions (instrument_id, ts, interval, o, h, l, c, v, source, first_seen_at)
      SELECT r.instrument_id, r.ts, ${batch.interval}, r.o, r.h, r.l, r.c, r.v, r.source, r.created_at
      FROM (SELECT * FROM written WHERE o IS NOT NULL UNION ALL SELECT * FROM removed) r
      ORDER BY r.instrument_id, r.ts
      ON CONFLICT (instrument_id, ts, interval) DO NOTHING
    )
    SELECT instrument_id AS id, sum(bars)::int AS bars, (extract(epoch FROM min(ts)) * 1000)::float8 AS first
    FROM (
      SELECT instrument_id, ts, 1 AS bars FROM written UNION ALL SELECT instrument_id, ts, 0 FROM removed
    ) touched
    GROUP BY instrument_id`;
}

/** Marks the first bar of each instrument that was touched for Features, and counts all in the run's row. */
export async function noteWritten(
  tx: Transaction,
  batch: Batch,
  written: readonly Written[],
): Promise<number> {
  if (written.length === 0) return 0;
  if (batch.interval === 'daily') {
    const marks = written.map(({ id, first }) => ({ id, first }));
    await tx`
      INSERT INTO feature_backlog AS f (instrument_id, dirty_from)
      SELECT id, to_timestamp(first / 1000) FROM jsonb_to_recordset(${tx.json(marks)}) AS m(id uuid, first float8)
      ORDER BY id
      ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from)`;
  }
  const bars = written.reduce((sum, one) => sum + one.bars, 0);
  // The last thing of the transaction: batches of a run share this row, and would wait for each other on it.
  await tx`UPDATE pipeline_runs SET bars = bars + ${bars} WHERE id = ${batch.runId}`;
  return bars;
}
