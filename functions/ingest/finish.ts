import type { FinishRequest, FinishResult } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import { assertTolerable } from '../shared/ledger.ts';

/**
 * Closes the run's row in the ledger. A run that failed before it had a row, because its input was refused,
 * gets one here, so that an operator finds every execution in the ledger.
 *
 * @throws TooManyFailuresError if a run that claims success lost more instruments than it may
 */
export async function finishRun(request: FinishRequest, sql: Sql): Promise<FinishResult> {
  const { runId, error } = request;
  if (!error) await assertTolerable(sql, runId);
  const status = error ? 'failed' : 'succeeded';
  const reason = error ? `${error.Error}: ${readableCause(error.Cause)}` : null;
  await sql`
    INSERT INTO pipeline_runs (id, status, input, error, finished_at)
    VALUES (${runId}, ${status}, '{}', ${reason}, now())
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, error = excluded.error, finished_at = excluded.finished_at`;
  return { runId, status };
}

/** Step Functions hands a function's error on as JSON with a stack trace; an operator wants its message. */
export function readableCause(cause = 'no cause given'): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // Not JSON: a plain sentence.
  }
  return cause;
}
