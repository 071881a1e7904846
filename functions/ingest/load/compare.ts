import type { Batch } from '../../shared/contracts.ts';
import { copyLines } from '../../shared/copy.ts';
import type { Transaction } from '../../shared/database.ts';
import { addDays } from '../../shared/days.ts';
import type { FetchedRecord, RawBar } from '../raw.ts';
import { type BarsOfInstrument, barLines, LINE_COLUMNS } from './lines.ts';
import { fetchedAt } from './records.ts';
import type { Stored } from './state.ts';

/** Values of one source that differ by no more than this share are the same: some work in single precision. */
const FLOAT_NOISE = 1e-6;

/**
 * Closes of two sources that are the same to this share agree: their last trades are not the same trade. Their first
 * trades, ranges and volumes never agree, and are not compared.
 */
const SOURCE_NOISE = 2.5e-3;

/** The largest spread of the ratios between two sources' closes that is another adjustment and not another story. */
export const LARGEST_SPREAD = 2 * SOURCE_NOISE;

/** Bars that passed the gate, of an instrument that has some. */
export interface Incoming {
  stored: Stored;
  record: FetchedRecord;
  bars: readonly RawBar[];
}

/** How a series compares with the bars that are stored for the same days. Instants are milliseconds since the epoch. */
export interface Comparison {
  id: string;
  /** Stored bars of those days, and how many of them came again. */
  stored: number;
  common: number;
  /** Bars that are not stored. */
  fresh: number;
  /** Bars that came again with another price or volume, and the first that did or is not stored. */
  changed: number;
  firstDifferent: number | null;
  /** The first bar that came with other prices, and the first of the same source that came with the same. */
  firstMoved: number | null;
  firstSame: number | null;
  /** Bars of another source that are not what that had, and between which ratios its closes lie to the stored ones. */
  disputed: number;
  lowRatio: number | null;
  highRatio: number | null;
}

/** Of an instrument of which nothing came, and nothing is stored for those days. */
export const NOTHING: Omit<Comparison, 'id'> = {
  ...{ stored: 0, common: 0, fresh: 0, changed: 0, firstDifferent: null, firstMoved: null, firstSame: null },
  ...{ disputed: 0, lowRatio: null, highRatio: null },
};

/** Whether the source was asked before the stored bars' was. */
export function isOutdated({ stored, record }: Incoming): boolean {
  return stored.fetchedAt !== null && fetchedAt(record) < stored.fetchedAt;
}

/**
 * Puts series into a staging table and compares them with what is stored, in one pass that writes nothing else.
 *
 * @returns one entry an instrument
 */
export async function compareWithStored(
  tx: Transaction,
  batch: Batch,
  incoming: readonly Incoming[],
): Promise<Map<string, Comparison>> {
  if (incoming.length === 0) return new Map();
  await tx`
    CREATE TEMPORARY TABLE stage_bars (
      instrument_id uuid, ts timestamptz, o float8, h float8, l float8, c float8, v float8, interval text, source text
    ) ON COMMIT DROP`;
  await copyLines(tx, `stage_bars (${LINE_COLUMNS})`, barLines(incoming.map(toLines), batch.interval));
  const wanted = incoming.map(({ stored, record }) => ({ id: stored.id, source: record.provider }));
  const rows = await tx<Comparison[]>`
    WITH ${storedBars(tx, batch, wanted)}, compared AS (
      SELECT coalesce(s.instrument_id, k.instrument_id) AS id, coalesce(s.ts, k.ts) AS ts,
        s.ts IS NOT NULL AS came, k.ts IS NOT NULL AS kept, k.own, s.c / k.c AS ratio,
        ${hasMoved(tx)} AS moved, ${hasChanged(tx)} AS changed
      FROM stage_bars s FULL JOIN kept k ON k.instrument_id = s.instrument_id AND k.ts = s.ts
    )
    SELECT id, count(*) FILTER (WHERE kept)::int AS stored, count(*) FILTER (WHERE came AND kept)::int AS common,
      count(*) FILTER (WHERE NOT kept)::int AS fresh, count(*) FILTER (WHERE changed)::int AS changed,
      ${first(tx, tx`changed OR NOT kept`)} AS "firstDifferent",
      ${first(tx, tx`moved`)} AS "firstMoved", ${first(tx, tx`own AND NOT moved`)} AS "firstSame",
      count(*) FILTER (WHERE moved AND NOT own)::int AS disputed,
      min(ratio) FILTER (WHERE NOT own) AS "lowRatio", max(ratio) FILTER (WHERE NOT own) AS "highRatio"
    FROM compared GROUP BY id`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** A series as its lines need it. */
export function toLines({ stored, record, bars }: Incoming): BarsOfInstrument {
  return { id: stored.id, source: record.provider, bars };
}

type Fragment = ReturnType<Transaction>;

/** The first instant of which a condition is true; of a bar that came or is stored alone, no comparison is. */
function first(tx: Transaction, condition: Fragment): Fragment {
  return tx`(extract(epoch FROM min(ts) FILTER (WHERE ${condition})) * 1000)::float8`;
}

/** Whether prices of a staged bar `s` are other than those of the stored bar `k`. */
function hasMoved(tx: Transaction): Fragment {
  return tx`CASE WHEN k.own THEN abs(s.c - k.c) > ${FLOAT_NOISE} * k.c OR abs(s.o - k.o) > ${FLOAT_NOISE} * k.o
    OR abs(s.h - k.h) > ${FLOAT_NOISE} * k.h OR abs(s.l - k.l) > ${FLOAT_NOISE} * k.l
    ELSE abs(s.c - k.c) > ${SOURCE_NOISE} * k.c END`;
}

/** Whether anything of them is. */
export function hasChanged(tx: Transaction): Fragment {
  return tx`(${hasMoved(tx)} OR k.own AND abs(s.v - k.v) > ${FLOAT_NOISE} * greatest(s.v, k.v))`;
}

/**
 * Two tables for the WITH of a statement: `wanted`, the instruments, and `kept`, their stored bars of the days asked
 * for, each with whether it is of the source that was asked now. Made into tables, so that each instrument's bars are
 * found by the index and not by reading all there are.
 */
export function storedBars(
  tx: Transaction,
  batch: Batch,
  wanted: { id: string; source: string; replaces?: boolean }[],
): Fragment {
  return tx`
    wanted AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${tx.json(wanted as never)}) AS w(id uuid, source text, replaces boolean)
    ), kept AS MATERIALIZED (
      SELECT b.instrument_id, b.ts, b.o, b.h, b.l, b.c, b.v, coalesce(b.source = w.source, true) AS own FROM wanted w
      JOIN price_bars b ON b.instrument_id = w.id AND b.interval = ${batch.interval} AND ${isAsked(tx, batch)}
    )`;
}

/** Whether a stored bar `b` is of the days asked for. */
export function isAsked(tx: Transaction, batch: Batch): Fragment {
  return tx`b.ts >= ${batch.from}::timestamptz AND b.ts < ${addDays(batch.asOf, 1)}::timestamptz`;
}
