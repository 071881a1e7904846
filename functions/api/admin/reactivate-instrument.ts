import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { IdParams } from './fields.ts';
import { AdminInstrument, type InstrumentRow, writingInstrument } from './instrument.ts';

/**
 * Puts an instrument back into the runs. One that is active stays so.
 *
 * @throws ApiError (404) if there is no such instrument, (409) if an active one has its symbol
 */
export function reactivateInstrument(sql: Sql, id: string): Promise<AdminInstrument> {
  return writingInstrument(
    () => sql<InstrumentRow[]>`UPDATE instruments SET is_active = true WHERE id = ${id} RETURNING *`,
  );
}

export const reactivateInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/instruments/{id}/reactivate',
  operationId: 'reactivateInstrument',
  summary: 'Reactivate an instrument',
  description: 'The next run covers it again, and asks for the days that it missed.',
  access: 'admin',
  params: IdParams,
  answer: { status: 200, schema: AdminInstrument, description: 'The instrument, which is active.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params }, { sql }) => ({ body: await reactivateInstrument(sql, params.id) }),
});
