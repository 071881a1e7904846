import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PipelineInput } from '../../functions/shared/contracts.ts';
import { closeDatabases, type Sql } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { prepare } from '../installation/prepare.ts';
import { BUNDLED_RELEASE, checkRelease, installRelease } from '../installation/release.ts';
import { openSource, type Source } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { openPage, type Page } from '../serving/page.ts';
import { buildPage, isPageOutdated, PAGE_FOLDER } from '../serving/page-build.ts';
import { type Service, serve } from '../serving/serve.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { printRecommendations, readReport } from './report.ts';
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
  const release = options.model ? pathToFileURL(`${resolve(options.model)}/`) : BUNDLED_RELEASE;
  await checkRelease(release);
  // The port is taken before the work starts: finding it in use afterwards would waste the wait.
  const service = options.once ? undefined : await serve(options.port, await preparePage(progress));
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
    const sql = await prepare(installation, source, progress);
    await installRelease(installation, release);
    await runAndReport(options, source, sql, { began, progress, closing: closing.signal });
    if (service) await serveUntilStopped(service, progress, closing.signal);
  } finally {
    await service?.close();
    await closeDatabases();
    await installation?.close();
  }
}

/** The page, built where it is missing or outdated. What cannot be built does not keep the API from being served. */
async function preparePage(progress: Progress): Promise<Page | undefined> {
  try {
    if (await isPageOutdated()) {
      progress.update('Building the page…');
      await buildPage();
    }
    return await openPage(PAGE_FOLDER);
  } catch (error) {
    progress.line(`No page, only the API: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function runAndReport(
  options: Options,
  source: Source,
  sql: Sql,
  context: { began: number; progress: Progress; closing: AbortSignal },
): Promise<void> {
  const { progress } = context;
  if (source.notice) progress.line(source.notice);
  const ready = (performance.now() - context.began) / 1000;
  const run = runPipeline(pipelineInput(options, source), progress);
  const { runId, seconds } = await untilStopped(run, context.closing);
  const report = await readReport(sql, runId);
  const { counts, written } = report;
  const total = (performance.now() - context.began) / 1000;
  progress.line(
    `Run ${runId}: ${counts.instruments} instruments, ${counts.bars} bars (${written.bars} written), ` +
      `${counts.features} features (${written.features} written), ${counts.recommendations} recommendations ` +
      `(${written.recommendations} written), ${counts.failures} failures in ${total.toFixed(1)} s`,
  );
  if (report.modelVersion) {
    process.stdout.write(`\nRecommendations as of ${report.asOf}, model ${report.modelVersion}\n`);
    process.stdout.write(`${await printRecommendations(sql, runId, report.asOf)}\n\n`);
  } else
    process.stdout.write('This run brought the data up to date; recommendations come with a daily one.\n');
  if (source.notice) process.stdout.write(`${source.notice}\n`);
  process.stdout.write('Information, not advice: every call can be wrong, and a loss can be total.\n');
  if (!options.json) return;
  const round = (value: number) => Math.round(value * 1000) / 1000;
  const json = {
    runId,
    asOf: report.asOf,
    notice: source.notice ?? null,
    counts,
    written,
    seconds: { start: round(ready), ...seconds, total: round(total) },
    modelVersion: report.modelVersion,
  };
  process.stdout.write(`${JSON.stringify(json)}\n`);
}

function pipelineInput({ replay, mode, symbols }: Options, { asOf }: Source): PipelineInput {
  const chosen = replay ? { replay } : { mode, ...(asOf && { to: asOf }) };
  return { ...chosen, ...(symbols && { symbols }) };
}

async function serveUntilStopped(service: Service, progress: Progress, closing: AbortSignal): Promise<void> {
  progress.line(`Page: ${service.url}/   API: ${service.url}/v1/docs   (Ctrl-C stops everything)`);
  service.open();
  if (!closing.aborted) await new Promise((done) => closing.addEventListener('abort', done, { once: true }));
  progress.line('Stopping…');
}

/** Waits for work, or for the signal that ends it. */
function untilStopped<T>(work: Promise<T>, closing: AbortSignal): Promise<T> {
  return new Promise((done, fail) => {
    work.then(done, fail);
    closing.addEventListener(
      'abort',
      () => fail(new BoursomaticError('stopped', 'stopped before the run ended; start again to go on')),
      { once: true },
    );
  });
}

await exitOnError(main);
