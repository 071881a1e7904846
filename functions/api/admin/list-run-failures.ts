import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { type CursorKey, readCursor } from '../lists/cursor.ts';
import { Instant } from '../lists/fields.ts';
import { after, keySchemas, ordering, rowsToRead, type SortOrder, toPage } from '../lists/keyset.ts';
import { NextCursor, PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { Id } from './fields.ts';
import { unknownRun } from './read-run.ts';
import { RunParams } from './run.ts';

const STEPS = ['plan', 'fetch', 'load', 'features', 'infer'] as const;

/** The query of GET /v1/admin/runs/{id}/failures. */
export const FailuresQuery = z.strictObject({
  step: choice(STEPS).optional().describe('Only failures of this step.'),
  reason: z
    .string()
    .regex(/^[a-z_]{1,60}$/, 'must be a reason such as insufficient_history')
    .optional()
    .describe('Only failures for this reason.'),
  ...PAGING,
});
export type FailuresQuery = z.output<typeof FailuresQuery>;

/** Why an instrument failed in a run. */
export const RunFailure = z
  .strictObject({
    id: Id,
    symbol: z.string().describe('The symbol of the instrument.'),
    step: z.enum(STEPS).describe('The step in which it failed.'),
    reason: z.string().describe('A stable code, such as `insufficient_history`.'),
    message: z.string().describe('What happened, in a sentence.'),
    createdAt: Instant,
  })
  .meta({ id: 'RunFailure', description: 'Why an instrument failed in a run.' });
export type RunFailure = z.output<typeof RunFailure>;

const Failures = z
  .strictObject({ items: z.array(RunFailure), nextCursor: NextCursor })
  .meta({ id: 'RunFailurePage', description: 'A page of failures.' });

/** Ids are made in the order of time. */
const ORDER: SortOrder = { columns: [{ column: 'id', kind: 'uuid' }], descending: false };

type FailureRow = Omit<RunFailure, 'createdAt'> & { created_at: Date };

/**
 * Lists the instruments that failed in a run, as they did.
 *
 * @throws ApiError (404) if there is no such run, (400, invalid-cursor)
 */
export async function listRunFailures(
  sql: Sql,
  runId: string,
  query: FailuresQuery,
): Promise<Page<RunFailure>> {
  const { step, reason, limit } = query;
  const identity = { list: 'failures', runId, step, reason };
  const keys: CursorKey[] | undefined = readCursor(identity, keySchemas(ORDER), query.cursor);
  const [run] = await sql`SELECT 1 FROM pipeline_runs WHERE id = ${runId}`;
  if (!run) throw unknownRun();
  const rows = await sql<FailureRow[]>`
    SELECT id, symbol, step, reason_code AS reason, message, created_at FROM pipeline_failures
    WHERE run_id = ${runId}
      ${step === undefined ? sql`` : sql`AND step = ${step}`}
      ${reason === undefined ? sql`` : sql`AND reason_code = ${reason}`}
      ${after(sql, ORDER, keys)}
    ORDER BY ${ordering(sql, ORDER)} LIMIT ${rowsToRead(sql, limit)}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return {
    items: shown.map(({ created_at, ...failure }) => ({ ...failure, createdAt: created_at.toISOString() })),
    nextCursor,
  };
}

export const listRunFailuresEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/runs/{id}/failures',
  operationId: 'listRunFailures',
  summary: 'List the failures of a run',
  access: 'admin',
  params: RunParams,
  query: FailuresQuery,
  answer: { status: 200, schema: Failures, description: 'The instruments that failed, and why.' },
  problems: ['not-found', 'invalid-cursor'],
  handle: async ({ params, query }, { sql }) => ({ body: await listRunFailures(sql, params.id, query) }),
});
