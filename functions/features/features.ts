import type { Batch, FeaturesResult } from '../shared/contracts.ts';
import { eachCopiedRow } from '../shared/copied-rows.ts';
import { copyRows, type RowWriter } from '../shared/copy.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { addDays } from '../shared/days.ts';
import { defined } from '../shared/invariant.ts';
import { type BarColumns, blockStart, computeFeatures, type FeatureColumns } from './compute.ts';
import { ADDITIONAL_FEATURE_NAMES, COLUMN_FEATURE_NAMES, WARM_UP_BARS } from './definitions.ts';
import { storedValue } from './stored-value.ts';
import { at } from './windows.ts';

/** A mark of Load: the first bar whose features are outdated. */
interface Backlog {
  instrument_id: string;
  /** Milliseconds since the epoch. */
  dirty_from: number;
  /** Whether features from that bar on are stored. */
  has_features: boolean;
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
    const outdated = backlog.filter(({ has_features }) => has_features);
    const fresh = backlog.filter(({ has_features }) => !has_features);
    // Straight into the table, which takes half as long as an upsert. The lock on the mark guarantees that no other run
    // stores features of the instrument meanwhile.
    const added = await computeInto(tx, 'features', fresh, asOfEnd);
    const replaced = outdated.length > 0 ? await replaceFeatures(tx, outdated, asOfEnd) : 0;
    await clearBacklog(tx, backlog, asOfEnd);
    await tx`UPDATE pipeline_runs SET features = features + ${added + replaced} WHERE id = ${batch.runId}`;
    return added + replaced;
  });
  return { batch: batch.batch, features, failed: 0 };
}

/** Locks the marks in a fixed order, so that concurrent runs do not deadlock. */
async function takeBacklog(tx: Transaction, batch: Batch, asOfEnd: string): Promise<Backlog[]> {
  return tx<Backlog[]>`
    SELECT f.instrument_id, (extract(epoch FROM f.dirty_from) * 1000)::float8 AS dirty_from,
      EXISTS (
        SELECT 1 FROM features s WHERE s.instrument_id = f.instrument_id AND s.ts >= f.dirty_from
      ) AS has_features
    FROM feature_backlog f JOIN instruments i ON i.id = f.instrument_id AND i.is_active AND i.purpose <> 'benchmark'
    WHERE i.symbol IN (SELECT jsonb_array_elements_text(${tx.json(batch.symbols)}))
      AND f.dirty_from < ${asOfEnd}::timestamptz AND ${batch.interval === 'daily'}
    ORDER BY f.instrument_id
    FOR UPDATE OF f`;
}

/** Stores the features that are new or different, and deletes those without a bar. @returns rows written */
async function replaceFeatures(
  tx: Transaction,
  backlog: readonly Backlog[],
  asOfEnd: string,
): Promise<number> {
  await tx.unsafe(
    `CREATE TEMPORARY TABLE stage_features ON COMMIT DROP AS SELECT ${COLUMN_LIST} FROM features WITH NO DATA`,
  );
  await computeInto(tx, 'stage_features', backlog, asOfEnd);
  await tx`ANALYZE stage_features`;
  await dropOrphans(tx, backlog, asOfEnd);
  return upsertStaged(tx);
}

/** Computes the features of some marks, and copies them into a table. @returns rows copied */
async function computeInto(
  tx: Transaction,
  table: string,
  backlog: readonly Backlog[],
  asOfEnd: string,
): Promise<number> {
  if (backlog.length === 0) return 0;
  const bars = await readBars(tx, backlog, asOfEnd);
  let rows = 0;
  const computed = function* () {
    for (const { instrument_id, dirty_from } of backlog) {
      const features = computeFeatures(defined(bars.get(instrument_id), 'bars of a mark'), dirty_from);
      rows += features.ts.length;
      yield* rowsOf(instrument_id, features);
    }
  };
  await copyRows(tx, `${table} (${COLUMN_LIST})`, COLUMNS.length, computed(), writeRow);
  return rows;
}

/** Reads for each mark the bars that determine the features from it on: its block and the warm-up before it. */
async function readBars(
  tx: Transaction,
  backlog: readonly Backlog[],
  asOfEnd: string,
): Promise<ReadonlyMap<string, BarColumns>> {
  const bars = new Map<string, BarColumns>();
  for (const { instrument_id } of backlog)
    bars.set(instrument_id, { ts: [], o: [], h: [], l: [], c: [], v: [] });
  const marks = backlog.map(({ instrument_id, dirty_from }) => ({
    id: instrument_id,
    block: new Date(blockStart(dirty_from)).toISOString(),
  }));
  // COPY takes no parameters, so they go through settings of the transaction.
  await tx`
    SELECT set_config('boursomatic.marks', ${JSON.stringify(marks)}, true), set_config('boursomatic.as_of_end', ${asOfEnd}, true)`;
  await eachCopiedRow(tx, BARS_OF_MARKS, (from) => {
    const columns = defined(bars.get(from.uuid()), 'mark of a bar');
    columns.ts.push(from.instant());
    columns.o.push(from.double());
    columns.h.push(from.double());
    columns.l.push(from.double());
    columns.c.push(from.double());
    columns.v.push(from.double());
  });
  return bars;
}

const BARS_OF_MARKS = `
  SELECT m.id, b.ts, b.o, b.h, b.l, b.c, b.v
  FROM jsonb_to_recordset(current_setting('boursomatic.marks')::jsonb) AS m(id uuid, block timestamptz)
  CROSS JOIN LATERAL (
    SELECT coalesce((
      SELECT min(ts) FROM (
        SELECT ts FROM price_bars
        WHERE instrument_id = m.id AND interval = 'daily' AND ts < m.block
        ORDER BY ts DESC LIMIT ${WARM_UP_BARS}
      ) warm_up), m.block) AS first
  ) since
  CROSS JOIN LATERAL (
    SELECT ts, o, h, l, c, v FROM price_bars
    WHERE instrument_id = m.id AND interval = 'daily' AND ts >= since.first
      AND ts < current_setting('boursomatic.as_of_end')::timestamptz
    ORDER BY ts
  ) b`;

const WRITTEN = [...COLUMN_FEATURE_NAMES, 'additional_features'];
const COLUMNS = ['instrument_id', 'ts', ...WRITTEN];
const COLUMN_LIST = COLUMNS.join(', ');

/** A row of the table: the i-th bar of an instrument. */
interface FeatureRow {
  instrumentId: string;
  ts: number;
  i: number;
  settled: readonly Float64Array[];
  additional: readonly (readonly [name: string, values: Float64Array])[];
}

function* rowsOf(instrumentId: string, { ts, columns }: FeatureColumns): Generator<FeatureRow> {
  const settled = COLUMN_FEATURE_NAMES.map((name) => columns[name]);
  const additional = ADDITIONAL_FEATURE_NAMES.map((name) => [name, columns[name]] as const);
  for (const [i, instant] of ts.entries()) yield { instrumentId, ts: instant, i, settled, additional };
}

function writeRow({ instrumentId, ts, i, settled, additional }: FeatureRow, to: RowWriter): void {
  to.uuid(instrumentId);
  to.instant(ts);
  for (const values of settled) to.real(storedValue(at(values, i)));
  to.json(Object.fromEntries(additional.flatMap(([name, values]) => entryOf(name, at(values, i)))));
}

function entryOf(name: string, value: number): [string, number][] {
  return Number.isFinite(value) ? [[name, Number(value.toPrecision(7))]] : [];
}

/** Deletes features whose bars a restated history no longer has: those without a staged row. */
async function dropOrphans(tx: Transaction, backlog: readonly Backlog[], asOfEnd: string): Promise<void> {
  const ids = tx.json(backlog.map(({ instrument_id }) => instrument_id));
  // As an array, so that the planner searches the index of features: otherwise it may read the whole table.
  await tx`
    DELETE FROM features f USING feature_backlog k
    WHERE f.instrument_id = ANY (ARRAY(SELECT jsonb_array_elements_text(${ids})::uuid))
      AND k.instrument_id = f.instrument_id AND f.ts >= k.dirty_from AND f.ts < ${asOfEnd}::timestamptz
      AND NOT EXISTS (
        SELECT FROM stage_features s WHERE s.instrument_id = f.instrument_id AND s.ts = f.ts
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

async function upsertStaged(tx: Transaction): Promise<number> {
  const assignments = WRITTEN.map((name) => `${name} = excluded.${name}`).join(', ');
  const pairs = (table: string) => WRITTEN.map((name) => `${table}.${name}`).join(', ');
  const { count } = await tx.unsafe(
    `INSERT INTO features AS f (${COLUMN_LIST})
    SELECT ${COLUMN_LIST} FROM stage_features ORDER BY instrument_id, ts
    ON CONFLICT (instrument_id, ts) DO UPDATE SET ${assignments}
      WHERE (${pairs('f')}) IS DISTINCT FROM (${pairs('excluded')})`,
  );
  return count;
}
