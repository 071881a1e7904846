import { resolve } from 'node:path';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { installRelease, openRelease, releaseFolder } from '../installation/release-folder.ts';
import { openSource, type Source } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { recommendationsReport } from '../reports/recommendations-report.ts';
import { readRunReport, runLine } from '../reports/run-report.ts';
import { type Page, preparePage } from '../serving/page.ts';
import { type Service, serve } from '../serving/serve.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { HELP, type Options, parseOptions } from './start-options.ts';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  process.env.LOG_LEVEL ??= 'warn';
  const began = performance.now();
  const progress = new Progress();
  const source = await openSource({ ...options, asOf: options['as-of'] });
  const release = releaseFolder(options.model);
  await openRelease(release);
  // Take the port before the run, so that a port in use does not waste the wait.
  const service = options.once ? undefined : await serve(options.port, await openPageOrWarn(progress));
  const closing = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => closing.abort(signal));
  let installation: Installation | undefined;
  try {
    progress.update('Starting Postgres…');
    installation = await openInstallation({
      dataDir: resolve(options['data-dir']),
      database: source.database,
      databaseUrl: process.env.DATABASE_URL,
      owner: true,
    });
    const sql = await prepareRun(installation, source, progress);
    await installRelease(installation, release);
    await runAndReport(options, source, sql, { began, progress, closing: closing.signal });
    if (service) await serveUntilStopped(service, progress, closing.signal);
  } finally {
    await service?.close();
    await closeDatabases();
    await installation?.close();
  }
}

/** The page; a page that cannot be built does not stop the API. */
async function openPageOrWarn(progress: Progress): Promise<Page | undefined> {
  try {
    return await preparePage(progress);
  } catch (error) {
    progress.line(`Serving the API without the page: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function runAndReport(
  options: Options,
  source: Source,
  sql: Sql,
  { began, progress, closing }: { began: number; progress: Progress; closing: AbortSignal },
): Promise<void> {
  const ready = secondsSince(began);
  const run = runPipeline(pipelineInput(options, source), progress);
  const { runId, seconds } = await untilStopped(run, closing);
  const report = await readRunReport(sql, runId);
  const { asOf, counts, written, modelVersion } = report;
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

async function serveUntilStopped(service: Service, progress: Progress, closing: AbortSignal): Promise<void> {
  progress.line(`Page: ${service.url}/   API: ${service.url}/v1/docs   Press Ctrl-C to stop.`);
  service.open();
  if (!closing.aborted) await new Promise((done) => closing.addEventListener('abort', done, { once: true }));
  progress.line('Stopping…');
}

/** Waits for the work, or throws when the signal aborts. */
function untilStopped<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    work.then(done, fail);
    const stop = () =>
      fail(new BoursomaticError('stopped', 'stopped before the run ended; start again to continue'));
    closing.addEventListener('abort', stop, { once: true });
  });
}

await exitOnError(main);
