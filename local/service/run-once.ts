import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { type Choice, readChoice, rememberChoice } from '../installation/chosen-data.ts';
import { dataLine } from '../installation/data-origin.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareDatabase, registerSource } from '../installation/prepare-run.ts';
import type { SourceOptions } from '../installation/source.ts';
import { untilAborted } from '../installation/until-aborted.ts';
import { printRun } from '../reports/finished-run.ts';
import { describeError } from '../terminal/exit.ts';
import type { Progress } from '../terminal/progress.ts';
import { openInputs } from './inputs.ts';
import { installModel } from './install-model.ts';
import { deliverMessages, type MessageOptions, prepareMessages } from './messages.ts';
import { runNoted } from './noted-run.ts';
import { requestRun } from './requested-run.ts';
import { type RunOptions, runInput } from './run-input.ts';
import { findService, type RunningService, withdrawService } from './service-file.ts';
import { secondsSince } from './updates.ts';

/** The options of one run. */
export interface OnceOptions extends SourceOptions, RunOptions {
  dataDir: string;
  /** Folder of the release; the bundled one by default. */
  model?: string | undefined;
  /** End standard output with one JSON object. */
  json: boolean;
  /** What later starts repeat; undefined for a start that they do not repeat. */
  choice: Choice | undefined;
  messages: MessageOptions;
  /** Address of the page if no service runs, for the links in messages. */
  pageUrl: string;
}

/**
 * Makes one run and prints it. If a service runs on the data folder, the service makes the run.
 *
 * @throws the error that failed the run
 */
export async function runOnce(
  options: OnceOptions,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { source, release } = await openInputs(options, progress, stopping);
  const service = await findService(options.dataDir);
  if (service) assertSameProvider(service, options);
  else progress.update('Starting Postgres…');
  let installation: Installation | undefined;
  try {
    installation = await openInstallation({
      dataDir: options.dataDir,
      database: source.database,
      databaseUrl: process.env.DATABASE_URL,
      owner: !service,
      signal: stopping,
      say: (line) => progress.line(line),
    });
    if (service) assertSameDatabase(service, installation);
    else await withdrawService(options.dataDir);
    progress.line(dataLine(source.data, installation));
    const opened = installation;
    const sql = await untilAborted(
      stopping,
      opened.overRestarts(async () => {
        const client = await prepareDatabase(opened, source, progress);
        await registerSource(client, source);
        return client;
      }),
    );
    // Not before the database is known to hold such data.
    if (options.choice) await rememberChoice(options.dataDir, options.choice);
    await untilAborted(
      stopping,
      installModel(opened, sql, { release, isSample: source.data === 'sample', reporter: progress }),
    );
    const start = secondsSince(began);
    const input = runInput(options, source);
    const run = service ? askService(service, input, progress) : runNoted(sql, input, progress);
    const { runId, seconds } = await untilAborted(stopping, run);
    const finished = { runId, seconds: { start, ...seconds }, total: secondsSince(began) };
    if (!service) await deliverOrSay(options, opened, progress, stopping);
    await printRun(sql, finished, { reporter: progress, notice: source.notice, json: options.json });
  } finally {
    if (!stopping.aborted) await closeDatabases();
    await installation?.close(stopping.aborted);
  }
}

/** Sends the messages that the run has written. If that fails, the run has succeeded nevertheless. */
async function deliverOrSay(
  { dataDir, messages, pageUrl }: OnceOptions,
  installation: Installation,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  try {
    await prepareMessages(dataDir, messages, pageUrl);
    await untilAborted(stopping, deliverMessages(installation, stopping));
  } catch (error) {
    if (stopping.aborted) throw error;
    progress.line(`Messages to users cannot be sent: ${describeError(error)}`);
  }
}

function askService(service: RunningService, input: PipelineInput, progress: Progress) {
  progress.line(`The service that runs on this data folder (process ${service.pid}) makes the run.`);
  return requestRun(service, input, progress);
}

/** The service fetches from the vendor of its own start, which the data folder remembers. */
function assertSameProvider({ pid }: RunningService, { dataDir, choice }: OnceOptions): void {
  const [own, wanted] = [readChoice(dataDir), choice].map((one) => one?.start?.provider.join());
  if (!own || !wanted || own === wanted) return;
  throw new BoursomaticError(
    'in_use',
    `the service that runs on this data folder (process ${pid}) uses ${own}, not ${wanted}: stop it first, or give another --data-dir`,
  );
}

function assertSameDatabase({ pid, database }: RunningService, installation: Installation): void {
  if (database === installation.database) return;
  throw new BoursomaticError(
    'in_use',
    `the service that runs on this data folder (process ${pid}) works on the database ${database}, not on ${installation.database}: stop it first, or give another --data-dir`,
  );
}
