import type { Sql } from '../../functions/shared/database.ts';
import type { Installation } from '../installation/installation.ts';
import { adoptRelease } from '../installation/release-folder.ts';
import { storeSampleUniverses } from '../installation/sample-universes.ts';
import type { Reporter } from '../terminal/progress.ts';

/**
 * Installs what a run needs besides bars: the release, and for the sample the stocks that its few are compared with.
 *
 * @param sql - a client of the pipeline's role
 */
export async function installModel(
  installation: Installation,
  sql: Sql,
  { release, isSample, reporter }: { release: URL; isSample: boolean; reporter: Reporter },
): Promise<void> {
  const outcome = await adoptRelease(installation, release);
  if (outcome) reporter.line(outcome);
  if (isSample) await storeSampleUniverses(sql);
}
