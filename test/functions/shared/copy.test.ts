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

test('text comes out as it went in, whatever it holds', async () => {
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

test('\\N is null', async () => {
  await copy(['1\t\\N']);
  expect(await stored()).toEqual([null]);
});

test('no lines are no rows', async () => {
  await copy([]);
  expect(await stored()).toEqual([]);
});

test('more lines than one chunk holds arrive all, in whole', async () => {
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

test('a line that the table refuses stores none of them and says so', async () => {
  await expect(copy(['1\ta', 'two\tb'])).rejects.toThrow('invalid input syntax for type integer');
  expect(await stored()).toEqual([]);
});

test('a line refused early among very many ends the copy instead of hanging', async () => {
  const text = 'x'.repeat(997);
  const lines = function* () {
    yield 'one\ta';
    for (let n = 0; n < 20_000; n++) yield `${n}\t${text}`;
  };
  await expect(copy(lines())).rejects.toThrow('invalid input syntax for type integer');
  expect(await stored()).toEqual([]);
});

test('lines that end in an error store nothing and leave the client usable', async () => {
  const lines = function* () {
    yield '1\ta';
    throw new Error('no more');
  };
  await expect(copy(lines())).rejects.toThrow('no more');
  expect(await stored()).toEqual([]);
});

test('a table that there is not is an error before any line', async () => {
  const copying = db.sql.begin((tx) => copyLines(tx, 'nowhere (n)', ['1']));
  await expect(copying).rejects.toThrow('relation "nowhere" does not exist');
});
