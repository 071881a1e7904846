import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { dayOf } from '../lists/age.ts';
import { Day, Notice } from '../lists/fields.ts';
import { SymbolParams } from '../lists/parameters.ts';
import {
  Instrument,
  type InstrumentRow,
  instrumentOf,
  toInstrument,
  unknownInstrument,
} from '../resources/instrument.ts';

export const InstrumentDetail = z
  .strictObject({
    ...Instrument.shape,
    firstDay: Day.nullable().describe('Day of the first daily bar; null if there is none.'),
    lastDay: Day.nullable().describe('Day of the last daily bar; null if there is none.'),
    lastClose: z
      .number()
      .nullable()
      .describe('Close of the last daily bar, adjusted for splits and dividends; null if there is none.'),
    notice: Notice,
  })
  .meta({ id: 'InstrumentDetail', description: 'A stock and the range of its bars.' });
export type InstrumentDetail = z.output<typeof InstrumentDetail>;

/**
 * Reads an instrument by its symbol.
 *
 * @throws ApiError (404, unknown-instrument)
 */
export async function readInstrument(
  sql: Sql,
  symbol: string,
  { notice }: { notice: string | null },
): Promise<InstrumentDetail> {
  const [row] = await sql<
    (InstrumentRow & { first_ts: Date | null; last_ts: Date | null; c: number | null })[]
  >`
    SELECT i.symbol, i.exchange, i.name, i.sector, i.currency, i.market_cap_bucket, i.pe_bucket, i.is_active,
      earliest.ts AS first_ts, latest.ts AS last_ts, latest.c
    FROM ${instrumentOf(sql, symbol)} i
    LEFT JOIN LATERAL (
      SELECT ts FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = 'daily' ORDER BY ts LIMIT 1
    ) earliest ON true
    LEFT JOIN LATERAL (
      SELECT ts, c FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = 'daily' ORDER BY ts DESC LIMIT 1
    ) latest ON true`;
  if (!row) throw unknownInstrument(symbol);
  return {
    ...toInstrument(row),
    firstDay: row.first_ts && dayOf(row.first_ts),
    lastDay: row.last_ts && dayOf(row.last_ts),
    lastClose: row.c,
    notice,
  };
}

export const readInstrumentEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/instruments/{symbol}',
  operationId: 'readInstrument',
  summary: 'Read an instrument',
  access: 'reader',
  params: SymbolParams,
  answer: { status: 200, schema: InstrumentDetail, description: 'The instrument.' },
  problems: ['unknown-instrument'],
  handle: async ({ params }, { sql, notice }) => ({
    body: await readInstrument(sql, params.symbol, { notice }),
  }),
});
