import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { IdParams } from '../lists/parameters.ts';
import {
  AdminInstrument,
  type AdminInstrumentRow,
  EDITABLE_FIELDS,
  toAdminInstrument,
} from './instrument.ts';

const { symbol, exchange, name, sector, marketCapBucket, peBucket, purpose } = EDITABLE_FIELDS;

/** The body of POST /v1/admin/instruments. */
export const NewInstrument = z
  .strictObject({
    symbol,
    exchange: exchange.default('UNKNOWN'),
    name: name.default(null),
    sector: sector.default(null),
    marketCapBucket: marketCapBucket.default(null),
    peBucket: peBucket.default(null),
    purpose: purpose.default('recommended'),
  })
  .meta({ id: 'NewInstrument', description: 'An instrument to add.' });
export type NewInstrument = z.output<typeof NewInstrument>;

/**
 * Adds an instrument. The next run covers it.
 *
 * @throws ApiError (409) if another instrument has the symbol
 */
export function createInstrument(sql: Sql, added: NewInstrument): Promise<AdminInstrument> {
  return writeInstrument(
    () => sql<AdminInstrumentRow[]>`
      INSERT INTO instruments (symbol, exchange, name, sector, market_cap_bucket, pe_bucket, purpose)
      VALUES (${added.symbol}, ${added.exchange}, ${added.name}, ${added.sector}, ${added.marketCapBucket}, ${added.peBucket}, ${added.purpose})
      RETURNING *`,
  );
}

export const createInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/instruments',
  operationId: 'createInstrument',
  summary: 'Add an instrument',
  description: 'The next run loads its bars. Until then there are no recommendations for it.',
  access: 'admin',
  body: NewInstrument,
  answer: { status: 201, schema: AdminInstrument, description: 'The new instrument.' },
  problems: ['conflict'],
  handle: async ({ body }, { sql }) => ({ body: await createInstrument(sql, body) }),
});

/** The body of PATCH /v1/admin/instruments/{id}. */
export const InstrumentChange = z
  .strictObject(EDITABLE_FIELDS)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must have at least one member')
  .meta({ id: 'InstrumentChange', description: 'The fields to change. Others stay.', minProperties: 1 });
export type InstrumentChange = z.output<typeof InstrumentChange>;

const COLUMNS = {
  symbol: 'symbol',
  exchange: 'exchange',
  name: 'name',
  sector: 'sector',
  marketCapBucket: 'market_cap_bucket',
  peBucket: 'pe_bucket',
  purpose: 'purpose',
} as const satisfies Record<keyof InstrumentChange, string>;

/**
 * Changes an instrument's description. A new symbol keeps the history, for a company whose ticker changed.
 *
 * @throws ApiError (404) if there is no such instrument, (409) if another instrument has the symbol
 */
export function updateInstrument(sql: Sql, id: string, change: InstrumentChange): Promise<AdminInstrument> {
  const columns = Object.entries(change).map(([key, value]) => [
    COLUMNS[key as keyof InstrumentChange],
    value,
  ]);
  return writeInstrument(
    () => sql<AdminInstrumentRow[]>`
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
    'Changes only the fields in the body. A new symbol keeps the history: use it when a company changes its ticker.',
  access: 'admin',
  params: IdParams,
  body: InstrumentChange,
  answer: { status: 200, schema: AdminInstrument, description: 'The changed instrument.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params, body }, { sql }) => ({ body: await updateInstrument(sql, params.id, body) }),
});

/**
 * Removes an instrument from runs and lists, and keeps its history. An inactive instrument stays unchanged.
 *
 * @throws ApiError (404) if there is no such instrument
 */
export function deactivateInstrument(sql: Sql, id: string): Promise<AdminInstrument> {
  return writeInstrument(
    () => sql<AdminInstrumentRow[]>`UPDATE instruments SET is_active = false WHERE id = ${id} RETURNING *`,
  );
}

export const deactivateInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'DELETE',
  path: '/v1/admin/instruments/{id}',
  operationId: 'deactivateInstrument',
  summary: 'Deactivate an instrument',
  description:
    'Runs no longer cover the instrument, and lists no longer show its recommendations. Its history stays. `reactivateInstrument` reverses this.',
  access: 'admin',
  params: IdParams,
  answer: { status: 204, description: 'The instrument is inactive, by this request or an earlier one.' },
  problems: ['not-found'],
  handle: async ({ params }, { sql }) => {
    await deactivateInstrument(sql, params.id);
    return { body: undefined };
  },
});

/**
 * Returns an instrument to the runs. An active instrument stays unchanged. A former benchmark gets recommendations.
 *
 * @throws ApiError (404) if there is no such instrument, (409) if an active one has its symbol
 */
export function reactivateInstrument(sql: Sql, id: string): Promise<AdminInstrument> {
  return writeInstrument(
    () => sql<AdminInstrumentRow[]>`
      UPDATE instruments SET is_active = true,
        purpose = CASE WHEN purpose = 'benchmark' AND NOT is_benchmark THEN 'recommended' ELSE purpose END
      WHERE id = ${id} RETURNING *`,
  );
}

export const reactivateInstrumentEndpoint = endpoint({
  group: 'admin',
  method: 'POST',
  path: '/v1/admin/instruments/{id}/reactivate',
  operationId: 'reactivateInstrument',
  summary: 'Reactivate an instrument',
  description: 'The next run covers the instrument again and loads the days that it missed.',
  access: 'admin',
  params: IdParams,
  answer: { status: 200, schema: AdminInstrument, description: 'The instrument, now active.' },
  problems: ['not-found', 'conflict'],
  handle: async ({ params }, { sql }) => ({ body: await reactivateInstrument(sql, params.id) }),
});

/**
 * Runs a statement that writes one instrument.
 *
 * @throws ApiError (404) if it writes none, (409) if another instrument has the same symbol
 */
async function writeInstrument(
  write: () => Promise<readonly AdminInstrumentRow[]>,
): Promise<AdminInstrument> {
  const [row] = await write().catch((error: unknown) => {
    throw uniqueConflict(error) ?? error;
  });
  if (!row) throw problem('not-found', 'There is no instrument with this id.');
  return toAdminInstrument(row);
}

/** The problem for a unique violation; undefined for any other error. */
function uniqueConflict(error: unknown): Error | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== '23505') return undefined;
  const active = 'constraint_name' in error && error.constraint_name === 'instruments_one_active_per_symbol';
  return problem(
    'conflict',
    active
      ? 'Another active instrument has this symbol. Deactivate it first.'
      : 'An instrument with this symbol on this exchange exists. Change or reactivate it instead.',
  );
}
