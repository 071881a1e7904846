import type { Purpose } from '../shared/constants.ts';
import type { Sql } from '../shared/database.ts';
import { BadInputError } from '../shared/errors.ts';

/** An instrument and the last day of its daily bars. */
export interface InstrumentRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  /** ISO 4217 code of its prices; null if unknown. */
  currency: string | null;
  marketCapBucket: string | null;
  peBucket: string | null;
  purpose: Purpose;
  isBenchmark: boolean;
  isActive: boolean;
  /** The day of its last daily bar, `YYYY-MM-DD`; null where it has none. */
  lastDay: string | null;
}

/** Lists the instruments by symbol: the active ones, with `all` also the deactivated ones. */
export async function listInstruments(sql: Sql, { all }: { all: boolean }): Promise<InstrumentRow[]> {
  return sql<InstrumentRow[]>`
    SELECT i.symbol, i.exchange, i.name, i.sector, i.currency, i.market_cap_bucket AS "marketCapBucket",
      i.pe_bucket AS "peBucket", i.purpose, i.is_benchmark AS "isBenchmark", i.is_active AS "isActive", (
        SELECT to_char(b.ts, 'YYYY-MM-DD') FROM price_bars b
        WHERE b.instrument_id = i.id AND b.interval = 'daily' ORDER BY b.ts DESC LIMIT 1
      ) AS "lastDay"
    FROM instruments i WHERE i.is_active OR ${all}
    ORDER BY i.symbol, i.is_active DESC, i.exchange`;
}

/**
 * Deactivates instruments: later runs skip them, and their history stays. Either all of them are deactivated or none.
 *
 * @returns the symbols
 * @throws BadInputError naming the symbols that are not active
 */
export async function deactivateInstruments(sql: Sql, symbols: string[]): Promise<string[]> {
  return sql.begin(async (tx) => {
    const done = await tx<{ symbol: string }[]>`
      UPDATE instruments SET is_active = false
      WHERE is_active AND symbol IN (SELECT jsonb_array_elements_text(${tx.json(symbols)}))
      RETURNING symbol`;
    const known = new Set(done.map(({ symbol }) => symbol));
    const unknown = symbols.filter((symbol) => !known.has(symbol));
    if (unknown.length > 0)
      throw new BadInputError(`not among the active instruments: ${unknown.join(', ')}; nothing was changed`);
    return symbols;
  });
}
