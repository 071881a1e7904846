import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';

const MIGRATION = new URL('../../../sql/migrations/202611300030.do.accept-more-symbols.sql', import.meta.url);

const db = useTestDatabase();

test('renames stored instruments to their canonical symbol, and keeps one active of each', async () => {
  const { sql } = db;
  await sql`INSERT INTO instruments (symbol, exchange, is_active) VALUES
    ('BRK.B', 'NYSE', true), ('BRK.B', 'UNKNOWN', false), ('BF.B', 'NYSE', true), ('BF-B', 'UNKNOWN', true),
    ('VOD.L', 'LSE', true), ('AAPL', 'NASDAQ', true)`;
  await sql.unsafe(readFileSync(MIGRATION, 'utf8'));
  const rows =
    await sql`SELECT symbol || ' ' || exchange || ' ' || is_active AS row FROM instruments ORDER BY 1`;
  expect(rows.map(({ row }) => row)).toEqual([
    'AAPL NASDAQ true',
    'BF-B UNKNOWN true',
    'BF.B NYSE false',
    'BRK-B NYSE true',
    'BRK-B UNKNOWN false',
    'VOD.L LSE true',
  ]);
  await sql`INSERT INTO instruments (symbol) VALUES ('M&M.NS')`;
});
