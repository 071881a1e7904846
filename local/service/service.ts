import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { selectRunStarter } from '../../functions/api/admin/selected-run-starter.ts';
import { selectUpdateState, type UpdateState } from '../../functions/api/core/update-state.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { backupFolder, lastNightly, nightlyBackup } from '../backup/nightly.ts';
import { rememberChoice } from '../installation/chosen-data.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareDatabase, registerSource } from '../installation/prepare-run.ts';
import { openRelease, releaseFolder } from '../installation/release-folder.ts';
import { openSource, type Source } from '../installation/source.ts';
import { untilAborted } from '../installation/until-aborted.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { allowanceNotice } from '../reports/allowance-notice.ts';
import { printRun, printRunLine } from '../reports/finished-run.ts';
import { followedMarkets } from '../schedule/followed-markets.ts';
import { readLastRuns } from '../schedule/last-runs.ts';
import type { ScheduleOptions } from '../schedule/schedule.ts';
import { type Page, preparePage } from '../serving/page.ts';
import { describeReach, type Reach } from '../serving/reach.ts';
import { type Place, type Service, serve } from '../serving/serve.ts';
import { describeError } from '../terminal/exit.ts';
import type { Progress } from '../terminal/progress.ts';
import { type Control, openControl } from './control.ts';
import { installModel } from './install-model.ts';
import { hasRun, readFailingSince } from './past-runs.ts';
import { runInput } from './run-input.ts';
import { type OnceOptions, secondsSince } from './run-once.ts';
import { RunQueue } from './run-queue.ts';
import { announceService } from './service-file.ts';
import { type FirstRun, keepUp } from './upkeep.ts';

/** The options of a service. */
export interface ServiceOptions extends OnceOptions {
  place: Place & Reach;
  /** What runs when. A source with a fixed as-of has no daily runs. */
  schedule: ScheduleOptions;
  /** Whether a run is made at the start, due or not. */
  isRunWanted: boolean;
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
  const source = await untilAborted(stopping, openSource(options));
  for (const line of source.report) progress.line(line);
  const release = releaseFolder(options.model);
  await untilAborted(stopping, openRelease(release));
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
  if (options.choice) await rememberChoice(options.dataDir, options.choice);
  const preparing = installation.overRestarts(() => prepareDatabase(installation, source, progress));
  const sql = await untilAborted(stopping, preparing);
  const prepare = untilDone(() =>
    installation.overRestarts(async () => {
      await registerSource(sql, source);
      await installModel(installation, sql, { release, isSample: source.isSample, reporter: progress });
    }),
  );
  const queue = new RunQueue(async (runId, input, reporter) => {
    await prepare();
    const notice = await allowanceNotice(sql, process.env, input);
    if (notice) reporter.line(notice);
    return runPipeline(input, reporter, runId);
  }, progress);
  selectRunStarter(queue);
  await openControlOf(opened, { queue, dataDir: options.dataDir, installation });
  const gateway = defined(opened.gateway, 'gateway');
  gateway.open();
  progress.line(`Page: ${gateway.url}/   API: ${gateway.url}/v1/docs   Press Ctrl-C to stop.`);
  for (const line of describeReach(options.place)) progress.line(line);
  // A run under way does not delay the stop.
  await untilAborted(
    stopping,
    keepUpdated({ options, installation, source, sql, queue, prepare, began, progress, stopping }),
  );
}

/** Opens the control, and announces it to other commands. */
async function openControlOf(
  opened: Opened,
  { queue, dataDir, installation }: { queue: RunQueue; dataDir: string; installation: Installation },
): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  opened.control = await openControl(queue, token);
  const database = installation.database;
  opened.withdraw = await announceService(dataDir, { url: opened.control.url, token, database });
}

interface Running {
  options: ServiceOptions;
  installation: Installation;
  source: Source;
  sql: Sql;
  queue: RunQueue;
  /** Registers the source and installs the model; does nothing once it has succeeded. */
  prepare: () => Promise<void>;
  began: number;
  progress: Progress;
  stopping: AbortSignal;
}

async function keepUpdated(running: Running): Promise<void> {
  const { options, installation, source, sql, queue, prepare, began, progress, stopping } = running;
  let hasPrinted = false;
  const run = async (input: PipelineInput) => {
    const start = hasPrinted ? performance.now() : began;
    const ready = secondsSince(start);
    const { runId, seconds } = await queue.run(input);
    const finished = { runId, seconds: { start: ready, ...seconds }, total: secondsSince(start) };
    if (hasPrinted) return printRunLine(sql, finished, progress);
    hasPrinted = true;
    await printRun(sql, finished, { reporter: progress, notice: source.notice, json: options.json });
  };
  let state: UpdateState | null = null;
  selectUpdateState(() => state);
  const unknown = new Set<string>();
  await keepUp({
    schedule: scheduleFor(source, options.schedule),
    first: firstRun(running, run),
    readPast: async (now) => {
      await prepare();
      const followed = await followedMarkets(sql);
      sayUnknown(followed.unknown, unknown, progress);
      const last = await readLastRuns(sql, now);
      const failingSince = await readFailingSince(sql, last.lastDaily);
      const lastBackup = await lastNightly(backupFolder(installation.dataDir), installation.database);
      return { ...last, failingSince, lastBackup, markets: followed.markets };
    },
    perform: {
      run,
      backup: () => backUp(installation, progress),
      retrain: async () => {},
    },
    say: (line) => progress.line(line),
    publish: (changed) => {
      state = changed;
    },
    signal: stopping,
    revision: () => queue.ended,
  });
}

/** Bars with a fixed last day never change, so that one run is enough. The sample needs no backups. */
function scheduleFor({ asOf, isSample }: Source, schedule: ScheduleOptions): ScheduleOptions {
  const backup = schedule.backup && !isSample;
  return asOf ? { ...schedule, backup, daily: 'off', intraday: false, retraining: false } : schedule;
}

async function backUp(installation: Installation, progress: Progress): Promise<void> {
  const { file, size } = await nightlyBackup(installation);
  progress.line(`Backed up the database: ${file} (${(size / 1e6).toFixed(1)} MB).`);
}

/** The run that this start requires, whatever the schedule says. */
function firstRun(
  { options, source, sql, progress }: Running,
  run: (input: PipelineInput) => Promise<void>,
): FirstRun | undefined {
  const { mode, replay, symbols, isRunWanted } = options;
  const input = runInput(options, source);
  const isChosen = isRunWanted || mode !== undefined || replay !== undefined || options.asOf !== undefined;
  if (isChosen || symbols) {
    const isPlain = !mode && !replay && !source.asOf;
    return { reason: 'required by the options', isCoveredByDaily: isPlain, perform: () => run(input) };
  }
  const { changedAt } = source;
  if (!changedAt) return undefined;
  const perform = async () => {
    if (!(await hasRun(sql, input, changedAt))) return run(input);
    progress.line('The bars have not changed since the last run.');
  };
  return { reason: 'the bars have changed', isCoveredByDaily: false, perform };
}

function sayUnknown(symbols: readonly string[], said: Set<string>, progress: Progress): void {
  const added = symbols.filter((symbol) => !said.has(symbol));
  if (added.length === 0) return;
  for (const symbol of added) said.add(symbol);
  progress.line(`The exchange of ${added.join(', ')} is unknown: runs follow the hours of New York.`);
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
  await withdraw?.();
  if (!isStopped) await closeDatabases();
  await installation?.close(isStopped);
}
