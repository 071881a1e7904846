import type { Sql } from '../../functions/shared/database.ts';
import type { Reporter } from '../terminal/progress.ts';
import { recommendationsReport } from './recommendations-report.ts';
import { readRunReport, runLine } from './run-report.ts';

/** A run that has ended, and how long it took. */
export interface FinishedRun {
  runId: string;
  /** Seconds from the start of the program, or of the run, to its end. */
  total: number;
  /** Seconds of each step. */
  seconds: Record<string, number>;
}

/** Prints a run as one line. */
export async function printRunLine(
  sql: Sql,
  { runId, total }: FinishedRun,
  reporter: Reporter,
): Promise<void> {
  reporter.line(runLine(await readRunReport(sql, runId), total));
}

/**
 * Prints a run and its recommendations.
 *
 * @param notice - what to know about the data, such as that it is a sample
 * @param json - end standard output with one JSON object
 */
export async function printRun(
  sql: Sql,
  { runId, total, seconds }: FinishedRun,
  { reporter, notice, json }: { reporter: Reporter; notice: string | undefined; json: boolean },
): Promise<void> {
  const report = await readRunReport(sql, runId);
  const { asOf, status, counts, written, modelVersion } = report;
  reporter.line(runLine(report, total));
  if (modelVersion) {
    process.stdout.write(`\nRecommendations as of ${asOf}, model ${modelVersion}\n`);
    process.stdout.write(`${await recommendationsReport(sql, runId, asOf)}\n\n`);
  } else {
    process.stdout.write('This run updated data only. A run in daily mode publishes recommendations.\n');
  }
  if (notice) process.stdout.write(`${notice}\n`);
  process.stdout.write(
    'This is information, not investment advice. Any call can be wrong, and you can lose all you invest.\n',
  );
  if (!json) return;
  const answer = {
    runId,
    asOf,
    status,
    notice: notice ?? null,
    counts,
    written,
    seconds: { ...seconds, total },
    modelVersion: modelVersion ?? null,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
