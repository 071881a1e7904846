import type { Bar } from '../../../functions/ingest/providers/provider.ts';
import { type FetchedRecord, type RawBar, toRawBar, writeRaw } from '../../../functions/ingest/raw.ts';
import type { Batch } from '../../../functions/shared/contracts.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import type { ObjectStore } from '../../../functions/shared/object-store.ts';

export const RUN = 'run-1';

/** Midnight UTC of a day, in milliseconds since the epoch. */
export const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** A batch of the week from Monday 2026-03-02, with other fields replaced. */
export function batchOf(rest: Partial<Batch> = {}): Batch {
  return {
    runId: RUN,
    batch: 0,
    interval: 'daily',
    from: '2026-03-02',
    asOf: '2026-03-06',
    symbols: ['AAPL'],
    ...rest,
  };
}

/** A plausible bar that closes at a price. */
export function bar(day: string, close: number, rest: Partial<Bar> = {}): Bar {
  return { ts: at(day), o: close, h: close + 1, l: close - 1, c: close, v: 1000, ...rest };
}

/** A plausible bar as the raw record holds it. */
export function rawBar(day: string, close: number, rest: Partial<Bar> = {}): RawBar {
  return toRawBar(bar(day, close, rest));
}

/** Bars of the week of {@link batchOf} with the given closes. */
export function week(...closes: number[]): RawBar[] {
  return closes.map((close, i) => rawBar(`2026-03-0${2 + i}`, close));
}

/** Fields of a record that a test may set besides its bars. */
export type RecordFacts = Partial<Omit<FetchedRecord, 'status' | 'bars' | 'symbol' | 'version'>> & {
  runId?: string;
};

/** The request fields of a record: the week of {@link batchOf}, fetched on Friday evening. */
const REQUEST = {
  interval: 'daily',
  from: '2026-03-02',
  to: '2026-03-06',
  provider: 'csv',
  fetchedAt: '2026-03-06T23:00:00.000Z',
} as const;

/** Writes the record of a fetched instrument. */
export function writeFetched(
  objects: ObjectStore,
  symbol: string,
  bars: RawBar[],
  { runId = RUN, ...facts }: RecordFacts = {},
): Promise<void> {
  return writeRaw(objects, runId, {
    status: 'fetched',
    ...REQUEST,
    attempts: [],
    actions: [],
    ...facts,
    symbol,
    bars,
  });
}

/** Writes the record of an instrument that Fetch could not get. */
export function writeFailed(
  objects: ObjectStore,
  symbol: string,
  failure: { reason: string; message: string } & RecordFacts,
): Promise<void> {
  const { runId = RUN, actions: _, ...rest } = failure;
  return writeRaw(objects, runId, { status: 'failed', ...REQUEST, ...rest, symbol, attempts: [] });
}

/** Stores active instruments and returns their ids. */
export async function seedInstruments(sql: Sql, symbols: string[]): Promise<Map<string, string>> {
  const rows = await sql<{ symbol: string; id: string }[]>`
    INSERT INTO instruments (symbol)
    SELECT jsonb_array_elements_text(${sql.json(symbols)}) RETURNING symbol, id`;
  return new Map(rows.map(({ symbol, id }) => [symbol, id]));
}

/** Deletes everything that runs write. */
export async function clear(sql: Sql): Promise<void> {
  const tables = [
    'pipeline_failures',
    'instrument_fetches',
    'quarantined_bars',
    'bar_revisions',
    'corporate_actions',
    'pipeline_runs',
    'feature_backlog',
    'exchange_rates',
    'outcome_backlog',
    'features',
    'price_bars',
    'instruments',
  ];
  // Deleting the few rows of a test is faster than truncating every partition.
  for (const table of tables) await sql`DELETE FROM ${sql(table)}`;
}

/** Opens a run's row in the ledger. */
export async function seedRun(sql: Sql, runId = RUN, instruments = 1): Promise<void> {
  await sql`INSERT INTO pipeline_runs (id, mode, input, instruments) VALUES (${runId}, 'daily', '{}', ${instruments})`;
}

/** Makes the partitions of some days' years. */
export async function seedPartitions(sql: Sql, from: string, to: string): Promise<void> {
  await sql`SELECT ensure_partitions('daily', ${from}::date, ${to}::date)`;
}

/** Stores daily bars of an instrument like an earlier run, and overwrites those of the same days. */
export async function seedBars(sql: Sql, id: string, bars: Bar[]): Promise<void> {
  await sql`
    INSERT INTO price_bars (instrument_id, ts, o, h, l, c, v, interval)
    SELECT ${id}, to_timestamp(b.ts / 1000.0), b.o, b.h, b.l, b.c, b.v, 'daily'
    FROM jsonb_to_recordset(${sql.json(bars.map((one) => ({ ...one })))})
      AS b(ts float8, o float8, h float8, l float8, c float8, v float8)
    ON CONFLICT (instrument_id, ts, interval)
      DO UPDATE SET o = excluded.o, h = excluded.h, l = excluded.l, c = excluded.c, v = excluded.v`;
}

/** Every stored bar, as `symbol day open high low close volume`. */
export async function storedBars(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, to_char(b.ts, 'YYYY-MM-DD'), b.o, b.h, b.l, b.c, b.v) AS line
    FROM price_bars b JOIN instruments i ON i.id = b.instrument_id ORDER BY i.symbol, b.ts`;
  return rows.map(({ line }) => line);
}

/** The marks that Load left for Features, as `symbol day`. */
export async function backlog(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, to_char(f.dirty_from, 'YYYY-MM-DD')) AS line
    FROM feature_backlog f JOIN instruments i ON i.id = f.instrument_id ORDER BY i.symbol`;
  return rows.map(({ line }) => line);
}

/** The failures of a run, as `symbol step reason`. */
export async function failures(sql: Sql, runId = RUN): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', symbol, step, reason_code) AS line
    FROM pipeline_failures WHERE run_id = ${runId} ORDER BY symbol, step`;
  return rows.map(({ line }) => line);
}

/** Bars in quarantine, as `symbol day close reason`, followed by `resolved` where a later load resolved it. */
export async function quarantined(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, to_char(q.ts, 'YYYY-MM-DD'), q.c, q.reason,
      CASE WHEN q.resolved_at IS NOT NULL THEN 'resolved' END) AS line
    FROM quarantined_bars q JOIN instruments i ON i.id = q.instrument_id ORDER BY i.symbol, q.ts, q.reason`;
  return rows.map(({ line }) => line);
}

/** The first values of revised bars, as `symbol day close source`. */
export async function revisions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, to_char(r.ts, 'YYYY-MM-DD'), r.c, r.source) AS line
    FROM bar_revisions r JOIN instruments i ON i.id = r.instrument_id ORDER BY i.symbol, r.ts`;
  return rows.map(({ line }) => line);
}

/** The notes on the bars of a run, as `symbol reason`. */
export async function notes(sql: Sql, runId = RUN): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    SELECT concat_ws(' ', i.symbol, n ->> 'reason') AS line
    FROM instrument_fetches f JOIN instruments i ON i.id = f.instrument_id
    CROSS JOIN jsonb_array_elements(f.notes) n WHERE f.run_id = ${runId} ORDER BY i.symbol, n ->> 'reason'`;
  return rows.map(({ line }) => line);
}

/** A checksum of everything that Load writes, including ids and times. */
export async function checksum(sql: Sql): Promise<string> {
  const sums = await sql<{ sum: string }[]>`
    SELECT md5(string_agg(b::text, '|' ORDER BY b.id)) AS sum FROM price_bars b
    UNION ALL SELECT md5(string_agg(f::text, '|' ORDER BY f.instrument_id)) FROM feature_backlog f
    UNION ALL SELECT md5(string_agg(r::text, '|' ORDER BY r.instrument_id, r.ts)) FROM bar_revisions r
    UNION ALL SELECT md5(string_agg(q::text, '|' ORDER BY q.id)) FROM quarantined_bars q
    UNION ALL SELECT md5(string_agg(f::text, '|' ORDER BY f.instrument_id, f.run_id)) FROM instrument_fetches f
    UNION ALL SELECT md5(string_agg(a::text, '|' ORDER BY a.instrument_id, a.ex_date)) FROM corporate_actions a
    UNION ALL SELECT md5(string_agg(concat(symbol, step, reason_code, message), '|' ORDER BY symbol)) FROM pipeline_failures`;
  return sums.map(({ sum }) => sum).join();
}
