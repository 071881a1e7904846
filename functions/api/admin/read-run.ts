import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { problem } from '../core/problem.ts';
import { RUN_FIELDS, RunParams, type RunRow, runColumns, toRun } from './run.ts';

/** A run with its input and a summary of its failures. */
export const RunDetail = z
  .strictObject({
    ...RUN_FIELDS,
    input: z.record(z.string(), z.unknown()).describe('The input that the run was started with.'),
    failuresByReason: z
      .array(
        z.strictObject({
          step: z.string().describe('The pipeline step that failed.'),
          reason: z.string().describe('A stable reason code, such as `insufficient_history`.'),
          instruments: z.int().describe('The number of instruments that failed for this reason.'),
        }),
      )
      .describe('The reasons for failures, most frequent first.'),
  })
  .meta({ id: 'RunDetail', description: 'A pipeline run with its input and a summary of its failures.' });
export type RunDetail = z.output<typeof RunDetail>;

/**
 * Reads a run from the ledger.
 *
 * @throws ApiError (404) if there is no such run
 */
export async function readRun(sql: Sql, id: string): Promise<RunDetail> {
  const [row] = await sql<(RunRow & Pick<RunDetail, 'input'>)[]>`
    SELECT ${runColumns(sql)}, r.input
    FROM pipeline_runs r LEFT JOIN model_versions m ON m.id = r.model_version_id WHERE r.id = ${id}`;
  if (!row) throw unknownRun();
  const failuresByReason = await sql<RunDetail['failuresByReason']>`
    SELECT step, reason_code AS reason, count(*)::int AS instruments FROM pipeline_failures
    WHERE run_id = ${id} GROUP BY step, reason_code ORDER BY instruments DESC, step, reason`;
  return { ...toRun(row), input: row.input, failuresByReason: [...failuresByReason] };
}

/** The problem for a run id that is not in the ledger. */
export function unknownRun() {
  return problem(
    'not-found',
    'There is no run with this id. A run that was just started appears after a few seconds.',
  );
}

export const readRunEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/runs/{id}',
  operationId: 'readRun',
  summary: 'Read a run',
  access: 'admin',
  params: RunParams,
  answer: { status: 200, schema: RunDetail, description: 'The run.' },
  problems: ['not-found'],
  handle: async ({ params }, { sql }) => ({ body: await readRun(sql, params.id) }),
});
