import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { Id, Instant, NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { unknownRun } from './read-run.ts';
import { RunParams } from './run.ts';

const STEPS = ['plan', 'fetch', 'load', 'features', 'infer'] as const;

/** The query of GET /v1/admin/runs/{id}/failures. */
export const FailuresQuery = z.strictObject({
  step: choice(STEPS).optional().describe('Only failures in this step.'),
  reason: z
    .string()
    .regex(/^[a-z_]{1,60}$/, 'must be a reason code such as insufficient_history')
    .optional()
    .describe('Only failures with this reason code.'),
  ...PAGING,
});
export type FailuresQuery = z.output<typeof FailuresQuery>;

/** The failure of one instrument in a run. */
export const RunFailure = z
  .strictObject({
    id: Id,
    symbol: z.string().describe('The symbol of the instrument that failed.'),
    step: z.enum(STEPS).describe('The pipeline step that failed.'),
    reason: z.string().describe('A stable reason code, such as `insufficient_history`.'),
    message: z.string().describe('What happened, in one sentence.'),
    createdAt: Instant.describe('When the failure was recorded, in UTC.'),
  })
  .meta({ id: 'RunFailure', description: 'The failure of one instrument in a run.' });
export type RunFailure = z.output<typeof RunFailure>;

const Failures = z
  .strictObject({ items: z.array(RunFailure), nextCursor: NextCursor })
  .meta({ id: 'RunFailurePage', description: "A page of a run's failures." });

/** Ids are UUIDs of version 7, which sort by creation time. */
const ORDER: SortOrder = { columns: [{ column: 'id', kind: 'uuid' }], descending: false };

type FailureRow = Omit<RunFailure, 'createdAt'> & { created_at: Date };

/**
 * Lists the failures of a run, oldest first.
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
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const [run] = await sql`SELECT 1 FROM pipeline_runs WHERE id = ${runId}`;
  if (!run) throw unknownRun();
  const rows = await sql<FailureRow[]>`
    SELECT id, symbol, step, reason_code AS reason, message, created_at FROM pipeline_failures
    WHERE run_id = ${runId}
      ${step === undefined ? sql`` : sql`AND step = ${step}`}
      ${reason === undefined ? sql`` : sql`AND reason_code = ${reason}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
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
  summary: "List a run's failures",
  access: 'admin',
  params: RunParams,
  query: FailuresQuery,
  answer: { status: 200, schema: Failures, description: 'A page of the failures, oldest first.' },
  problems: ['not-found', 'invalid-cursor'],
  handle: async ({ params, query }, { sql }) => ({ body: await listRunFailures(sql, params.id, query) }),
});
