import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { IdParams } from './fields.ts';
import { type AdminInstrument, type InstrumentRow, writingInstrument } from './instrument.ts';

/**
 * Takes an instrument out of the runs and the lists; its history stays. One that is inactive stays so.
 *
 * @throws ApiError (404) if there is no such instrument
 */
export function deactivateInstrument(sql: Sql, id: string): Promise<AdminInstrument> {
  return writingInstrument(
    () => sql<InstrumentRow[]>`UPDATE instruments SET is_active = false WHERE id = ${id} RETURNING *`,
  );
}

export const deactivateInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/instruments/{id}',
  operationId: 'deactivateInstrument',
  summary: 'Deactivate an instrument',
  description:
    'Runs no longer cover it and its recommendations are no longer shown; its history stays. `reactivateInstrument` takes it back.',
  access: 'admin',
  params: IdParams,
  answer: { status: 204, description: 'The instrument is inactive, now or before.' },
  problems: ['not-found'],
  handle: async ({ params }, { sql }) => {
    await deactivateInstrument(sql, params.id);
    return { body: undefined };
  },
});
