import type { FinishRequest, FinishResult } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import { assertTolerable } from '../shared/ledger.ts';

/**
 * Closes a run's row in the ledger. A run whose input was refused has no row yet and gets one, so that an operator
 * finds every execution in the ledger.
 *
 * @throws TooManyFailuresError if the run succeeded but more of its instruments failed than it tolerates
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

/** Extracts the message from the JSON with a stack trace that Step Functions passes on. */
export function readableCause(cause = 'no cause given'): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed && 'errorMessage' in parsed) return String(parsed.errorMessage);
  } catch {
    // The cause is plain text.
  }
  return cause;
}
