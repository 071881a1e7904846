import * as z from 'zod';
import type { Sql, Transaction } from '../../shared/database.ts';
import { InstrumentSymbol } from '../../shared/fields.ts';
import { defined } from '../../shared/invariant.ts';
import { type CursorKey, type ListIdentity, writeCursor } from './cursor.ts';

/** An instant to the microsecond. Postgres sorts by microseconds, and a Date would cut them off. */
const Microsecond = z.iso.datetime({ precision: 6 }).refine((text) => text >= '1900', 'is too early');

/** The values that a cursor may hold for each kind of column. No other value reaches the database. */
const KEY_SCHEMAS = {
  number: z.number(),
  instant: Microsecond,
  uuid: z.uuid(),
  symbol: InstrumentSymbol,
  text: z.string().regex(/^[^\p{Cc}\p{Cs}]{0,320}$/u),
} as const satisfies Record<string, z.ZodType<CursorKey>>;

/** A column that a list is sorted by. */
export interface SortColumn {
  /** Qualified with its table. Never taken from a request. */
  column: string;
  kind: keyof typeof KEY_SCHEMAS;
}

/** Columns that together identify one row. All have one direction, so that one index can serve the order. */
export interface SortOrder {
  columns: readonly SortColumn[];
  descending: boolean;
}

/** Schemas of an order's keys, one for each column. */
export function keySchemas({ columns }: SortOrder): z.ZodType<CursorKey>[] {
  return columns.map(({ kind }) => KEY_SCHEMAS[kind]);
}

/** The expression that selects an instant as a cursor key: text to the microsecond. */
export function instantKey(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/**
 * The list of columns after `ORDER BY`.
 *
 * @param of - a subquery that selects all of the columns
 */
export function ordering({ columns, descending }: SortOrder, of?: string): string {
  return columns
    .map(({ column }) => (of ? `${of}.${column.split('.').at(-1)}` : column))
    .map((column) => (descending ? `${column} DESC` : column))
    .join(', ');
}

/** The type of each kind of key. An instant is bound as text: the client would cut a timestamptz to milliseconds. */
const BOUND_AS = {
  number: 'float8',
  instant: 'text::timestamptz',
  uuid: 'uuid',
  symbol: 'text',
  text: 'text',
} as const satisfies Record<SortColumn['kind'], string>;

/** One page of a list. */
export interface PageRequest {
  /** The keys of the row that the page follows; undefined for the first page. */
  keys?: readonly CursorKey[] | undefined;
  /** How many rows the page shows. */
  limit: number;
}

/** Binds a value as a type, and returns its placeholder. */
export type Bind = (value: CursorKey, type: string) => string;

/**
 * The end of a statement that reads a page: `AND` the rows after the keys, in the order, limited. It follows a `WHERE`.
 * It reads at least one row more than the page shows, so that {@link toPage} sees whether more follow.
 */
export function pageText(order: SortOrder, { keys, limit }: PageRequest, bind: Bind): string {
  return `${afterKeys(order, keys, bind)} ORDER BY ${ordering(order)} LIMIT ${rowsToRead(limit)}`;
}

/** {@link pageText} as a fragment for a tagged statement. */
export function pageOf(sql: Sql | Transaction, order: SortOrder, page: PageRequest) {
  const values: CursorKey[] = [];
  const text = pageText(order, page, (value, type) => {
    values.push(value);
    return `${PLACEHOLDER}::${type}`;
  });
  const texts = text.split(PLACEHOLDER);
  return sql(Object.assign(texts, { raw: texts }), ...values);
}

/** No column's name or type has this character. */
const PLACEHOLDER = '\0';

function afterKeys(
  { columns, descending }: SortOrder,
  keys: readonly CursorKey[] | undefined,
  bind: Bind,
): string {
  if (!keys) return '';
  const names = columns.map(({ column }) => column).join(', ');
  const values = columns.map(({ column, kind }, i) => bind(defined(keys[i], column), BOUND_AS[kind]));
  return `AND (${names}) ${descending ? '<' : '>'} (${values.join(', ')})`;
}

/**
 * Rounds up to one of a few constants, which are written into the statement. For a bound limit Postgres assumes a tenth
 * of the table and plans again each time, which takes longer than reading the rows.
 */
function rowsToRead(limit: number): number {
  return PAGE_SIZES.find((size) => limit < size) ?? limit + 1;
}

const PAGE_SIZES = [11, 51, 101, 251, 1001];

/**
 * Cuts the rows that a statement read to one page.
 *
 * @param keysOf - the sort keys of a row
 * @returns the rows to show, and the cursor of the next page; null on the last page
 */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  identity: ListIdentity,
  keysOf: (row: Row) => readonly CursorKey[],
): { shown: Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last ? writeCursor(identity, keysOf(last)) : null;
  return { shown, nextCursor };
}
