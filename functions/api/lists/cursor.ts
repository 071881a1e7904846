import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { problem } from '../core/problem.ts';

/** Goes up when a cursor's form or a list's order changes: older cursors are then refused, not misread. */
const VERSION = 1;

/** Longer than any cursor that is given out. */
const LONGEST = 2000;

/** What a row is sorted by. */
export type CursorKey = string | number;

/** A list: its name, and everything that decides which rows it has and in what order. */
export interface ListIdentity {
  list: string;
  [filter: string]: string | number | boolean | readonly string[] | null | undefined;
}

/**
 * The cursor of a list's row, to go on after it: base64url of `[version, list, ...keys]` as JSON. The list stands
 * there as a hash of its name, filters and order, so that a cursor is refused by every other list. It is not
 * signed: it grants nothing, since a made-up one leads to another place in a list that the client may read anyway.
 *
 * @param keys - what the row is sorted by, the last of them unique
 */
export function writeCursor(identity: ListIdentity, keys: readonly CursorKey[]): string {
  return Buffer.from(JSON.stringify([VERSION, hashOf(identity), ...keys])).toString('base64url');
}

/**
 * The keys of a cursor that {@link writeCursor} made for the same list.
 *
 * @param schemas - one a key; they must let nothing through that the database would refuse
 * @returns undefined without a cursor
 * @throws ApiError (400, invalid-cursor) if it is anything else
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

/** Only the one text that {@link writeCursor} would have written is read: no spaces, no second spelling. */
function decode(cursor: string): unknown[] {
  const bytes = Buffer.from(cursor.slice(0, LONGEST), 'base64url');
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
    'The cursor is not one that this list gave with these parameters: ask without it to begin anew.',
  );
}
