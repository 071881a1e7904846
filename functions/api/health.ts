import { reachingDatabase, type Sql } from '../shared/database.ts';
import { DatabaseUnreachableError } from '../shared/errors.ts';
import { dayOf } from './age.ts';

/** Longest wait for the database: whoever asks for health wants an answer, and not the function's timeout. */
export const DATABASE_PATIENCE_MS = 3_000;

/** The answer of GET /v1/health. */
export interface Health {
  status: 'ok';
  database: 'ok';
  /** Day of the newest active recommendation; null where there is none. */
  asOf: string | null;
  /** The run that started last. */
  lastRun: { id: string; status: 'running' | 'succeeded' | 'failed'; finishedAt: string | null } | null;
  /** The active model. */
  modelVersion: string | null;
  notice: string | null;
}

/**
 * Says whether the service works, and how fresh what it serves is.
 *
 * @param open - gives a client of the API's role; what it takes counts toward the patience
 * @throws DatabaseUnreachableError if the database refuses, or does not answer in time
 */
export async function readHealth(
  open: () => Promise<Sql>,
  { notice, patience = DATABASE_PATIENCE_MS }: { notice: string | null; patience?: number },
): Promise<Health> {
  const row = await within(patience, () => reachingDatabase(async () => selectHealth(await open())));
  return {
    status: 'ok',
    database: 'ok',
    asOf: row.as_of && dayOf(row.as_of),
    lastRun: row.run_id === null ? null : toRun(row),
    modelVersion: row.model_version,
    notice,
  };
}

interface RunColumns {
  run_id: string;
  run_status: 'running' | 'succeeded' | 'failed';
  run_finished_at: Date | null;
}

type HealthRow = { as_of: Date | null; model_version: string | null } & (
  | RunColumns
  | Record<keyof RunColumns, null>
);

function toRun(row: RunColumns): Health['lastRun'] {
  return { id: row.run_id, status: row.run_status, finishedAt: row.run_finished_at?.toISOString() ?? null };
}

async function selectHealth(sql: Sql): Promise<HealthRow> {
  const [row] = await sql<[HealthRow]>`
    SELECT a.as_of, r.id AS run_id, r.status AS run_status, r.finished_at AS run_finished_at,
      m.version AS model_version
    FROM (SELECT max(as_of) AS as_of FROM recommendations WHERE is_active) a
    LEFT JOIN (
      SELECT id, status, finished_at FROM pipeline_runs ORDER BY started_at DESC LIMIT 1
    ) r ON true
    LEFT JOIN model_versions m ON m.is_active`;
  return row;
}

async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
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
