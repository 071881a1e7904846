import type { Purpose } from '../shared/constants.ts';
import { DOLLAR } from '../shared/currencies.ts';
import type { Sql, Transaction } from '../shared/database.ts';
import { marketCapBucket, peBucket } from './buckets.ts';
import type { ExchangeRates } from './exchange-rates.ts';
import type { Listing } from './providers/provider.ts';

/**
 * Adds new instruments and completes existing ones from their listings; a known value is never deleted. A symbol has
 * one active instrument, on whichever exchange. A deactivated instrument is reactivated with its history, unless it
 * belongs to another exchange.
 *
 * @param purpose - what the listed instruments are for, besides the purpose that active ones have
 * @returns the number of instruments that were added or changed
 */
export async function registerInstruments(
  sql: Sql,
  listings: Listing[],
  purpose: Purpose = 'recommended',
): Promise<number> {
  const rows = listings.map((listing) => toRow(listing, NO_RATES));
  const isBenchmark = purpose === 'benchmark';
  return sql.begin(async (tx) => {
    const reactivated = await tx<{ id: string }[]>`
      UPDATE instruments SET is_active = true, purpose = ${purpose}, is_benchmark = is_benchmark OR ${isBenchmark}
      WHERE id IN (
        SELECT DISTINCT ON (i.symbol) i.id FROM instruments i
        JOIN jsonb_to_recordset(${tx.json(rows)}) AS l(symbol text, exchange text) ON l.symbol = i.symbol
        WHERE NOT i.is_active AND (i.exchange = l.exchange OR 'UNKNOWN' IN (i.exchange, l.exchange))
          AND NOT EXISTS (SELECT 1 FROM instruments a WHERE a.symbol = i.symbol AND a.is_active)
        ORDER BY i.symbol, i.exchange = l.exchange DESC, i.updated_at DESC
      ) RETURNING id`;
    const merged = tx`CASE
      WHEN excluded.purpose IN (i.purpose, 'benchmark') THEN i.purpose
      WHEN i.purpose = 'benchmark' THEN excluded.purpose ELSE 'both' END, i.is_benchmark OR excluded.is_benchmark`;
    const written = await tx<{ id: string }[]>`
      INSERT INTO instruments AS i (symbol, purpose, is_benchmark, ${columns(tx)})
      SELECT symbol, ${purpose}, ${isBenchmark}::boolean, ${columns(tx)} FROM ${listed(tx, rows)} ORDER BY symbol
      ON CONFLICT (symbol) WHERE is_active
        DO UPDATE SET (purpose, is_benchmark, ${columns(tx)}) = ROW (${merged}, ${completed(tx, 'excluded')})
        WHERE (i.purpose, i.is_benchmark, ${stored(tx)}) IS DISTINCT FROM (${merged}, ${completed(tx, 'excluded')})
      RETURNING id`;
    return new Set([...reactivated, ...written].map(({ id }) => id)).size;
  });
}

/**
 * Completes active instruments from their listings as {@link registerInstruments} does, without adding or reactivating
 * any. The caller has locked them.
 *
 * @param rates - US dollars for one unit of a currency; without a currency's rate, its market capitalisations are unknown
 */
export async function describeInstruments(
  tx: Transaction,
  listings: Listing[],
  rates: ExchangeRates,
): Promise<void> {
  if (listings.length === 0) return;
  await tx`
    UPDATE instruments i SET (${columns(tx)}) = ROW (${completed(tx, 'listing')})
    FROM ${listed(
      tx,
      listings.map((listing) => toRow(listing, rates)),
    )}
    WHERE i.is_active AND i.symbol = listing.symbol
      AND (${stored(tx)}) IS DISTINCT FROM (${completed(tx, 'listing')})`;
}

const NO_RATES: ExchangeRates = new Map();

function toRow(listing: Listing, rates: ExchangeRates) {
  const { symbol, exchange, name, sector, currency, marketCap, trailingPe } = listing;
  const rate = currency === DOLLAR ? 1 : rates.get(currency ?? '');
  return {
    symbol,
    exchange: exchange ?? 'UNKNOWN',
    name: name ?? null,
    sector: sector ?? null,
    market_cap_bucket: marketCapBucket(rate && marketCap && rate * marketCap),
    pe_bucket: peBucket(trailingPe),
  };
}

/** The columns that a listing fills. */
function columns(tx: Transaction) {
  return tx`exchange, name, sector, market_cap_bucket, pe_bucket`;
}

/** Those columns of a stored instrument `i`. */
function stored(tx: Transaction) {
  return tx`i.exchange, i.name, i.sector, i.market_cap_bucket, i.pe_bucket`;
}

/** Listings as the table `listing`. */
function listed(tx: Transaction, rows: ReturnType<typeof toRow>[]) {
  return tx`jsonb_to_recordset(${tx.json(rows)})
    AS listing(symbol text, exchange text, name text, sector text, market_cap_bucket text, pe_bucket text)`;
}

/**
 * The columns of a stored instrument `i`, completed by the row of its listing. An unknown exchange stays unknown where
 * another instrument of the symbol already has the listing's exchange.
 */
function completed(tx: Transaction, listing: 'listing' | 'excluded') {
  const l = tx(listing);
  return tx`CASE WHEN i.exchange = 'UNKNOWN' AND NOT EXISTS (
      SELECT 1 FROM instruments other WHERE other.symbol = i.symbol AND other.exchange = ${l}.exchange
    ) THEN ${l}.exchange ELSE i.exchange END,
    coalesce(${l}.name, i.name), coalesce(${l}.sector, i.sector),
    coalesce(${l}.market_cap_bucket, i.market_cap_bucket), coalesce(${l}.pe_bucket, i.pe_bucket)`;
}
