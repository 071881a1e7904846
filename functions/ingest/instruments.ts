import type { Sql, Transaction } from '../shared/database.ts';
import { marketCapBucket, peBucket } from './buckets.ts';
import type { Listing } from './providers/provider.ts';

/**
 * Adds instruments that are not there yet and fills in what is newly known of those that are; what is known
 * already is never emptied. An active symbol means one instrument, whatever exchange it is listed on. One that was
 * deactivated comes back with its history, unless it was another exchange's.
 *
 * @returns how many were added or changed
 */
export async function registerInstruments(sql: Sql, listings: Listing[]): Promise<number> {
  const rows = listings.map(toRow);
  return sql.begin(async (tx) => {
    const back = await tx<{ id: string }[]>`
      UPDATE instruments SET is_active = true WHERE id IN (
        SELECT DISTINCT ON (i.symbol) i.id FROM instruments i
        JOIN jsonb_to_recordset(${tx.json(rows)}) AS l(symbol text, exchange text) ON l.symbol = i.symbol
        WHERE NOT i.is_active AND (i.exchange = l.exchange OR 'UNKNOWN' IN (i.exchange, l.exchange))
          AND NOT EXISTS (SELECT 1 FROM instruments a WHERE a.symbol = i.symbol AND a.is_active)
        ORDER BY i.symbol, i.exchange = l.exchange DESC, i.updated_at DESC
      ) RETURNING id`;
    const written = await tx<{ id: string }[]>`
      INSERT INTO instruments AS i (symbol, ${FACTS(tx)})
      SELECT symbol, ${FACTS(tx)} FROM ${listed(tx, rows)} ORDER BY symbol
      ON CONFLICT (symbol) WHERE is_active DO UPDATE SET (${FACTS(tx)}) = ROW (${known(tx)})
        WHERE (i.exchange, i.name, i.sector, i.market_cap_bucket, i.pe_bucket) IS DISTINCT FROM (${known(tx)})
      RETURNING id`;
    return new Set([...back, ...written].map(({ id }) => id)).size;
  });
}

/**
 * Fills in what is newly known of instruments, as {@link registerInstruments} does, but adds none and brings none back.
 * The caller has locked them.
 */
export async function describeInstruments(tx: Transaction, listings: Listing[]): Promise<void> {
  if (listings.length === 0) return;
  await tx`
    UPDATE instruments i SET (${FACTS(tx)}) = ROW (${known(tx)})
    FROM ${listed(tx, listings.map(toRow))}
    WHERE i.is_active AND i.symbol = excluded.symbol
      AND (i.exchange, i.name, i.sector, i.market_cap_bucket, i.pe_bucket) IS DISTINCT FROM (${known(tx)})`;
}

function toRow({ symbol, exchange, name, sector, marketCap, trailingPe }: Listing) {
  return {
    symbol,
    exchange: exchange ?? 'UNKNOWN',
    name: name ?? null,
    sector: sector ?? null,
    market_cap_bucket: marketCapBucket(marketCap),
    pe_bucket: peBucket(trailingPe),
  };
}

/** What a listing says of an instrument. */
const FACTS = (tx: Transaction) => tx`exchange, name, sector, market_cap_bucket, pe_bucket`;

/** Listings as a table, under the name that an upsert has for what it is given. */
function listed(tx: Transaction, rows: ReturnType<typeof toRow>[]) {
  return tx`jsonb_to_recordset(${tx.json(rows)})
    AS excluded(symbol text, exchange text, name text, sector text, market_cap_bucket text, pe_bucket text)`;
}

/** What is known of an instrument `i`, with what its listing adds to it. Another one may have had that exchange. */
function known(tx: Transaction) {
  return tx`CASE WHEN i.exchange = 'UNKNOWN' AND NOT EXISTS (
      SELECT 1 FROM instruments other WHERE other.symbol = i.symbol AND other.exchange = excluded.exchange
    ) THEN excluded.exchange ELSE i.exchange END,
    coalesce(excluded.name, i.name), coalesce(excluded.sector, i.sector),
    coalesce(excluded.market_cap_bucket, i.market_cap_bucket), coalesce(excluded.pe_bucket, i.pe_bucket)`;
}
