import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { problem } from '../core/problem.ts';

/** Increase it when the format of cursors or the order of a list changes, so that older cursors are refused. */
const VERSION = 1;

/** Longer than any cursor that a list returns. */
const MAX_LENGTH = 2000;

/** One sort key of a row. */
export type CursorKey = string | number;

/** Identifies a list: its name, and every parameter that decides its rows and their order. */
export interface ListIdentity {
  list: string;
  [filter: string]: string | number | boolean | readonly string[] | null | undefined;
}

/**
 * The cursor of a list's row, from which the next page continues: base64url of `[version, list, ...keys]` as JSON.
 * `list` is a hash of the list's name, filters and order, so that every other list refuses the cursor. A cursor is not
 * signed, because it grants nothing: a forged one points to another row of a list that the client may read anyway.
 *
 * @param keys - the sort keys of the row, the last of them unique
 */
export function writeCursor(identity: ListIdentity, keys: readonly CursorKey[]): string {
  return Buffer.from(JSON.stringify([VERSION, hashOf(identity), ...keys])).toString('base64url');
}

/**
 * The keys of a cursor that {@link writeCursor} made for the same list.
 *
 * @param schemas - one for each key; they must reject every value that the database would reject
 * @returns undefined without a cursor
 * @throws ApiError (400, invalid-cursor) if the cursor is not one of this list
 */
export function readCursor(
  identity: ListIdentity,
  schemas: readonly z.ZodType<CursorKey>[],
  cursor: string | undefined,
): CursorKey[] | undefined {
  if (cursor === undefined) return undefined;
  const [version, list, ...keys] = decode(cursor);
  const isOfList = version === VERSION && list === hashOf(identity) && keys.length === schemas.length;
  if (!isOfList || !schemas.every((schema, i) => schema.safeParse(keys[i]).success)) throw invalidCursor();
  return keys as CursorKey[];
}

/** Accepts only the exact text that {@link writeCursor} writes: no whitespace, no second spelling. */
function decode(cursor: string): unknown[] {
  const bytes = Buffer.from(cursor.slice(0, MAX_LENGTH), 'base64url');
  if (bytes.toString('base64url') !== cursor) throw invalidCursor();
  const text = bytes.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidCursor();
  }
  if (!Array.isArray(value) || JSON.stringify(value) !== text) throw invalidCursor();
  return value;
}

function hashOf(identity: ListIdentity): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 16);
}

function invalidCursor() {
  return problem(
    'invalid-cursor',
    'The cursor does not belong to this list with these parameters. Leave it out to start at the first page.',
  );
}
