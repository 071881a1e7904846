import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { IdParams } from './fields.ts';
import { AdminInstrument, INSTRUMENT_FIELDS, type InstrumentRow, writingInstrument } from './instrument.ts';

/** The body of PATCH /v1/admin/instruments/{id}. */
export const InstrumentChange = z
  .strictObject(INSTRUMENT_FIELDS)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
  .meta({ id: 'InstrumentChange', description: 'What is to change; the rest stays.', minProperties: 1 });
export type InstrumentChange = z.output<typeof InstrumentChange>;

const COLUMNS = {
  symbol: 'symbol',
  exchange: 'exchange',
  name: 'name',
  sector: 'sector',
  marketCapBucket: 'market_cap_bucket',
  peBucket: 'pe_bucket',
} as const satisfies Record<keyof InstrumentChange, string>;

/**
 * Changes what is said of an instrument. A new symbol keeps the history: it is for a company that renamed its ticker.
 *
 * @throws ApiError (404) if there is no such instrument, (409) if another has its symbol
 */
export function updateInstrument(sql: Sql, id: string, change: InstrumentChange): Promise<AdminInstrument> {
  const columns = Object.entries(change).map(([key, value]) => [
    COLUMNS[key as keyof InstrumentChange],
    value,
  ]);
  return writingInstrument(
    () => sql<InstrumentRow[]>`
      UPDATE instruments SET ${sql(Object.fromEntries(columns))} WHERE id = ${id} RETURNING *`,
  );
}

export const updateInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'PATCH',
  path: '/v1/admin/instruments/{id}',
  operationId: 'updateInstrument',
  summary: 'Change an instrument',
  description:
    'Only what the body names changes. A new symbol keeps the history: it is for a company that renamed its ticker.',
  access: 'admin',
  params: IdParams,
  body: InstrumentChange,
  answer: { status: 200, schema: AdminInstrument, description: 'The instrument as it is now.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, body }, { sql }) => ({ body: await updateInstrument(sql, params.id, body) }),
});
