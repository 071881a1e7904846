import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyLines, copyText } from '../../../functions/shared/copy.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ migrated: false });
  await db.sql`CREATE TABLE target (n integer, t text)`;
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`TRUNCATE target`;
});

const copy = (lines: Iterable<string>) => db.sql.begin((tx) => copyLines(tx, 'target (n, t)', lines));
const stored = async () =>
  (await db.sql<{ t: string | null }[]>`SELECT t FROM target ORDER BY n`).map(({ t }) => t);

test('copies any text unchanged', async () => {
  const texts = [
    'plain',
    '',
    'a\tb',
    'a\nb',
    'a\r\nb',
    'C:\\temp\\new',
    '\\N',
    '\\.',
    'naïve “€” 🎉',
    "'; DROP TABLE target; --",
  ];
  await copy(texts.map((text, n) => `${n}\t${copyText(text)}`));
  expect(await stored()).toEqual(texts);
});

test('copies \\N as null', async () => {
  await copy(['1\t\\N']);
  expect(await stored()).toEqual([null]);
});

test('copies no rows without lines', async () => {
  await copy([]);
  expect(await stored()).toEqual([]);
});

test('copies lines across several chunks', async () => {
  const text = 'x'.repeat(997);
  await copy(
    (function* () {
      for (let n = 0; n < 3000; n++) yield `${n}\t${text}`;
    })(),
  );
  const [row] =
    await db.sql`SELECT count(*)::int AS rows, min(length(t)) AS least, max(n) AS last FROM target`;
  expect(row).toEqual({ rows: 3000, least: 997, last: 2999 });
});

test('stores no line and throws when the table refuses one', async () => {
  await expect(copy(['1\ta', 'two\tb'])).rejects.toThrow('invalid input syntax for type integer');
  expect(await stored()).toEqual([]);
});

test('throws instead of hanging when an early line of many is refused', async () => {
  const text = 'x'.repeat(997);
  const lines = function* () {
    yield 'one\ta';
    for (let n = 0; n < 20_000; n++) yield `${n}\t${text}`;
  };
  await expect(copy(lines())).rejects.toThrow('invalid input syntax for type integer');
  expect(await stored()).toEqual([]);
});

test('stores nothing and leaves the client usable when the iterable throws', async () => {
  const lines = function* () {
    yield '1\ta';
    throw new Error('no more');
  };
  await expect(copy(lines())).rejects.toThrow('no more');
  expect(await stored()).toEqual([]);
});

test('throws before any line when the table does not exist', async () => {
  const copying = db.sql.begin((tx) => copyLines(tx, 'nowhere (n)', ['1']));
  await expect(copying).rejects.toThrow('relation "nowhere" does not exist');
});
