import type { Batch, FeaturesResult } from '../shared/contracts.ts';
import { copyLines } from '../shared/copy.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import { type BarColumns, blockStart, computeFeatures, type FeatureColumns } from './compute.ts';
import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES, WARM_UP_BARS } from './definitions.ts';

/** A mark of Load: the first bar whose features are outdated. */
interface Backlog {
  instrument_id: string;
  /** Milliseconds since the epoch. */
  dirty_from: number;
}

/**
 * Computes the features of a batch from each instrument's first changed bar, and clears the marks that Load set, in
 * one transaction. It reads no bar after the as-of. If such bars exist, the mark moves to the first of them.
 */
export async function computeBatch(batch: Batch, sql: Sql): Promise<FeaturesResult> {
  const asOfEnd = addDays(batch.asOf, 1);
  const features = await sql.begin(async (tx) => {
    const backlog = await takeBacklog(tx, batch, asOfEnd);
    if (backlog.length === 0) return 0;
    await tx.unsafe(
      `CREATE TEMPORARY TABLE stage_features ON COMMIT DROP AS SELECT ${STAGED} FROM features WITH NO DATA`,
    );
    for (const item of backlog) {
      const bars = await readBars(tx, item, asOfEnd);
      await copyLines(
        tx,
        `stage_features (${STAGED})`,
        stagedLines(item.instrument_id, computeFeatures(bars, item.dirty_from)),
      );
    }
    await dropOrphans(tx, backlog, asOfEnd);
    await clearBacklog(tx, backlog, asOfEnd);
    return store(tx, batch.runId);
  });
  return { batch: batch.batch, features, failed: 0 };
}

/** Locks the marks in a fixed order, so that concurrent runs do not deadlock. */
async function takeBacklog(tx: Transaction, batch: Batch, asOfEnd: string): Promise<Backlog[]> {
  return tx<Backlog[]>`
    SELECT f.instrument_id, (extract(epoch FROM f.dirty_from) * 1000)::float8 AS dirty_from
    FROM feature_backlog f JOIN instruments i ON i.id = f.instrument_id AND i.is_active
    WHERE i.symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
      AND f.dirty_from < ${asOfEnd}::timestamptz AND ${batch.interval === 'daily'}
    ORDER BY f.instrument_id
    FOR UPDATE OF f`;
}

/** Reads the bars that determine the features from a mark on: its block and the warm-up before it. */
async function readBars(
  tx: Transaction,
  { instrument_id, dirty_from }: Backlog,
  asOfEnd: string,
): Promise<BarColumns> {
  const block = new Date(blockStart(dirty_from)).toISOString();
  const rows = await tx<[number, number, number, number, number, number][]>`
    SELECT (extract(epoch FROM ts) * 1000)::float8, o, h, l, c, v FROM price_bars
    WHERE instrument_id = ${instrument_id} AND interval = 'daily' AND ts < ${asOfEnd}::timestamptz
      AND ts >= coalesce((
        SELECT min(ts) FROM (
          SELECT ts FROM price_bars
          WHERE instrument_id = ${instrument_id} AND interval = 'daily' AND ts < ${block}::timestamptz
          ORDER BY ts DESC LIMIT ${WARM_UP_BARS}
        ) warm_up), ${block}::timestamptz)
    ORDER BY ts`.values();
  const column = (field: number) => rows.map((row) => row[field] as number);
  return { ts: column(0), o: column(1), h: column(2), l: column(3), c: column(4), v: column(5) };
}

const WRITTEN = [...COLUMN_FEATURE_NAMES, 'additional_features'];
const STAGED = ['instrument_id', 'ts', ...WRITTEN].join(', ');

function* stagedLines(instrumentId: string, { ts, columns }: FeatureColumns): Generator<string> {
  for (const [i, instant] of ts.entries()) {
    let line = `${instrumentId}\t${new Date(instant).toISOString().slice(0, 10)}`;
    for (const name of COLUMN_FEATURE_NAMES) {
      const value = columns[name][i] as number;
      line += Number.isFinite(value) ? `\t${value.toPrecision(7)}` : '\t\\N';
    }
    let json = '';
    for (const name of ADDITIONAL_FEATURE_NAMES) {
      const value = columns[name][i] as number;
      if (Number.isFinite(value)) json += `${json ? ',' : ''}"${name}":${value.toPrecision(7)}`;
    }
    yield `${line}\t{${json}}`;
  }
}

/** Deletes features whose bars a restated history no longer has. */
async function dropOrphans(tx: Transaction, backlog: Backlog[], asOfEnd: string): Promise<void> {
  const ids = tx.json(backlog.map(({ instrument_id }) => instrument_id));
  await tx`
    DELETE FROM features f USING feature_backlog k
    WHERE k.instrument_id IN (SELECT jsonb_array_elements_text(${ids})::uuid)
      AND f.instrument_id = k.instrument_id AND f.ts >= k.dirty_from AND f.ts < ${asOfEnd}::timestamptz
      AND NOT EXISTS (
        SELECT 1 FROM price_bars b
        WHERE b.instrument_id = f.instrument_id AND b.ts = f.ts AND b.interval = 'daily'
      )`;
}

async function clearBacklog(tx: Transaction, backlog: Backlog[], asOfEnd: string): Promise<void> {
  const ids = tx.json(backlog.map(({ instrument_id }) => instrument_id));
  await tx`
    UPDATE feature_backlog f SET dirty_from = later.ts
    FROM (
      SELECT b.instrument_id, min(b.ts) AS ts FROM price_bars b
      WHERE b.interval = 'daily' AND b.ts >= ${asOfEnd}::timestamptz
        AND b.instrument_id IN (SELECT jsonb_array_elements_text(${ids})::uuid)
      GROUP BY b.instrument_id
    ) later
    WHERE f.instrument_id = later.instrument_id`;
  await tx`
    DELETE FROM feature_backlog
    WHERE dirty_from < ${asOfEnd}::timestamptz AND instrument_id IN (SELECT jsonb_array_elements_text(${ids})::uuid)`;
}

/** Upserts the staged rows and adds their count to the run's row, in one statement. */
async function store(tx: Transaction, runId: string): Promise<number> {
  const assignments = WRITTEN.map((name) => `${name} = excluded.${name}`).join(', ');
  const pairs = (table: string) => WRITTEN.map((name) => `${table}.${name}`).join(', ');
  const [row] = await tx.unsafe<[{ features: number }]>(
    `WITH written AS (
      INSERT INTO features AS f (${STAGED})
      SELECT ${STAGED} FROM stage_features ORDER BY instrument_id, ts
      ON CONFLICT (instrument_id, ts) DO UPDATE SET ${assignments}
        WHERE (${pairs('f')}) IS DISTINCT FROM (${pairs('excluded')})
      RETURNING 1
    ), counted AS (
      UPDATE pipeline_runs SET features = features + (SELECT count(*) FROM written) WHERE id = $1
    )
    SELECT count(*)::int AS features FROM written`,
    [runId],
  );
  return row.features;
}
