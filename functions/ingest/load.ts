import type { Batch, LoadResult } from '../shared/contracts.ts';
import { copyLines } from '../shared/copy.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { clearFailures, type Failure, recordFailures } from '../shared/ledger.ts';
import type { ObjectStore } from '../shared/objects.ts';
import { type RawBar, readRaw } from './raw.ts';
import { findFault } from './validate.ts';

interface Stored {
  id: string;
  symbol: string;
  /** The close before the first day asked for; null where there is none. */
  last_close: number | null;
  has_bars: boolean;
}

interface Accepted {
  instrumentId: string;
  bars: RawBar[];
}

/**
 * Reads the raw record of a batch, refuses what is not plausible, and writes the rest in one transaction:
 * bars that are new or different are stored, and the first of each instrument is marked for Features. An
 * instrument that fails is written down with its reason and none of its bars is stored.
 */
export async function loadBatch(batch: Batch, sql: Sql, objects: ObjectStore): Promise<LoadResult> {
  const known = await knownInstruments(sql, batch);
  const accepted: Accepted[] = [];
  const failures: Failure[] = [];
  for (const symbol of batch.symbols) {
    const verdict = await judge(batch, symbol, known.get(symbol), objects);
    if ('instrumentId' in verdict) accepted.push(verdict);
    else failures.push(verdict);
  }
  const bars = await sql.begin(async (tx) => {
    await clearFailures(tx, batch.runId, 'fetch', batch.symbols);
    await clearFailures(tx, batch.runId, 'load', batch.symbols);
    await recordFailures(tx, batch.runId, failures);
    await stage(tx, batch, accepted);
    return store(tx, batch);
  });
  return { batch: batch.batch, bars, failed: failures.length };
}

async function knownInstruments(sql: Sql, batch: Batch): Promise<Map<string, Stored>> {
  const rows = await sql<Stored[]>`
    SELECT i.id, i.symbol, before.c AS last_close,
      EXISTS (SELECT 1 FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = ${batch.interval}) AS has_bars
    FROM instruments i
    LEFT JOIN LATERAL (
      SELECT c FROM price_bars b
      WHERE b.instrument_id = i.id AND b.interval = ${batch.interval} AND b.ts < ${batch.from}::timestamptz
      ORDER BY b.ts DESC LIMIT 1
    ) before ON true
    WHERE i.is_active AND i.symbol IN (SELECT jsonb_array_elements_text(${sql.json(batch.symbols)}))`;
  return new Map(rows.map((row) => [row.symbol, row]));
}

async function judge(
  batch: Batch,
  symbol: string,
  stored: Stored | undefined,
  objects: ObjectStore,
): Promise<Accepted | Failure> {
  const fail = (step: 'fetch' | 'load', reason: string, message: string): Failure => ({
    symbol,
    step,
    reason,
    message,
  });
  if (!stored) return fail('load', 'inactive', 'is not an active instrument any more');
  const record = await readRaw(objects, batch.runId, symbol);
  if (!record) return fail('load', 'raw_missing', 'Fetch left no raw record');
  if (record.status === 'failed') return fail('fetch', record.reason, record.message);
  if (record.bars.length === 0 && !stored.has_bars) {
    return fail('fetch', 'no_bars', `${record.provider} has no bars from ${batch.from} to ${batch.asOf}`);
  }
  const fault = findFault(record.bars, batch, stored.last_close ?? undefined);
  return fault ? fail('load', fault.reason, fault.message) : { instrumentId: stored.id, bars: record.bars };
}

async function stage(tx: Transaction, batch: Batch, accepted: Accepted[]): Promise<void> {
  await tx`
    CREATE TEMPORARY TABLE stage_bars (
      instrument_id uuid, ts timestamptz, o float8, h float8, l float8, c float8, v float8
    ) ON COMMIT DROP`;
  await copyLines(tx, 'stage_bars', stagedLines(batch, accepted));
}

function* stagedLines(batch: Batch, accepted: Accepted[]): Generator<string> {
  // Postgres reads a day alone as midnight, which is half the text of an instant for a million bars.
  const instant = (ts: number) => new Date(ts).toISOString().slice(0, batch.interval === 'daily' ? 10 : 24);
  for (const { instrumentId, bars } of accepted) {
    for (const [ts, ...values] of bars) yield `${instrumentId}\t${instant(ts)}\t${values.join('\t')}`;
  }
}

/** Upserts what was staged, marks the first changed bar of each instrument, and counts, in one statement. */
async function store(tx: Transaction, batch: Batch): Promise<number> {
  const [row] = await tx<{ bars: number }[]>`
    WITH written AS (
      INSERT INTO price_bars AS b (instrument_id, ts, o, h, l, c, v, interval)
      SELECT instrument_id, ts, o, h, l, c, v, ${batch.interval} FROM stage_bars ORDER BY instrument_id, ts
      ON CONFLICT (instrument_id, ts, interval) DO UPDATE
        SET o = excluded.o, h = excluded.h, l = excluded.l, c = excluded.c, v = excluded.v
        WHERE (b.o, b.h, b.l, b.c, b.v) IS DISTINCT FROM (excluded.o, excluded.h, excluded.l, excluded.c, excluded.v)
      RETURNING instrument_id, ts
    ), marked AS (
      INSERT INTO feature_backlog AS f (instrument_id, dirty_from)
      SELECT instrument_id, min(ts) FROM written WHERE ${batch.interval === 'daily'} GROUP BY instrument_id
      ORDER BY instrument_id
      ON CONFLICT (instrument_id) DO UPDATE SET dirty_from = least(f.dirty_from, excluded.dirty_from)
    ), counted AS (
      UPDATE pipeline_runs SET bars = bars + (SELECT count(*) FROM written) WHERE id = ${batch.runId}
    )
    SELECT count(*)::int AS bars FROM written`;
  return row?.bars ?? 0;
}
