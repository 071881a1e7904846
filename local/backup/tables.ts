import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Transaction } from '../../functions/shared/database.ts';
import { ContentHash, type Digest } from './archive.ts';
import type { Partition } from './manifest.ts';

/** A table with its columns in their order, without generated ones. */
export interface Table {
  name: string;
  columns: string[];
  /** Its rows are in partitions. */
  isPartitioned: boolean;
}

/** The tables of the database in the order of their names, without partitions and the ledger of migrations. */
export async function listTables(tx: Transaction): Promise<Table[]> {
  const rows = await tx<{ name: string; columns: string; kind: string }[]>`
    SELECT c.relname AS name, c.relkind AS kind, json_agg(a.attname ORDER BY a.attnum)::text AS columns
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname <> 'schema_migrations'
    GROUP BY c.oid ORDER BY c.relname COLLATE "C"`;
  return rows.map(({ name, kind, columns }) => ({
    name,
    columns: JSON.parse(columns),
    isPartitioned: kind === 'p',
  }));
}

/** The partitions of the database, parents first. */
export async function listPartitions(tx: Transaction): Promise<Partition[]> {
  return [
    ...(await tx<Partition[]>`
      SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bounds,
        pg_get_partkeydef(c.oid) AS key
      FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
      WHERE c.relispartition AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
      ORDER BY (SELECT count(*) FROM pg_partition_ancestors(c.oid)), c.relname COLLATE "C"`),
  ];
}

/** Keeps tables from being changed or dropped until the transaction ends. Their rows stay free. */
export async function lockTables(tx: Transaction, tables: readonly Table[]): Promise<void> {
  const names = tables.map(({ name }) => quoted(name));
  if (names.length > 0) await tx.unsafe(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`);
}

/** Tables that a start or a deployment fills before anybody uses the installation. */
const FILLED_BY_START = ['data_origin', 'model_evidence', 'model_promotions', 'model_versions'];

/** Whether the database has more than what a start or a deployment stores in it. */
export async function isInUse(tx: Transaction): Promise<boolean> {
  for (const { name } of await listTables(tx)) {
    if (FILLED_BY_START.includes(name)) continue;
    const [row] = await tx`SELECT 1 FROM ${tx(name)} LIMIT 1`;
    if (row) return true;
  }
  return false;
}

/**
 * Fixes the settings that change the text of values, so that equal tables have equal hashes, and lifts the time limits.
 * All settings end with the transaction.
 */
export async function fixFormats(tx: Transaction): Promise<void> {
  const settings = {
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    bytea_output: 'hex',
    extra_float_digits: '1',
    max_parallel_workers_per_gather: '0',
    statement_timeout: '0',
    idle_in_transaction_session_timeout: '0',
  };
  for (const [name, value] of Object.entries(settings)) await tx`SELECT set_config(${name}, ${value}, true)`;
}

/**
 * Reads the rows of a table in COPY's text format.
 *
 * @param add - receives each chunk; the next one is read when it resolves
 */
export async function copyOut(
  tx: Transaction,
  table: Table,
  add: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const columns = table.columns.map(quoted).join(', ');
  const source = table.isPartitioned
    ? `(SELECT ${columns} FROM ${quoted(table.name)})`
    : `${quoted(table.name)} (${columns})`;
  const stream = await tx.unsafe(`COPY ${source} TO STDOUT`).readable();
  let fault: unknown;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (fault !== undefined) continue;
    try {
      await add(chunk);
    } catch (error) {
      // The connection is usable again only after the last chunk.
      fault = error;
    }
  }
  // The driver stops reading from its socket when the stream is full, and does not start again at the stream's end.
  stream._read(0);
  if (fault !== undefined) throw fault;
}

/** Rows, bytes and hash of a table's content. */
export async function digestOf(tx: Transaction, table: Table): Promise<Digest> {
  const content = new ContentHash();
  await copyOut(tx, table, (chunk) => content.add(chunk));
  return content.end();
}

/** A COPY into a table that is under way. */
export interface TableLoad {
  add(chunk: Buffer): Promise<void>;
  /** @throws the server's error if it refuses a row */
  end(): Promise<void>;
  abort(error: Error): void;
}

/** Begins to load rows in COPY's text format. */
export async function copyIn(tx: Transaction, table: Table): Promise<TableLoad> {
  const columns = table.columns.map(quoted).join(', ');
  const stream = await tx.unsafe(`COPY ${quoted(table.name)} (${columns}) FROM STDIN`).writable();
  const done = finished(stream);
  // The server may refuse a row while others are still sent; the next wait throws it.
  done.catch(() => {});
  return {
    add: async (chunk) => {
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
    },
    end: () => {
      stream.end();
      return done;
    },
    abort: (error) => stream.destroy(error),
  };
}

/** Quotes a name of the catalogue or of a checked manifest. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
