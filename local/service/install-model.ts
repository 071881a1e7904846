import type { Sql } from '../../functions/shared/database.ts';
import type { Installation } from '../installation/installation.ts';
import { installRelease } from '../installation/release-folder.ts';
import { storeSampleUniverses } from '../installation/sample-universes.ts';

/**
 * Installs what a run needs besides bars: the release, and for the sample the stocks that its few are compared with.
 *
 * @param sql - a client of the pipeline's role
 */
export async function installModel(
  installation: Installation,
  sql: Sql,
  { release, isSample }: { release: URL; isSample: boolean },
): Promise<void> {
  await installRelease(installation, release);
  if (isSample) await storeSampleUniverses(sql);
}
