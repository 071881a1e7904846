import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ApiError } from '../../../../functions/api/core/problem.ts';
import { type ListIdentity, readCursor, writeCursor } from '../../../../functions/api/lists/cursor.ts';
import { keySchemas, type SortOrder } from '../../../../functions/api/lists/keyset.ts';

const ORDER: SortOrder = {
  columns: [
    { column: 'r.confidence', kind: 'number' },
    { column: 'r.generated_at', kind: 'instant' },
    { column: 'r.id', kind: 'uuid' },
  ],
  descending: true,
};
const SCHEMAS = keySchemas(ORDER);
const LIST: ListIdentity = {
  list: 'recommendations',
  profile: 'moderate',
  label: undefined,
  symbol: ['AAPL'],
};
const KEYS = [0.1 + 0.2, '2026-03-01T22:04:00.123456Z', '0199a5b0-0000-7000-8000-000000000001'];

const read = (cursor: string | undefined, list = LIST) => readCursor(list, SCHEMAS, cursor);
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** A cursor of the list with forged content. */
const forge = (change: (parts: unknown[]) => unknown) =>
  encode(change(JSON.parse(Buffer.from(writeCursor(LIST, KEYS), 'base64url').toString())));

test('returns its keys exactly', () => {
  expect(read(writeCursor(LIST, KEYS))).toEqual(KEYS);
  expect(read(writeCursor(LIST, [-1e-300, ...KEYS.slice(1)]))?.[0]).toBe(-1e-300);
});

test('returns no keys without a cursor', () => {
  expect(read(undefined)).toBeUndefined();
});

test('contains the version of its format', () => {
  expect(JSON.parse(Buffer.from(writeCursor(LIST, KEYS), 'base64url').toString())[0]).toBe(1);
});

describe('readCursor refuses', () => {
  test.each<[string, ListIdentity]>([
    ['another list', { ...LIST, list: 'history' }],
    ['another profile', { ...LIST, profile: 'aggressive' }],
    ['an additional filter', { ...LIST, label: 'BUY' }],
    ['a missing filter', { ...LIST, symbol: undefined }],
    ['another value of a filter', { ...LIST, symbol: ['MSFT'] }],
  ])('the cursor of %s', (_what, other) => {
    const cursor = writeCursor(other, KEYS);
    expect(() => read(cursor)).toThrow(expect.objectContaining({ code: 'invalid-cursor', status: 400 }));
    expect(read(cursor, other)).toEqual(KEYS);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'next'],
    ['text that is not base64url', '%%%'],
    ['padding', `${writeCursor(LIST, KEYS)}==`],
    ['ordinary base64', Buffer.from('[1,">>>???"]').toString('base64')],
    ['a byte more', `${writeCursor(LIST, KEYS)}A`],
    ['a byte less', writeCursor(LIST, KEYS).slice(0, -1)],
    ['a very long cursor', 'A'.repeat(100_000)],
    ['JSON that is not an array', encode({ 0: 1 })],
    ['text that is not JSON', encode('[1,')],
    ['null', encode(null)],
    ['spaces in the JSON', encode(JSON.stringify(JSON.parse('[1]')).replace('[', '[ '))],
    [
      'a second spelling of a number',
      encode(forgeText((text) => text.replace(/0\.3\d+/, '3.0000000000000004e-1'))),
    ],
    ['an empty array', encode([])],
    ['another version', forge(([, ...rest]) => [2, ...rest])],
    ['a version as text', forge(([, ...rest]) => ['1', ...rest])],
    ['another hash', forge(([version, , ...rest]) => [version, 'AAAAAAAAAAAAAAAA', ...rest])],
    ['a key less', forge((parts) => parts.slice(0, -1))],
    ['a key more', forge((parts) => [...parts, 1])],
    ['keys in another order', forge(([version, list, a, b, c]) => [version, list, c, b, a])],
    ['text for a number', forge(([version, list, , ...rest]) => [version, list, '0.5', ...rest])],
    ['a number that overflows', encode(forgeText((text) => text.replace(/0\.3\d+/, '1e999')))],
    ['an object for a key', forge((parts) => [...parts.slice(0, 2), {}, ...parts.slice(3)])],
    ['SQL for an instant', forge((parts) => parts.with(3, "2026-03-01'; DROP TABLE users; --"))],
    ['an instant without microseconds', forge((parts) => parts.with(3, '2026-03-01T22:04:00Z'))],
    ['an invalid day', forge((parts) => parts.with(3, '2026-02-30T22:04:00.000000Z'))],
    ['a year outside the range of Postgres', forge((parts) => parts.with(3, '0000-01-01T00:00:00.000000Z'))],
    ['an invalid id', forge((parts) => parts.with(4, "1' OR '1'='1"))],
  ])('%s', (_what, cursor) => {
    expect(() => read(cursor)).toThrow(ApiError);
    expect(() => read(cursor)).toThrow(expect.objectContaining({ code: 'invalid-cursor', status: 400 }));
  });

  test('text that Postgres would reject', () => {
    const order: SortOrder = { columns: [{ column: 'i.exchange', kind: 'text' }], descending: false };
    for (const text of ['\u0000', 'a\u0000b', 'x'.repeat(321), '\ud800']) {
      const cursor = writeCursor(LIST, [text]);
      expect(() => readCursor(LIST, keySchemas(order), cursor), JSON.stringify(text)).toThrow(ApiError);
    }
    expect(readCursor(LIST, keySchemas(order), writeCursor(LIST, ['São Paulo']))).toEqual(['São Paulo']);
  });
});

function forgeText(change: (text: string) => string): string {
  return change(Buffer.from(writeCursor(LIST, KEYS), 'base64url').toString());
}

test('does not depend on a prototype', () => {
  expect(() => readCursor({ list: 'x' }, [z.string()], encode(['__proto__']))).toThrow(ApiError);
});
