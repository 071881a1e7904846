import type { DateFormat } from '../../functions/ingest/bars-file/days.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { openSource } from '../installation/source.ts';
import { firstBarDay } from '../pipeline/first-bar-day.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import type { Progress } from '../terminal/progress.ts';

/** A migrated database that belongs to one bars file. */
export interface BarsDatabase {
  installation: Installation;
  /** Loads the bars and computes features with the pipeline's own functions. */
  load(): Promise<void>;
}

/**
 * Opens the database of a bars file, runs the work, and closes the database.
 *
 * @throws BadInputError if the file is missing or malformed
 */
export async function withBarsDatabase<T>(
  {
    bars,
    dateFormat,
    currency,
    dataDir,
  }: { bars: string; dateFormat: DateFormat | undefined; currency: string; dataDir: string },
  progress: Progress,
  work: (database: BarsDatabase) => Promise<T>,
): Promise<T> {
  process.env.LOG_LEVEL ??= 'warn';
  const source = await openSource({ provider: ['csv'], bars, dateFormat, currency });
  for (const line of source.report) progress.line(line);
  const installation = await openInstallation({
    dataDir,
    database: source.database,
    databaseUrl: process.env.DATABASE_URL,
    owner: true,
  });
  try {
    const sql = await prepareRun(installation, source, progress);
    const load = async () => {
      // A backfill stops after features, before inference, which would need a model.
      const { runId } = await runPipeline(
        { mode: 'backfill', ...(source.asOf && { from: await firstBarDay(source.asOf), to: source.asOf }) },
        progress,
      );
      const [partial] = await sql<{ error: string }[]>`
        SELECT error FROM pipeline_runs WHERE id = ${runId} AND status = 'partial'`;
      if (partial) progress.line(`The run is partial. ${partial.error}`);
      progress.line('Bars and features are ready.');
    };
    return await work({ installation, load });
  } finally {
    await closeDatabases();
    await installation.close();
  }
}
