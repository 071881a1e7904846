import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { evaluateModel } from '../../functions/evaluate/evaluate-model.ts';
import { labelRule } from '../../functions/evaluate/labels.ts';
import { columnsOf } from '../../functions/evaluate/rows.ts';
import { evaluationText } from '../../functions/evaluate/text.ts';
import { FEATURES } from '../../functions/features/definitions.ts';
import { readRelease } from '../../functions/infer/manifest.ts';
import { Model } from '../../functions/infer/model.ts';
import { assertInputs } from '../../functions/infer/versions.ts';
import { openProvider } from '../../functions/ingest/providers/open.ts';
import { hasListings } from '../../functions/ingest/providers/provider.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { Day } from '../../functions/shared/contracts.ts';
import {
  closeDatabases,
  connect,
  database,
  reachingDatabase,
  type Sql,
} from '../../functions/shared/database.ts';
import { toDay } from '../../functions/shared/days.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { openObjects } from '../../functions/shared/objects.ts';
import { type Installation, openInstallation } from '../installation/installation.ts';
import { PostgresCluster } from '../installation/postgres-server.ts';
import { prepare } from '../installation/prepare.ts';
import { BUNDLED_RELEASE } from '../installation/release.ts';
import { openSource, type Source } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { checkOptions, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run evaluate -- --bars FILE [options]

Says what a model was worth on some bars: loads them into a scratch database, computes features with the
pipeline's own code, scores every day as inference would, and compares with what came after.

  --bars FILE       symbol,date,open,high,low,close,volume, adjusted, plain or gzip
  --from DATE       first day to measure (YYYY-MM-DD; default: the first with all inputs)
  --to DATE         last day to measure; later bars only tell what came of it
  --model DIR       release to measure (default models)
  --json            end stdout with one JSON object
  --data-dir DIR    keep the database there, and use it again for the same bars (default: a temporary folder)
  --help            this text
`;

const Options = z.object({
  help: z.boolean().default(false),
  json: z.boolean().default(false),
  bars: z.string().min(1, 'is empty').optional(),
  from: Day.optional(),
  to: Day.optional(),
  model: z.string().min(1, 'is empty').optional(),
  'data-dir': z.string().min(1, 'is empty').optional(),
});
type Options = z.output<typeof Options> & { bars: string };

/** Reads the command line; undefined where only help is asked for. */
function readOptions(args: string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const known = { help: { ...flag, short: 'h' }, json: flag, bars: text, from: text, to: text } as const;
  const { values } = readCommandLine({ args, options: { ...known, model: text, 'data-dir': text } });
  const options = checkOptions(Options, values);
  if (options.help) return undefined;
  if (!options.bars) throw new BadInputError('evaluate needs --bars FILE');
  if (options.from && options.to && options.from > options.to)
    throw new BadInputError(`--from: ${options.from} is later than --to ${options.to}`);
  return { ...options, bars: options.bars };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(HELP);
  process.env.LOG_LEVEL ??= 'warn';
  const began = performance.now();
  const progress = new Progress();
  const folder = options.model ? pathToFileURL(`${resolve(options.model)}/`) : BUNDLED_RELEASE;
  const model = await Model.load(await readRelease(openObjects(folder.href), '.'));
  labelRule(model.manifest);
  const source = await openSource({ provider: ['csv'], bars: options.bars });
  if (options.from && source.asOf && options.from > source.asOf)
    throw new BadInputError(`--from: ${options.from} is later than the last of the bars, ${source.asOf}`);
  const { result, seconds } = await inScratch(options, (scratch) =>
    measure(scratch, { options, source, model, progress }),
  );
  process.stdout.write(`${evaluationText(result)}\n`);
  const total = Math.round(performance.now() - began) / 1000;
  progress.line(`${result.rows} rows in ${total.toFixed(1)} s`);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ ...result, seconds: { ...seconds, total } })}\n`);
}

/** Named by what is in it: bars or features that changed must not meet those of before. */
async function scratchName(bars: string): Promise<string> {
  const content = createHash('sha256').update(JSON.stringify(FEATURES));
  content.update(await readFile(bars));
  return `boursomatic_evaluate_${content.digest('hex').slice(0, 16)}`;
}

/** Works in a database of the bars' own, which is gone afterwards unless a folder was given to keep it. */
async function inScratch<T>(options: Options, work: (scratch: Installation) => Promise<T>): Promise<T> {
  const database = await scratchName(options.bars);
  const kept = options['data-dir'];
  let isStopped = false;
  const stopped = new Promise<never>((_, fail) => {
    const stop = () => fail(new BoursomaticError('stopped', 'stopped before the end'));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
  stopped.catch(() => {
    isStopped = true;
    // The driver throws where nobody can catch it when its server goes away in the middle of a COPY.
    process.on('uncaughtException', () => {});
  });
  const dataDir = kept ? resolve(kept) : await mkdtemp(join(tmpdir(), 'boursomatic-evaluate-'));
  try {
    const installation = await openInstallation({ dataDir, database, owner: true });
    try {
      return await Promise.race([work(installation), stopped]);
    } finally {
      await closeDatabases();
      await installation.close();
    }
  } finally {
    if (!kept) {
      await new PostgresCluster(join(dataDir, 'postgres'), '').remove();
      await rm(dataDir, { recursive: true, force: true });
    }
    // Work that was stopped would go on looking for its database.
    if (isStopped) setImmediate(() => process.exit());
  }
}

type Job = { options: Options; source: Source; model: Model; progress: Progress };

/** Fills the database where it is new, then scores and measures. */
async function measure(installation: Installation, { options, source, model, progress }: Job) {
  const sql = await prepare(installation, source, progress);
  await assertInputs(sql, { version: model.manifest.version, features: columnsOf(model.manifest) });
  const loading = await loadBars(sql, options, source, progress);
  await analyse(installation);
  const began = performance.now();
  const reader = await database(installation.secretUrl(DATABASE_ROLES.training));
  const result = await reachingDatabase(() =>
    evaluateModel(reader, model, options, ({ done, rows }) =>
      progress.update(`Scoring: ${(done * 100).toFixed(0)} %, ${rows} rows`),
    ),
  );
  const score = Math.round(performance.now() - began) / 1000;
  return { result, seconds: { ...loading, score } };
}

/** Loads bars and features by a backfill, which stops before inference; a database that was kept has them. */
async function loadBars(sql: Sql, { bars }: Options, { asOf = '' }: Source, progress: Progress) {
  const [loaded] = await sql`SELECT 1 FROM pipeline_runs WHERE mode = 'backfill' AND status = 'succeeded'`;
  if (loaded) return {};
  const from = await firstDay(resolve(bars), asOf);
  const { runId, seconds } = await runPipeline({ mode: 'backfill', from, to: asOf }, progress);
  const failures = await sql<{ symbol: string; message: string }[]>`
    SELECT DISTINCT ON (symbol) symbol, message FROM pipeline_failures WHERE run_id = ${runId} ORDER BY symbol`;
  for (const { symbol, message } of failures) progress.line(`Left out: ${symbol} (${message})`);
  return seconds;
}

/** The first day of the file: left to itself, a backfill goes back a few years only. */
async function firstDay(barsFile: string, asOf: string): Promise<string> {
  const provider = await openProvider({ PROVIDER: 'csv', BARS_FILE: barsFile });
  let first = Date.parse(asOf);
  for (const { symbol } of hasListings(provider) ? provider.listings() : []) {
    // Before 1900 the store has no partitions.
    const request = { symbol, interval: 'daily', from: '1900-01-01', to: asOf } as const;
    const { bars } = await provider.fetchBars(request).catch(() => ({ bars: [] }));
    const [bar] = bars;
    if (bar) first = Math.min(first, bar.ts);
  }
  return toDay(first);
}

/** Fresh tables have no statistics yet, and a plan made without them takes many times as long. */
async function analyse(installation: Installation): Promise<void> {
  const owner = connect(installation.login(DATABASE_ROLES.migrator));
  try {
    await owner`ANALYZE price_bars, features, instruments`;
  } finally {
    await owner.end();
  }
}

await exitOnError(main);
