import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { type PipelineOutcome, runPipeline } from '../pipeline/run-pipeline.ts';
import { allowanceNotice } from '../reports/allowance-notice.ts';
import type { Reporter } from '../terminal/progress.ts';

/**
 * Runs the pipeline in this process. Before that, prints what it will not request because of the vendor's allowance.
 *
 * @param sql - a client of the pipeline's role
 * @param runId - the run's id; a new one by default
 * @throws the error of the step that failed the run
 */
export async function runNoted(
  sql: Sql,
  input: PipelineInput,
  reporter: Reporter,
  runId?: string,
): Promise<PipelineOutcome> {
  const notice = await allowanceNotice(sql, process.env, input);
  if (notice) reporter.line(notice);
  return runPipeline(input, reporter, runId);
}
