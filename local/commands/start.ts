import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../../functions/shared/database.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { rememberChoice } from '../installation/chosen-data.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { adoptRelease, openRelease, releaseFolder } from '../installation/release-folder.ts';
import { storeSampleUniverses } from '../installation/sample-universes.ts';
import { openSource, type Source } from '../installation/source.ts';
import { stopSignal } from '../installation/stop-signal.ts';
import { untilAborted } from '../installation/until-aborted.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { allowanceNotice } from '../reports/allowance-notice.ts';
import { recommendationsReport } from '../reports/recommendations-report.ts';
import { readRunReport, runLine } from '../reports/run-report.ts';
import { type Page, preparePage } from '../serving/page.ts';
import { describeReach, type Reach } from '../serving/reach.ts';
import { type Service, serve } from '../serving/serve.ts';
import { describeError, exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { choiceOfStart, HELP, type Options, parseOptions } from './start-options.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  process.env.LOG_LEVEL ??= 'warn';
  const { host, 'public-url': publicUrls, 'trust-proxy': proxies } = options;
  const reach: Reach = { host, publicUrls, proxies };
  const began = performance.now();
  const progress = new Progress();
  const stopping = stopSignal();
  let service: Service | undefined;
  let installation: Installation | undefined;
  try {
    const choice = { ...options, asOf: options['as-of'], dateFormat: options['date-format'] };
    const source = await untilAborted(stopping, openSource(choice));
    for (const line of source.report) progress.line(line);
    const release = releaseFolder(options.model);
    await untilAborted(stopping, openRelease(release));
    // Take the port before the run, so that a port in use does not waste the wait.
    if (!options.once)
      service = await serve({ port: options.port, ...reach }, await openPageOrWarn(progress, stopping));
    stopping.throwIfAborted();
    progress.update('Starting Postgres…');
    installation = await openInstallation({
      dataDir: resolve(options['data-dir']),
      database: source.database,
      databaseUrl: process.env.DATABASE_URL,
      owner: true,
      signal: stopping,
      say: (line) => progress.line(line),
    });
    const remembered = choiceOfStart(options);
    if (remembered) await rememberChoice(resolve(options['data-dir']), remembered);
    const { overRestarts } = installation;
    const preparing = overRestarts(() => prepareRun(defined(installation, 'installation'), source, progress));
    const sql = await untilAborted(stopping, preparing);
    const run = async () => {
      const adopting = adoptRelease(defined(installation, 'installation'), release);
      const outcome = await untilAborted(stopping, adopting);
      if (outcome) progress.line(outcome);
      if (source.isSample) await untilAborted(stopping, storeSampleUniverses(sql));
      await runAndReport(options, source, sql, { began, progress, stopping });
    };
    if (!service) await run();
    else {
      await run().catch((error) => reportFailedRun(error, progress, stopping));
      await serveUntilStopped(service, reach, progress, stopping);
    }
  } finally {
    if (stopping.aborted) await closeQuickly(service, installation);
    else {
      await service?.close();
      await closeDatabases();
      await installation?.close();
    }
  }
}

/** A failed run does not keep the service from serving what earlier runs published. */
function reportFailedRun(error: unknown, progress: Progress, stopping: AbortSignal): void {
  if (stopping.aborted) throw error;
  progress.line(`The run failed: ${describeError(error)}`);
  progress.line('Serving the recommendations of earlier runs.');
}

/** Time that open requests have to end when the service is stopped. */
const REQUESTS_MS = 500;

/** Stops everything within three seconds: a run under way is broken off, and the next run closes it in the ledger. */
async function closeQuickly(service?: Service, installation?: Installation): Promise<void> {
  await Promise.race([service?.close(), wait(REQUESTS_MS)]).catch(() => {});
  await installation?.close(true);
}

/** The page; a page that cannot be built does not stop the API. */
async function openPageOrWarn(progress: Progress, stopping: AbortSignal): Promise<Page | undefined> {
  try {
    return await preparePage(progress, stopping);
  } catch (error) {
    stopping.throwIfAborted();
    progress.line(`Serving the API without the page: ${describeError(error)}`);
    return undefined;
  }
}

async function runAndReport(
  options: Options,
  source: Source,
  sql: Sql,
  { began, progress, stopping }: { began: number; progress: Progress; stopping: AbortSignal },
): Promise<void> {
  const ready = secondsSince(began);
  const input = pipelineInput(options, source);
  const notice = await allowanceNotice(sql, process.env, input);
  if (notice) progress.line(notice);
  const run = runPipeline(input, progress);
  const { runId, seconds } = await untilAborted(stopping, run);
  const report = await readRunReport(sql, runId);
  const { asOf, status, counts, written, modelVersion } = report;
  const total = secondsSince(began);
  progress.line(runLine(report, total));
  if (modelVersion) {
    process.stdout.write(`\nRecommendations as of ${asOf}, model ${modelVersion}\n`);
    process.stdout.write(`${await recommendationsReport(sql, runId, asOf)}\n\n`);
  } else {
    process.stdout.write('This run updated data only. A run in daily mode publishes recommendations.\n');
  }
  if (source.notice) process.stdout.write(`${source.notice}\n`);
  process.stdout.write(
    'This is information, not investment advice. Any call can be wrong, and you can lose all you invest.\n',
  );
  if (!options.json) return;
  const json = {
    runId,
    asOf,
    status,
    notice: source.notice ?? null,
    counts,
    written,
    seconds: { start: ready, ...seconds, total },
    modelVersion: modelVersion ?? null,
  };
  process.stdout.write(`${JSON.stringify(json)}\n`);
}

/** Seconds since an instant of `performance.now()`, to the millisecond. */
function secondsSince(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}

function pipelineInput({ replay, mode, symbols }: Options, { asOf }: Source): PipelineInput {
  const chosen = replay ? { replay } : { mode, ...(asOf && { to: asOf }) };
  return { ...chosen, ...(symbols && { symbols }) };
}

async function serveUntilStopped(
  service: Service,
  reach: Reach,
  progress: Progress,
  stopping: AbortSignal,
): Promise<void> {
  progress.line(`Page: ${service.url}/   API: ${service.url}/v1/docs   Press Ctrl-C to stop.`);
  for (const line of describeReach(reach)) progress.line(line);
  service.open();
  if (!stopping.aborted) await once(stopping, 'abort');
  progress.line('Stopping…');
}

await exitOnError(main);
// Work that was broken off, such as a run, must not keep the process alive. Its output is written first.
process.stdout.write('', () => process.exit());
