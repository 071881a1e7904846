import * as z from 'zod';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { type CursorKey, type ListIdentity, writeCursor } from './cursor.ts';

/** An instant to the microsecond, which is what the database sorts by and a Date would cut off. */
const Microsecond = z.iso.datetime({ precision: 6 }).refine((text) => text >= '1900', 'is too early');

/** What may stand in a cursor for a column of each kind: nothing else reaches the database. */
const KEY_SCHEMAS = {
  number: z.number(),
  instant: Microsecond,
  uuid: z.uuid(),
  symbol: InstrumentSymbol,
  text: z.string().regex(/^[^\p{Cc}\p{Cs}]{0,320}$/u),
} as const satisfies Record<string, z.ZodType<CursorKey>>;

/** A column that a list is sorted by. */
export interface SortColumn {
  /** Qualified, and never from a request. */
  column: string;
  kind: keyof typeof KEY_SCHEMAS;
}

/** Columns that together name one row, all of them in one direction: that is what one index can serve. */
export interface SortOrder {
  columns: readonly SortColumn[];
  descending: boolean;
}

/** Schemas of an order's keys, in its order. */
export function keySchemas({ columns }: SortOrder): z.ZodType<CursorKey>[] {
  return columns.map(({ kind }) => KEY_SCHEMAS[kind]);
}

/** An instant as a cursor holds it: text to the microsecond. */
export function instantKeyText(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** {@link instantKeyText} as a part of a statement. */
export function instantKey(sql: Sql | Transaction, column: string) {
  return sql.unsafe(instantKeyText(column));
}

/**
 * `ORDER BY` of an order, without the words.
 *
 * @param of - a subquery that has all of the columns
 */
export function orderingText({ columns, descending }: SortOrder, of?: string): string {
  return columns
    .map(({ column }) => (of ? `${of}.${column.split('.').at(-1)}` : column))
    .map((column) => (descending ? `${column} DESC` : column))
    .join(', ');
}

/** {@link orderingText} as a part of a statement. */
export function ordering(sql: Sql | Transaction, order: SortOrder) {
  return sql.unsafe(orderingText(order));
}

/** What a key is bound as. An instant as text first: of a timestamptz the client would make a Date, in milliseconds. */
const BOUND_AS = {
  number: 'float8',
  instant: 'text::timestamptz',
  uuid: 'uuid',
  symbol: 'text',
  text: 'text',
} as const satisfies Record<SortColumn['kind'], string>;

/**
 * `AND` what comes after the row that these are the keys of; nothing without keys.
 *
 * @param bind - binds a value as a type, and answers its place in the statement
 */
export function afterText(
  { columns, descending }: SortOrder,
  keys: readonly CursorKey[] | undefined,
  bind: (value: CursorKey, type: string) => string,
): string {
  if (!keys) return '';
  const names = columns.map(({ column }) => column).join(', ');
  const values = columns.map(({ kind }, i) => bind(keys[i] as CursorKey, BOUND_AS[kind])).join(', ');
  return `AND (${names}) ${descending ? '<' : '>'} (${values})`;
}

/** {@link afterText} as a part of a statement. */
export function after(sql: Sql | Transaction, order: SortOrder, keys: readonly CursorKey[] | undefined) {
  if (!keys) return sql``;
  const names = sql.unsafe(order.columns.map(({ column }) => column).join(', '));
  const values = order.columns
    .map(({ kind }, i) => sql`${keys[i] as CursorKey}::${sql.unsafe(BOUND_AS[kind])}`)
    .reduce((before, value) => sql`${before}, ${value}`);
  return order.descending ? sql`AND (${names}) < (${values})` : sql`AND (${names}) > (${values})`;
}

/**
 * How many rows to read for a page: one more than it shows, to see whether there are others. Rounded up to one of
 * few numbers that stand in the statement itself, because for a bound limit the planner assumes a tenth of the
 * table and plans anew each time, which takes longer than to read the rows.
 */
export function rowsToReadText(limit: number): string {
  return String(PAGE_SIZES.find((size) => limit < size) ?? limit + 1);
}

const PAGE_SIZES = [11, 51, 101, 251, 1001];

/** {@link rowsToReadText} as a part of a statement. */
export function rowsToRead(sql: Sql | Transaction, limit: number) {
  return sql.unsafe(rowsToReadText(limit));
}

/**
 * Cuts what was read to a page.
 *
 * @param keysOf - what a row is sorted by
 * @returns the rows to show, and the cursor of the page after it; null where there is none
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
