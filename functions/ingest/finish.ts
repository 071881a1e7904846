import type { ExecutionStatusChange, FinishRequest, FinishResult } from '../shared/contracts.ts';
import type { Sql } from '../shared/database.ts';
import { describeFailure } from '../shared/execution-failure.ts';
import { defined } from '../shared/invariant.ts';
import { judgeLedger, recordUnloaded } from '../shared/ledger.ts';

/**
 * Closes a run's row in the ledger as succeeded, or as partial with its failures. This is the run's last step, so no
 * later event changes the row.
 *
 * @throws SystematicFaultError if a systematic fault stops the run
 */
export async function finishRun({ runId }: FinishRequest, sql: Sql): Promise<FinishResult> {
  await recordUnloaded(sql, runId);
  const verdict = await judgeLedger(sql, runId);
  const { status } = verdict;
  const error = verdict.status === 'partial' ? verdict.explanation : null;
  await sql`
    UPDATE pipeline_runs SET status = ${status}, error = ${error}, finished_at = now() WHERE id = ${runId}`;
  return { runId, status };
}

/**
 * Records the end of an execution that did not succeed, or its redrive. Events may arrive late, twice and in any order:
 * an event of an earlier attempt than the row's changes nothing, and neither does any event after the run's last step. A
 * run whose input was refused has no row yet and gets one, so that an operator finds every execution in the ledger.
 */
export async function recordStatusChange({ detail }: ExecutionStatusChange, sql: Sql): Promise<FinishResult> {
  const { name: runId, status, stopDate, redriveDate } = detail;
  const run =
    status === 'RUNNING'
      ? { status: 'running', error: null, finishedAt: null }
      : { status: 'failed', error: describeFailure(detail), finishedAt: stopDate ?? new Date() };
  await sql`
    INSERT INTO pipeline_runs AS run (id, status, input, error, finished_at, redriven_at)
    VALUES (${runId}, ${run.status}, '{}', ${run.error}, ${run.finishedAt}, ${redriveDate ?? null})
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, error = excluded.error,
      finished_at = excluded.finished_at, redriven_at = excluded.redriven_at
    WHERE run.status NOT IN ('succeeded', 'partial') AND
      -- Within an attempt, its end comes after its start.
      (coalesce(run.redriven_at, '-infinity'), run.status = 'failed')
        <= (coalesce(excluded.redriven_at, '-infinity'), excluded.status = 'failed')`;
  const [recorded] = await sql<Pick<FinishResult, 'status'>[]>`
    SELECT status FROM pipeline_runs WHERE id = ${runId}`;
  return { runId, status: defined(recorded, `run ${runId} in the ledger`).status };
}
