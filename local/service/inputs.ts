import { openRelease, releaseFolder } from '../installation/release-folder.ts';
import { openSource, type Source, type SourceOptions } from '../installation/source.ts';
import { untilAborted } from '../installation/until-aborted.ts';
import type { Reporter } from '../terminal/progress.ts';

/** The bars and the model of runs. */
export interface Inputs {
  source: Source;
  /** The folder of the release. */
  release: URL;
}

/**
 * Opens the bars and checks the model that the options name, before anything is written. Prints what was understood of a
 * bars file.
 *
 * @param options.model - folder of the release; the bundled one by default
 * @throws BadInputError if the bars file is not usable
 * @throws ModelError that names the file of the release that is missing or damaged
 */
export async function openInputs(
  options: SourceOptions & { model?: string | undefined },
  reporter: Reporter,
  stopping: AbortSignal,
): Promise<Inputs> {
  const source = await untilAborted(stopping, openSource(options));
  for (const line of source.report) reporter.line(line);
  const release = releaseFolder(options.model);
  await untilAborted(stopping, openRelease(release));
  return { source, release };
}
