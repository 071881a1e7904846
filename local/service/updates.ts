import { selectUpdateState, type UpdateState } from '../../functions/api/core/update-state.ts';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { backupFolder, lastNightly, nightlyBackup } from '../backup/nightly.ts';
import { assertRoom } from '../installation/disk-reserve.ts';
import type { Installation } from '../installation/installation.ts';
import type { Source } from '../installation/source.ts';
import type { PipelineOutcome } from '../pipeline/run-pipeline.ts';
import { type FinishedRun, printRun, printRunLine } from '../reports/finished-run.ts';
import { followedMarkets } from '../schedule/followed-markets.ts';
import { readLastRuns, readRecentDaily } from '../schedule/last-runs.ts';
import type { ScheduleOptions } from '../schedule/schedule.ts';
import { describeError } from '../terminal/exit.ts';
import type { Reporter } from '../terminal/progress.ts';
import { readLastRetraining } from '../training/last-retraining.ts';
import { retrainApart } from '../training/retrain-apart.ts';
import { hasRun, readFailingSince } from './past-runs.ts';
import { type RunOptions, runInput } from './run-input.ts';
import { type FirstRun, keepUp, type Past } from './upkeep.ts';

/** How an installation is kept up to date. */
export interface UpdateOptions extends RunOptions {
  /** The day that the command line names; its run is made at the start. */
  asOf?: string | undefined;
  /** What runs when. A source with a fixed as-of has no daily runs. */
  schedule: ScheduleOptions;
  /** Whether a run is made at the start, due or not. */
  isRunWanted: boolean;
  /** End the report of the first run with one JSON object. */
  json: boolean;
}

/** The parts of a service that updates need. */
export interface Updated {
  installation: Installation;
  source: Source;
  /** A client of the pipeline's role. */
  sql: Sql;
  /** Makes a run, after those before it. */
  run: (input: PipelineInput) => Promise<PipelineOutcome>;
  /** How many runs have ended. */
  ended: () => number;
  /** Registers the source and installs the model; does nothing once it has succeeded. */
  prepare: () => Promise<void>;
  reporter: Reporter;
  /** When the program began, by `performance.now()`. */
  began: number;
}

/** Makes every run and backup that is due, until the signal aborts. */
export async function keepUpdated(
  options: UpdateOptions,
  updated: Updated,
  stopping: AbortSignal,
): Promise<void> {
  const { installation, source, reporter } = updated;
  const run = reportingRuns(options, updated);
  let state: UpdateState | null = null;
  selectUpdateState(() => state);
  await keepUp({
    schedule: scheduleFor(source, options.schedule),
    first: firstRun(options, updated, run),
    readPast: pastReader(updated),
    perform: {
      run,
      backup: async () => {
        await assertRoom(installation.dataDir);
        const { file, size } = await nightlyBackup(installation);
        reporter.line(`Backed up the database: ${file} (${(size / 1e6).toFixed(1)} MB).`);
      },
      retrain: async () => {
        reporter.line('Retraining on the stored bars…');
        reporter.line(await retrainApart(['--data-dir', installation.dataDir], stopping));
      },
    },
    say: (line) => reporter.line(line),
    publish: (changed) => {
      state = changed;
    },
    signal: stopping,
    revision: updated.ended,
  });
}

/** Makes runs, and prints the recommendations of the first one and a line for each later one. */
function reportingRuns(
  { json }: UpdateOptions,
  { sql, run, source, reporter, began }: Updated,
): (input: PipelineInput) => Promise<void> {
  let isFirst = true;
  const print = (finished: FinishedRun) =>
    isFirst
      ? printRun(sql, finished, { reporter, notice: source.notice, json })
      : printRunLine(sql, finished, reporter);
  return async (input) => {
    const from = isFirst ? began : performance.now();
    const start = secondsSince(from);
    const { runId, seconds } = await run(input);
    // A failed report does not fail the run.
    await print({ runId, seconds: { start, ...seconds }, total: secondsSince(from) }).catch(
      (error: unknown) =>
        reporter.line(`Run ${runId} finished, but its report failed: ${describeError(error)}`),
    );
    isFirst = false;
  };
}

/** Bars with a fixed last day never change, so that one run is enough. The sample needs no backups. */
function scheduleFor({ asOf, data }: Source, schedule: ScheduleOptions): ScheduleOptions {
  const backup = schedule.backup && data !== 'sample';
  return asOf ? { ...schedule, backup, daily: 'off', intraday: false, retraining: false } : schedule;
}

function pastReader({ installation, sql, prepare, reporter }: Updated): () => Promise<Past> {
  const said = new Set<string>();
  const sayUnknown = (symbols: readonly string[]) => {
    const added = symbols.filter((symbol) => !said.has(symbol));
    if (added.length === 0) return;
    for (const symbol of added) said.add(symbol);
    reporter.line(`The exchange of ${added.join(', ')} is unknown: runs follow the hours of New York.`);
  };
  return async () => {
    await prepare();
    const { markets, unknown } = await followedMarkets(sql);
    sayUnknown(unknown);
    const last = await readLastRuns(sql);
    const failingSince = await readFailingSince(sql, last.lastDaily);
    const lastBackup = await lastNightly(backupFolder(installation.dataDir), installation.database);
    const recentDaily = await readRecentDaily(sql);
    const lastRetraining = (await readLastRetraining(installation))?.startedAt;
    return { ...last, recentDaily, failingSince, lastBackup, lastRetraining, markets };
  };
}

/** The run that this start requires, whatever the schedule says. */
function firstRun(
  options: UpdateOptions,
  { source, sql, reporter }: Updated,
  run: (input: PipelineInput) => Promise<void>,
): FirstRun | undefined {
  const { mode, replay, symbols, isRunWanted, asOf } = options;
  const input = runInput(options, source);
  if (isRunWanted || mode || replay || asOf || symbols) {
    const isPlain = !mode && !replay && !source.asOf;
    return { reason: 'required by the options', isCoveredByDaily: isPlain, perform: () => run(input) };
  }
  const { changedAt } = source;
  if (!changedAt) return undefined;
  const perform = async () => {
    if (!(await hasRun(sql, input, changedAt))) return run(input);
    reporter.line('The bars have not changed since the last run.');
  };
  return { reason: 'the bars have changed', isCoveredByDaily: false, perform };
}

/** Seconds since an instant of `performance.now()`, to the millisecond. */
export function secondsSince(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}
