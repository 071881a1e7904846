import { RUN_LIMIT_HOURS, TOLERATED_FAILURE_SHARE } from './constants.ts';
import type { Sql, Transaction } from './database.ts';
import { HOUR_MS } from './days.ts';
import { TooManyFailuresError } from './errors.ts';
import { defined } from './invariant.ts';

export type PipelineStep = 'plan' | 'fetch' | 'load' | 'features' | 'infer';

/** Why one instrument gets no recommendation from a run. */
export interface Failure {
  symbol: string;
  step: PipelineStep;
  /** A stable code, lower case with underscores. */
  reason: string;
  /** One sentence for an operator. */
  message: string;
}

/**
 * Reasons that state a fact about an instrument, such as a short history, or that it waits for its turn at the provider.
 * They do not count as failures of a run.
 */
export const EXPECTED_REASONS = ['insufficient_history', 'deferred'];

/**
 * Records the instruments that failed in a run. Repeating it leaves one row per instrument and step.
 *
 * @param failures - at most one per instrument and step
 */
export async function recordFailures(
  sql: Sql | Transaction,
  runId: string,
  failures: Failure[],
): Promise<void> {
  if (failures.length === 0) return;
  const rows = failures.map(({ symbol, step, reason, message }) => ({ symbol, step, reason, message }));
  await sql`
    INSERT INTO pipeline_failures (run_id, instrument_id, symbol, step, reason_code, message)
    SELECT ${runId}, i.id, f.symbol, f.step, f.reason, f.message
    FROM jsonb_to_recordset(${sql.json(rows)}) AS f(symbol text, step text, reason text, message text)
    LEFT JOIN instruments i ON i.symbol = f.symbol AND i.is_active
    ON CONFLICT (run_id, symbol, step)
      DO UPDATE SET reason_code = excluded.reason_code, message = excluded.message`;
}

/** Deletes what a step recorded about instruments, before the step is retried. */
export async function clearFailures(
  sql: Sql | Transaction,
  runId: string,
  step: PipelineStep,
  symbols: string[],
): Promise<void> {
  await sql`
    DELETE FROM pipeline_failures WHERE run_id = ${runId} AND step = ${step}
      AND symbol IN (SELECT jsonb_array_elements_text(${sql.json(symbols)}))`;
}

/**
 * The number of instruments that may fail without failing their run: a share of them, and at least one.
 *
 * @param instruments - the number that the run covers
 */
export function toleratedFailures(instruments: number): number {
  return Math.max(1, Math.floor(instruments * TOLERATED_FAILURE_SHARE));
}

/**
 * Stops a run in which too many instruments failed, or all of them, before it publishes anything.
 *
 * @throws TooManyFailuresError naming the most frequent reason
 */
export async function assertTolerable(sql: Sql, runId: string): Promise<void> {
  const [run] = await sql<
    { instruments: number }[]
  >`SELECT instruments FROM pipeline_runs WHERE id = ${runId}`;
  const reasons = await sql<{ reason: string; symbols: number; example: string }[]>`
    SELECT reason_code AS reason, count(*)::int AS symbols, min(message) AS example
    FROM (
      SELECT DISTINCT ON (symbol) reason_code, message FROM pipeline_failures
      WHERE run_id = ${runId} AND NOT reason_code IN (SELECT jsonb_array_elements_text(${sql.json(EXPECTED_REASONS)}))
      ORDER BY symbol, id
    ) failed
    GROUP BY reason_code ORDER BY symbols DESC, reason_code`;
  const failed = reasons.reduce((sum, { symbols }) => sum + symbols, 0);
  const { instruments } = defined(run, `run ${runId} in the ledger`);
  const [worst] = reasons;
  if (!worst || (failed <= toleratedFailures(instruments) && failed < instruments)) return;
  throw new TooManyFailuresError(
    `${failed} of ${instruments} instruments failed, ${worst.symbols} of them with ${worst.reason} (${worst.example})`,
  );
}

/** Hours after which no execution of a run can still be under way. The last one covers the delivery of events. */
const OVERDUE_HOURS = RUN_LIMIT_HOURS + 1;

/**
 * Closes the runs that have been open for longer than an execution may take. AWS does not guarantee the delivery of the
 * event that records the end of an execution.
 *
 * @returns the ids of the closed runs
 */
export async function closeOverdueRuns(sql: Sql, now: Date): Promise<string[]> {
  const closed = await sql<{ id: string }[]>`
    UPDATE pipeline_runs SET status = 'failed', finished_at = ${now},
      error = ${`EndUnknown: the run has been open for more than ${OVERDUE_HOURS} hours, and nothing recorded its end`}
    WHERE status = 'running' AND coalesce(redriven_at, started_at) < ${new Date(now.getTime() - OVERDUE_HOURS * HOUR_MS)}
    RETURNING id`;
  return closed.map(({ id }) => id);
}
