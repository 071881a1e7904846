import * as z from 'zod';
import { MARKET_CAP_BUCKETS, PE_BUCKETS } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { InstrumentSymbol } from '../../shared/fields.ts';
import { MARKS, marksOf } from '../../shared/model-market.ts';
import { canonicalSymbol } from '../../shared/symbols.ts';
import { type ApiError, problem } from '../core/problem.ts';

/** The currency of prices. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .nullable()
  .describe(
    'The currency of the prices as an ISO 4217 code, such as `USD`; null if unknown. Never a minor unit: shares quoted in pence have prices in `GBP`.',
  );

export const Marks = z
  .array(z.enum(MARKS))
  .describe(
    'What to know before using its calls. `unvalidated_market`: it is not a US stock, as far as its exchange, its currency and its symbol show. The model was trained and tested on US stocks only.',
  );

/** The fields that identify an instrument in every answer. */
export const INSTRUMENT_FIELDS = {
  symbol: InstrumentSymbol.describe('The ticker, such as `AAPL`.'),
  exchange: z.string().describe('The exchange; `UNKNOWN` if it is not known.'),
  name: z.string().nullable().describe("The company's name."),
  sector: z.string().nullable().describe("The company's sector."),
  currency: Currency,
  marks: Marks,
};

export const Instrument = z
  .strictObject({
    ...INSTRUMENT_FIELDS,
    marketCapBucket: z
      .enum(MARKET_CAP_BUCKETS)
      .nullable()
      .describe("The company's size by market capitalisation; null if unknown."),
    peBucket: z.enum(PE_BUCKETS).nullable().describe('The price/earnings range; null if unknown.'),
    isActive: z
      .boolean()
      .describe(
        'Whether runs cover the instrument. An inactive one keeps its history, which stays readable.',
      ),
  })
  .meta({ id: 'Instrument', description: 'A stock.' });
export type Instrument = z.output<typeof Instrument>;

/** The columns of an {@link Instrument}. */
export interface InstrumentRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  currency: string | null;
  market_cap_bucket: Instrument['marketCapBucket'];
  pe_bucket: Instrument['peBucket'];
  is_active: boolean;
}

/** Converts a row to the API's form. */
export function toInstrument(row: InstrumentRow): Instrument {
  return {
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    currency: row.currency,
    marks: marksOf(row),
    marketCapBucket: row.market_cap_bucket,
    peBucket: row.pe_bucket,
    isActive: row.is_active,
  };
}

/**
 * The instrument with a symbol, as a FROM item: the active one, of which there is at most one, otherwise the newest
 * that had the symbol.
 */
export function instrumentOf(sql: Sql, symbol: string) {
  return sql`(
    SELECT * FROM instruments WHERE symbol = ${symbol} ORDER BY is_active DESC, created_at DESC, id DESC LIMIT 1
  )`;
}

/**
 * `AND` the symbol or the name of an instrument `i` contains a text, in any case; `BRK.B` finds BRK-B. It uses no LIKE,
 * because a client may search for its wildcards, and a fixed collation, because the database's own may know only ASCII.
 * The control character between symbol and name cannot be in a search, so that no match spans both.
 */
export function matchesSearch(sql: Sql, text: string) {
  return sql`AND (i.symbol = ${canonicalSymbol(text)} OR position(lower(${text}::text COLLATE "pg_c_utf8")
    IN lower(concat(i.symbol, E'\x01', i.name) COLLATE "pg_c_utf8")) > 0)`;
}

/**
 * Finds the instrument with a symbol.
 *
 * @throws ApiError (404, unknown-instrument)
 */
export async function findInstrument(
  sql: Sql,
  symbol: string,
): Promise<{ id: string; currency: string | null }> {
  const [found] = await sql<{ id: string; currency: string | null }[]>`
    SELECT id, currency FROM ${instrumentOf(sql, symbol)} i`;
  if (!found) throw unknownInstrument(symbol);
  return found;
}

/** The problem for a symbol that no instrument has. */
export function unknownInstrument(symbol: string): ApiError {
  return problem(
    'unknown-instrument',
    `There is no instrument with the symbol ${symbol}. Search /v1/instruments.`,
  );
}
