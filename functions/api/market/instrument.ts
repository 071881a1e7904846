import * as z from 'zod';
import { MARKET_CAP_BUCKETS, PE_BUCKETS } from '../../shared/constants.ts';
import { InstrumentSymbol } from '../../shared/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { type ApiError, problem } from '../core/problem.ts';

/** An instrument's own facts, as every answer about one tells them. */
export const INSTRUMENT_FIELDS = {
  symbol: InstrumentSymbol.describe('The ticker, such as `AAPL`.'),
  exchange: z.string().describe('Where it is listed; `UNKNOWN` where nobody said.'),
  name: z.string().nullable().describe('The name of the company.'),
  sector: z.string().nullable().describe('The sector that it is in.'),
};

export const Instrument = z
  .strictObject({
    ...INSTRUMENT_FIELDS,
    marketCapBucket: z.enum(MARKET_CAP_BUCKETS).nullable().describe('How large it is; null if unknown.'),
    peBucket: z
      .enum(PE_BUCKETS)
      .nullable()
      .describe('How dear it is, by price over earnings; null if unknown.'),
    isActive: z
      .boolean()
      .describe('Whether runs cover it. One that is not keeps its history, which stays readable.'),
  })
  .meta({ id: 'Instrument', description: 'A stock.' });
export type Instrument = z.output<typeof Instrument>;

/** An instrument's row. */
export interface InstrumentRow {
  symbol: string;
  exchange: string;
  name: string | null;
  sector: string | null;
  market_cap_bucket: Instrument['marketCapBucket'];
  pe_bucket: Instrument['peBucket'];
  is_active: boolean;
}

/** An instrument's row as the API tells it. */
export function toInstrument(row: InstrumentRow): Instrument {
  return {
    symbol: row.symbol,
    exchange: row.exchange,
    name: row.name,
    sector: row.sector,
    marketCapBucket: row.market_cap_bucket,
    peBucket: row.pe_bucket,
    isActive: row.is_active,
  };
}

/**
 * The instrument that a symbol means, as a FROM item: the active one, of which there is at most one, else the
 * newest of those that had the symbol.
 */
export function instrumentOf(sql: Sql, symbol: string) {
  return sql`(
    SELECT * FROM instruments WHERE symbol = ${symbol} ORDER BY is_active DESC, created_at DESC, id DESC LIMIT 1
  )`;
}

/**
 * Finds an instrument.
 *
 * @throws ApiError (404, unknown-instrument)
 */
export async function findInstrument(sql: Sql, symbol: string): Promise<{ id: string }> {
  const [found] = await sql<{ id: string }[]>`SELECT id FROM ${instrumentOf(sql, symbol)} i`;
  if (!found) throw unknownInstrument(symbol);
  return found;
}

export function unknownInstrument(symbol: string): ApiError {
  return problem('unknown-instrument', `There is no instrument ${symbol}.`);
}
