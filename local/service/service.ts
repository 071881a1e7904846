import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { selectRunStarter } from '../../functions/api/admin/selected-run-starter.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { rememberChoice } from '../installation/chosen-data.ts';
import { dataLine } from '../installation/data-origin.ts';
import { assertRoom } from '../installation/disk-reserve.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareDatabase, registerSource } from '../installation/prepare-run.ts';
import { untilAborted } from '../installation/until-aborted.ts';
import { type Page, preparePage } from '../serving/page.ts';
import { describeReach, type Reach } from '../serving/reach.ts';
import { type Place, type Service, serve } from '../serving/serve.ts';
import { describeError } from '../terminal/exit.ts';
import type { Progress, Reporter } from '../terminal/progress.ts';
import { type AddingOptions, prepareAdding } from './adding.ts';
import { type Control, openControl } from './control.ts';
import { openInputs } from './inputs.ts';
import { installModel } from './install-model.ts';
import { runNoted } from './noted-run.ts';
import type { OnceOptions } from './run-once.ts';
import { RunQueue } from './run-queue.ts';
import { announceService } from './service-file.ts';
import { keepUpdated, type UpdateOptions } from './updates.ts';

/** The options of a service. */
export interface ServiceOptions extends OnceOptions, UpdateOptions {
  asOf?: string | undefined;
  place: Place & Reach;
  adding: AddingOptions;
}

/** What a running service has opened, to be closed in the end. */
interface Opened {
  gateway?: Service;
  control?: Control;
  withdraw?: () => Promise<void>;
  installation?: Installation;
}

/**
 * Serves the page and the API from what is stored, and runs the pipeline whenever a run is due, until the signal aborts.
 *
 * @throws BoursomaticError if the service cannot start: the folder or the port is in use, or the database does not start
 */
export async function runService(
  options: ServiceOptions,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  const opened: Opened = {};
  try {
    await startAndKeepUp(options, opened, progress, stopping);
  } catch (error) {
    if (!stopping.aborted) throw error;
    progress.line('Stopping…');
  } finally {
    await close(opened, stopping.aborted);
  }
}

async function startAndKeepUp(
  options: ServiceOptions,
  opened: Opened,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { source, release } = await openInputs(options, progress, stopping);
  const installation = await openInstallation({
    dataDir: options.dataDir,
    database: source.database,
    databaseUrl: process.env.DATABASE_URL,
    owner: true,
    whenLocked: async () => {
      opened.gateway = await serve(options.place, openPageOrWarn(progress, stopping));
      progress.update('Starting Postgres…');
    },
    signal: stopping,
    say: (line) => progress.line(line),
  });
  opened.installation = installation;
  progress.line(dataLine(source.data, installation));
  const preparing = installation.overRestarts(() => prepareDatabase(installation, source, progress));
  const sql = await untilAborted(stopping, preparing);
  // Not before the database is known to hold such data.
  if (options.choice) await orSay(progress, rememberChoice(options.dataDir, options.choice));
  const prepare = untilDone(() =>
    installation.overRestarts(async () => {
      await registerSource(sql, source);
      await installModel(installation, sql, {
        release,
        isSample: source.data === 'sample',
        reporter: progress,
      });
    }),
  );
  const queue = new RunQueue(
    async (runId, input, reporter) => {
      await assertRoom(options.dataDir);
      await prepare();
      return runNoted(sql, input, reporter, runId);
    },
    stepsOfFirstRun(progress, () => queue.ended),
  );
  selectRunStarter(queue);
  prepareAdding(source, options.adding);
  await orSay(progress, openControlOf(opened, queue, installation));
  const gateway = defined(opened.gateway, 'gateway');
  gateway.open();
  progress.line(`Page: ${gateway.url}/   API: ${gateway.url}/v1/docs   Press Ctrl-C to stop.`);
  for (const line of describeReach(options.place)) progress.line(line);
  const updated = {
    installation,
    source,
    sql,
    prepare,
    began,
    run: (input: PipelineInput) => queue.run(input),
    ended: () => queue.ended,
    reporter: progress,
  };
  // A run under way does not delay the stop.
  await untilAborted(stopping, keepUpdated(options, updated, stopping));
}

/** Opens the control, and announces it to other commands. */
async function openControlOf(opened: Opened, queue: RunQueue, installation: Installation): Promise<void> {
  const { dataDir, database } = installation;
  const api = defined(opened.gateway, 'gateway').url;
  const token = randomBytes(32).toString('base64url');
  opened.control = await openControl(queue, token);
  opened.withdraw = await announceService(dataDir, { url: opened.control.url, token, database, api });
}

/** Away from a terminal, shows only the steps of the first run, so that the log has a line for each later one. */
function stepsOfFirstRun(progress: Progress, ended: () => number): Reporter {
  return {
    update: (text) => {
      if (process.stderr.isTTY || ended() === 0) progress.update(text);
    },
    line: (text) => progress.line(text),
  };
}

/** Waits for an optional step, and prints why it failed. */
async function orSay(progress: Progress, step: Promise<void>): Promise<void> {
  await step.catch((error: unknown) => progress.line(describeError(error)));
}

/** Runs a step until it has succeeded once. */
function untilDone(step: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= step().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

/** The page; a page that cannot be built does not stop the API. */
async function openPageOrWarn(progress: Progress, stopping: AbortSignal): Promise<Page | undefined> {
  try {
    return await preparePage(progress, stopping);
  } catch (error) {
    if (!stopping.aborted) progress.line(`Serving the API without the page: ${describeError(error)}`);
    return undefined;
  }
}

/** Time that open requests have to end when the service is stopped. */
const REQUESTS_MS = 500;

/** Stops everything within three seconds: a run under way is broken off, and the next start closes it in the ledger. */
async function close(
  { gateway, control, withdraw, installation }: Opened,
  isStopped: boolean,
): Promise<void> {
  await Promise.race([gateway?.close(), wait(REQUESTS_MS)]).catch(() => {});
  await control?.close();
  await withdraw?.().catch(() => {});
  if (!isStopped) await closeDatabases();
  await installation?.close(isStopped);
}
