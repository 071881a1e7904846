import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { copyRows } from '../../../functions/shared/copy.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({ migrated: false });
  await db.sql`CREATE TABLE target (n double precision, t text)`;
  await db.sql`CREATE TABLE typed (id uuid, at timestamptz, r real, d double precision, t text, j jsonb)`;
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.sql`TRUNCATE target`;
});

const copy = (rows: Iterable<[number, string | null]>) =>
  db.sql.begin((tx) =>
    copyRows(tx, 'target (n, t)', 2, rows, ([n, t], to) => {
      to.double(n);
      if (t === null) to.null();
      else to.text(t);
    }),
  );
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
  await copy(texts.map((text, n) => [n, text]));
  expect(await stored()).toEqual(texts);
});

test('copies each type of value exactly', async () => {
  const id = '0198f3c2-7a01-7bcd-8ef0-123456789abc';
  const instants = [Date.UTC(1969, 6, 20, 20, 17, 40, 123), Date.UTC(2000, 0, 1), Date.UTC(2262, 3, 11)];
  await db.sql.begin((tx) =>
    copyRows(tx, 'typed (id, at, r, d, t, j)', 6, instants, (instant, to) => {
      to.uuid(id);
      to.instant(instant);
      to.real(0.1);
      to.double(0.1 + 0.2);
      to.text('');
      to.json({ a: [1, 'é'] });
    }),
  );
  const rows = await db.sql`SELECT *, r = 0.1::real AS single FROM typed ORDER BY at`;
  const values = { id, r: 0.1, d: 0.1 + 0.2, t: '', j: { a: [1, 'é'] }, single: true };
  expect([...rows]).toEqual(instants.map((instant) => ({ ...values, at: new Date(instant) })));
});

test('copies null, and as null a number that a real cannot hold', async () => {
  await copy([[1, null]]);
  expect(await stored()).toEqual([null]);
  await db.sql`CREATE TABLE singles (n int GENERATED ALWAYS AS IDENTITY, r real)`;
  const values = [Number.NaN, Number.POSITIVE_INFINITY, 1e39, 3e38];
  await db.sql.begin((tx) => copyRows(tx, 'singles (r)', 1, values, (value, to) => to.real(value)));
  const rows = await db.sql<{ r: number | null }[]>`SELECT r FROM singles ORDER BY n`;
  expect(rows.map(({ r }) => r)).toEqual([null, null, null, 3e38]);
});

test('copies nothing without rows', async () => {
  await copy([]);
  expect(await stored()).toEqual([]);
});

test('copies rows across several chunks, and a value longer than one', async () => {
  const text = 'x'.repeat(997);
  await copy(
    (function* () {
      for (let n = 0; n < 3000; n++) yield [n, text];
      yield [3000, 'y'.repeat(2_000_000)];
    })(),
  );
  const [row] =
    await db.sql`SELECT count(*)::int AS rows, min(length(t)) AS least, max(length(t)) AS most, max(n) AS last FROM target`;
  expect(row).toEqual({ rows: 3001, least: 997, most: 2_000_000, last: 3000 });
});

test('stores no row and throws when the table refuses one', async () => {
  await expect(
    copy([
      [1, 'a'],
      [2, 'b\0'],
    ]),
  ).rejects.toThrow('invalid byte sequence');
  expect(await stored()).toEqual([]);
});

test('throws instead of hanging when an early row of many is refused', async () => {
  const text = 'x'.repeat(997);
  const rows = function* (): Generator<[number, string]> {
    yield [1, '\0'];
    for (let n = 0; n < 20_000; n++) yield [n, text];
  };
  await expect(copy(rows())).rejects.toThrow('invalid byte sequence');
  expect(await stored()).toEqual([]);
});

test('stores nothing and leaves the client usable when the iterable throws', async () => {
  const rows = function* (): Generator<[number, string]> {
    yield [1, 'a'];
    throw new Error('no more');
  };
  await expect(copy(rows())).rejects.toThrow('no more');
  expect(await stored()).toEqual([]);
});

test('throws before any row when the table does not exist', async () => {
  const copying = db.sql.begin((tx) => copyRows(tx, 'nowhere (n)', 1, [1], (n, to) => to.double(n)));
  await expect(copying).rejects.toThrow('relation "nowhere" does not exist');
});

test('is refused by the server where a row has another number of values than said', async () => {
  const copying = db.sql.begin((tx) => copyRows(tx, 'target (n, t)', 2, [1], (n, to) => to.double(n)));
  await expect(copying).rejects.toThrow();
  expect(await stored()).toEqual([]);
});
