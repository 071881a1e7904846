import type { Sql } from '../shared/database.ts';
import type { Listing } from './providers/provider.ts';

/**
 * Adds instruments that are not there yet and fills in what is newly known of those that are; what is known
 * already is never emptied. An active symbol means one instrument, whatever exchange it is listed on.
 *
 * @returns how many were added or changed
 */
export async function registerInstruments(sql: Sql, listings: Listing[]): Promise<number> {
  const rows = listings.map(({ symbol, exchange, name, sector }) => ({
    symbol,
    exchange: exchange ?? 'UNKNOWN',
    name: name ?? null,
    sector: sector ?? null,
  }));
  const written = await sql`
    INSERT INTO instruments AS i (symbol, exchange, name, sector)
    SELECT * FROM jsonb_to_recordset(${sql.json(rows)}) AS l(symbol text, exchange text, name text, sector text)
    ORDER BY symbol
    ON CONFLICT (symbol) WHERE is_active DO UPDATE
      SET name = coalesce(excluded.name, i.name), sector = coalesce(excluded.sector, i.sector),
          exchange = CASE WHEN i.exchange = 'UNKNOWN' THEN excluded.exchange ELSE i.exchange END
      WHERE (i.name, i.sector, i.exchange) IS DISTINCT FROM (coalesce(excluded.name, i.name),
        coalesce(excluded.sector, i.sector), CASE WHEN i.exchange = 'UNKNOWN' THEN excluded.exchange ELSE i.exchange END)`;
  return written.count;
}
