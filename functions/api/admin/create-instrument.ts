import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { AdminInstrument, INSTRUMENT_FIELDS, type InstrumentRow, writingInstrument } from './instrument.ts';

const { symbol, exchange, name, sector, marketCapBucket, peBucket } = INSTRUMENT_FIELDS;

/** The body of POST /v1/admin/instruments. */
export const NewInstrument = z
  .strictObject({
    symbol,
    exchange: exchange.default('UNKNOWN'),
    name: name.default(null),
    sector: sector.default(null),
    marketCapBucket: marketCapBucket.default(null),
    peBucket: peBucket.default(null),
  })
  .meta({ id: 'NewInstrument', description: 'An instrument to add.' });
export type NewInstrument = z.output<typeof NewInstrument>;

/**
 * Adds an instrument, which the next run covers.
 *
 * @throws ApiError (409) if another has its symbol
 */
export function createInstrument(sql: Sql, added: NewInstrument): Promise<AdminInstrument> {
  return writingInstrument(
    () => sql<InstrumentRow[]>`
      INSERT INTO instruments (symbol, exchange, name, sector, market_cap_bucket, pe_bucket)
      VALUES (${added.symbol}, ${added.exchange}, ${added.name}, ${added.sector}, ${added.marketCapBucket}, ${added.peBucket})
      RETURNING *`,
  );
}

export const createInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/instruments',
  operationId: 'createInstrument',
  summary: 'Add an instrument',
  description: 'The next run covers it; until then there is nothing to say of it.',
  access: 'admin',
  body: NewInstrument,
  answer: { status: 201, schema: AdminInstrument, description: 'The instrument as it was added.' },
  problems: ['conflict'],
  handle: async ({ body }, { sql }) => ({ body: await createInstrument(sql, body) }),
});
