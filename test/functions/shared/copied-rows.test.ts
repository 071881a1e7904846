import { beforeAll, describe, expect, test } from 'vitest';
import { eachCopiedRow, type RowReader } from '../../../functions/shared/copied-rows.ts';
import type { Sql, Transaction } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';

const ID = '0198f3c2-7a01-7bcd-8ef0-123456789abc';
const OTHER_ID = '0198f3c2-7a01-7bcd-8ef0-123456789abd';

const db = useTestDatabase();
let sql: Sql;
beforeAll(() => {
  sql = db.client('training');
});

async function copiedRows<Row>(
  tx: Transaction,
  query: string,
  read: (from: RowReader) => Row,
): Promise<Row[]> {
  const rows: Row[] = [];
  await eachCopiedRow(tx, query, (from) => rows.push(read(from)));
  return rows;
}

describe('eachCopiedRow', () => {
  test('reads each type of value exactly', async () => {
    const rows = await sql.begin((tx) =>
      copiedRows(
        tx,
        `SELECT * FROM (VALUES
          ('1969-07-20T20:17:40.123Z'::timestamptz, 0.1::real, 0.1::float8 + 0.2, 'naïve “€” 🎉', '${ID}'::uuid),
          ('2262-04-11T00:00:00Z', null, null, '', '${ID}'),
          ('2262-04-12T00:00:00Z', 0, 0, '', '${OTHER_ID}')) AS v ORDER BY 1`,
        (from) => [from.instant(), from.real(), from.double(), from.text(), from.uuid()],
      ),
    );
    expect(rows).toEqual([
      [Date.UTC(1969, 6, 20, 20, 17, 40, 123), Math.fround(0.1), 0.1 + 0.2, 'naïve “€” 🎉', ID],
      [Date.UTC(2262, 3, 11), Number.NaN, Number.NaN, '', ID],
      [Date.UTC(2262, 3, 12), 0, 0, '', OTHER_ID],
    ]);
  });

  test('reads rows that span several chunks of the stream', async () => {
    const rows = await sql.begin((tx) =>
      copiedRows(
        tx,
        'SELECT n::float8, repeat(n::text, 1 + 40000 * (n % 97 = 0)::int) FROM generate_series(1, 5000) n ORDER BY n',
        (from) => [from.double(), from.text().slice(0, 4)],
      ),
    );
    const texts = Array.from({ length: 5000 }, (_, i) => i + 1);
    expect(rows).toEqual(texts.map((n) => [n, (n % 97 === 0 ? String(n).repeat(4) : String(n)).slice(0, 4)]));
  });

  test('returns nothing for a query without rows', async () => {
    expect(await sql.begin((tx) => copiedRows(tx, 'SELECT 1 WHERE false', () => 1))).toEqual([]);
  });

  test('rejects a query that fails before or after its first rows', async () => {
    const reading = (query: string) => sql.begin((tx) => copiedRows(tx, query, (from) => from.double()));
    await expect(reading('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01' });
    await expect(
      reading('SELECT 1 / (3000 - n)::float8 FROM generate_series(1, 5000) n'),
    ).rejects.toMatchObject({
      code: '22012',
    });
    expect(await sql`SELECT 1 AS n`).toHaveLength(1);
  });

  test('rejects a column of another width', async () => {
    const query = 'SELECT n::float8 FROM generate_series(1, 100000) n';
    const reading = sql.begin((tx) => copiedRows(tx, query, (from) => from.real()));
    await expect(reading).rejects.toThrow('a column of 8 bytes is read as one of 4');
  });
});
