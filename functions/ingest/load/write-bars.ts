import type { Interval } from '../../shared/constants.ts';
import type { Batch } from '../../shared/contracts.ts';
import { copyRows } from '../../shared/copy.ts';
import type { Transaction } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import type { Accepted } from './judge.ts';

const COLUMNS = ['instrument_id', 'ts', 'o', 'h', 'l', 'c', 'v', 'interval', 'source'];
const COLUMN_LIST = COLUMNS.join(', ');

/** Writes the changes of verdicts to `price_bars`, and what they replace or remove to `bar_revisions`. */
export async function writeBars(tx: Transaction, batch: Batch, accepted: readonly Accepted[]): Promise<void> {
  const changed = accepted.filter(({ changes, removed }) => changes.length > 0 || removed.length > 0);
  await copyBars(
    tx,
    batch,
    changed.filter(({ instrument }) => instrument.lastTs === null),
  );
  await upsertBars(
    tx,
    batch,
    changed.filter(({ instrument }) => instrument.lastTs !== null),
  );
}

/**
 * Copies bars of instruments without stored bars straight into the table, which takes half as long as an upsert. The
 * lock on the instruments guarantees that no other load adds bars meanwhile.
 */
async function copyBars(tx: Transaction, batch: Batch, accepted: readonly Accepted[]): Promise<void> {
  if (accepted.length === 0) return;
  await copyChanges(tx, 'price_bars', accepted, batch.interval);
}

/**
 * Upserts changes and deletes removed bars in one statement. `bar_revisions` keeps each bar as it was first seen,
 * even if later values replace it.
 */
async function upsertBars(tx: Transaction, batch: Batch, accepted: readonly Accepted[]): Promise<void> {
  if (accepted.length === 0) return;
  await tx`
    CREATE TEMPORARY TABLE stage_bars (
      instrument_id uuid, ts timestamptz, o float8, h float8, l float8, c float8, v float8, interval text, source text
    ) ON COMMIT DROP`;
  await copyChanges(tx, 'stage_bars', accepted, batch.interval);
  const removals = accepted.flatMap(({ instrument, removed }) =>
    removed.map((ts) => ({ id: instrument.id, ts })),
  );
  await tx`
    WITH written AS (
      INSERT INTO price_bars AS b (${tx.unsafe(COLUMN_LIST)})
      SELECT ${tx.unsafe(COLUMN_LIST)} FROM stage_bars ORDER BY instrument_id, ts
      ON CONFLICT (instrument_id, ts, interval) DO UPDATE SET o = excluded.o, h = excluded.h, l = excluded.l,
        c = excluded.c, v = excluded.v, source = excluded.source
      RETURNING b.instrument_id, b.ts, old.o, old.h, old.l, old.c, old.v, old.source, old.created_at
    ), removed AS (
      DELETE FROM price_bars b USING jsonb_to_recordset(${tx.json(removals)}) AS r(id uuid, ts float8)
      WHERE b.instrument_id = r.id AND b.ts = to_timestamp(r.ts / 1000) AND b.interval = ${batch.interval}
        AND b.ts >= ${batch.from}::timestamptz AND b.ts < ${addDays(batch.asOf, 1)}::timestamptz
      RETURNING b.instrument_id, b.ts, b.o, b.h, b.l, b.c, b.v, b.source, b.created_at
    )
    INSERT INTO bar_revisions (instrument_id, ts, interval, o, h, l, c, v, source, first_seen_at)
    SELECT r.instrument_id, r.ts, ${batch.interval}, r.o, r.h, r.l, r.c, r.v, r.source, r.created_at
    FROM (SELECT * FROM written WHERE o IS NOT NULL UNION ALL SELECT * FROM removed) r
    ORDER BY r.instrument_id, r.ts
    ON CONFLICT (instrument_id, ts, interval) DO NOTHING`;
}

async function copyChanges(
  tx: Transaction,
  table: string,
  accepted: readonly Accepted[],
  interval: Interval,
): Promise<void> {
  await copyRows(tx, `${table} (${COLUMN_LIST})`, COLUMNS.length, changesOf(accepted), (change, to) => {
    const { instrument, record, bar } = change;
    const [ts, ...values] = bar;
    to.uuid(instrument.id);
    to.instant(ts);
    for (const value of values) to.double(value);
    to.text(interval);
    to.text(record.provider);
  });
}

function* changesOf(accepted: readonly Accepted[]) {
  for (const { instrument, record, changes } of accepted) {
    for (const bar of changes) yield { instrument, record, bar };
  }
}
