import * as z from 'zod';
import { RUN_STATUSES } from '../../shared/constants.ts';
import { reachingDatabase, type Sql } from '../../shared/database.ts';
import { DatabaseUnreachableError } from '../../shared/errors.ts';
import { endpoint } from '../core/endpoint.ts';
import { type UpdateState, updateState } from '../core/update-state.ts';
import { dayOf } from '../lists/age.ts';
import { Day, Instant, Notice } from '../lists/fields.ts';
import { RunStep, type RunTraces, reachedStep } from '../resources/run-step.ts';

/** The longest wait for the database. It is shorter than the function's timeout, so that the caller gets an answer. */
const DATABASE_TIMEOUT_MS = 3_000;

/** The answer of GET /v1/health. */
export const Health = z
  .strictObject({
    status: z.literal('ok').describe('The service works.'),
    database: z
      .literal('ok')
      .describe('Always `ok`; if the database does not respond, the response is a 503.'),
    asOf: Day.nullable().describe('Trading day of the newest active recommendation; null if there is none.'),
    lastRun: z
      .strictObject({
        id: z.string().describe('The id of the run.'),
        status: z.enum(RUN_STATUSES).describe('The status of the run.'),
        step: RunStep,
        finishedAt: Instant.nullable().describe('When the run ended, in UTC; null while it runs.'),
      })
      .nullable()
      .describe('The most recently started run; null if there is none.'),
    modelVersion: z.string().nullable().describe('The active model version; null if there is none.'),
    updates: z
      .strictObject({
        failingSince: Instant.nullable().describe(
          'When the first update failed after the last successful one, in UTC; null if the last one succeeded.',
        ),
        reason: z
          .string()
          .nullable()
          .describe('Why the latest update failed, in one sentence; null if it succeeded.'),
        nextAt: Instant.nullable().describe('When the next update begins, in UTC; null if none is planned.'),
      })
      .nullable()
      .describe(
        'The updates that the service makes by its own schedule; null if another program starts the runs, as on AWS.',
      ),
    notice: Notice,
  })
  .meta({ id: 'Health', description: 'The state of the service and the age of its data.' });
export type Health = z.output<typeof Health>;

/**
 * Reads the state of the service and the age of its data.
 *
 * @param open - opens a client of the API's role; the time that it takes counts towards the timeout
 * @throws DatabaseUnreachableError if the database refuses or does not answer in time
 */
export async function readHealth(
  open: () => Promise<Sql>,
  {
    notice,
    updates = null,
    timeoutMs = DATABASE_TIMEOUT_MS,
  }: { notice: string | null; updates?: UpdateState | null; timeoutMs?: number },
): Promise<Health> {
  const row = await withTimeout(timeoutMs, () => reachingDatabase(async () => selectHealth(await open())));
  return {
    status: 'ok',
    database: 'ok',
    asOf: row.as_of && dayOf(row.as_of),
    lastRun: row.run_id === null ? null : toLastRun(row),
    modelVersion: row.model_version,
    updates: updates && toUpdates(updates),
    notice,
  };
}

interface RunColumns extends Omit<RunTraces, 'hasModel'> {
  run_id: string;
  has_model: boolean;
  run_finished_at: Date | null;
}

type HealthRow = { as_of: Date | null; model_version: string | null } & (
  | RunColumns
  | Record<keyof RunColumns, null>
);

function toLastRun(row: RunColumns): Health['lastRun'] {
  return {
    id: row.run_id,
    status: row.status,
    step: reachedStep({ ...row, hasModel: row.has_model }),
    finishedAt: row.run_finished_at?.toISOString() ?? null,
  };
}

function toUpdates({ failingSince, reason, next }: UpdateState): Health['updates'] {
  return {
    failingSince: failingSince?.toISOString() ?? null,
    reason,
    nextAt: next?.toISOString() ?? null,
  };
}

async function selectHealth(sql: Sql): Promise<HealthRow> {
  // Reads the newest day from the end of an index. An aggregate over all active rows would become slower every day.
  const [row] = await sql<[HealthRow]>`
    SELECT (SELECT as_of FROM recommendations WHERE is_active ORDER BY as_of DESC LIMIT 1) AS as_of,
      r.id AS run_id, r.status, r.bars, r.features, r.recommendations,
      r.model_version_id IS NOT NULL AS has_model, r.finished_at AS run_finished_at, m.version AS model_version
    FROM (VALUES (1)) AS one
    LEFT JOIN (
      SELECT * FROM pipeline_runs ORDER BY started_at DESC LIMIT 1
    ) r ON true
    LEFT JOIN model_versions m ON m.is_active`;
  return row;
}

async function withTimeout<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new DatabaseUnreachableError(`database: no answer within ${milliseconds} ms`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

export const readHealthEndpoint = endpoint({
  group: 'market',
  method: 'GET',
  path: '/v1/health',
  operationId: 'readHealth',
  summary: 'Read the state of the service',
  access: 'public',
  answer: { status: 200, schema: Health, description: 'The service works.' },
  problems: ['database-unreachable'],
  handle: async (_request, { sql, notice }) => ({
    body: await readHealth(async () => sql, { notice, updates: updateState() }),
    // Monitoring needs the current state.
    headers: { 'cache-control': 'no-store' },
  }),
});
