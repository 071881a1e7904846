import * as z from 'zod';
import { RUN_STATUSES } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { instantKey, keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import { Run, type RunRow, runColumns, toRun } from './run.ts';

/** The query of GET /v1/admin/runs. */
export const RunsQuery = z.strictObject({
  status: choice(RUN_STATUSES).optional().describe('Only runs with this status.'),
  ...PAGING,
});
export type RunsQuery = z.output<typeof RunsQuery>;

const Runs = z
  .strictObject({ items: z.array(Run), nextCursor: NextCursor })
  .meta({ id: 'RunPage', description: 'A page of runs.' });

const ORDER: SortOrder = {
  columns: [
    { column: 'r.started_at', kind: 'instant' },
    { column: 'r.id', kind: 'text' },
  ],
  descending: true,
};

/**
 * Lists runs, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listRuns(sql: Sql, query: RunsQuery): Promise<Page<Run>> {
  const { status, limit } = query;
  const identity = { list: 'runs', status };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<(RunRow & { started: string })[]>`
    SELECT ${runColumns(sql)}, ${sql.unsafe(instantKey('r.started_at'))} AS started
    FROM pipeline_runs r LEFT JOIN model_versions m ON m.id = r.model_version_id
    WHERE true
      ${status === undefined ? sql`` : sql`AND r.status = ${status}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ started, id }) => [started, id]);
  return { items: shown.map(toRun), nextCursor };
}

export const listRunsEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/runs',
  operationId: 'listRuns',
  summary: 'List runs',
  description: 'Sorted by start, newest first.',
  access: 'admin',
  query: RunsQuery,
  answer: { status: 200, schema: Runs, description: 'A page of the matching runs.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listRuns(sql, query) }),
});
