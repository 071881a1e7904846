import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type EvaluationResult, evaluateMembers } from '../../functions/evaluate/evaluate-members.ts';
import { neutralRule } from '../../functions/evaluate/labels.ts';
import { columnsOfInputs } from '../../functions/evaluate/member-days.ts';
import { type Membership, parseMembership } from '../../functions/evaluate/membership.ts';
import { columnsOfRule } from '../../functions/evaluate/outcomes.ts';
import { ScoresFile } from '../../functions/evaluate/scores-file.ts';
import { evaluationText } from '../../functions/evaluate/text.ts';
import { FEATURES } from '../../functions/features/definitions.ts';
import { dataToOf } from '../../functions/infer/data-age.ts';
import { DayScores } from '../../functions/infer/day-scores.ts';
import { Model } from '../../functions/infer/model.ts';
import { assertInputs } from '../../functions/infer/versions.ts';
import { DATE_FORMATS } from '../../functions/ingest/bars-file/days.ts';
import { storedBytes } from '../../functions/ingest/bars-file/sources.ts';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { CurrencyCode } from '../../functions/shared/currencies.ts';
import { closeDatabases, database, reachingDatabase, type Sql } from '../../functions/shared/database.ts';
import { BadInputError, BoursomaticError } from '../../functions/shared/errors.ts';
import { Day } from '../../functions/shared/fields.ts';
import { defined } from '../../functions/shared/invariant.ts';
import { type Installation, openInstallation, withLogin } from '../installation/installation.ts';
import { prepareRun } from '../installation/prepare-run.ts';
import { openRelease, releaseFolder } from '../installation/release-folder.ts';
import { openScratchInstallation } from '../installation/scratch-installation.ts';
import { openSource, type Source } from '../installation/source.ts';
import { firstBarDay } from '../pipeline/first-bar-day.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { checkOptions, HELP_OPTION, readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { counted } from '../terminal/paragraph.ts';
import { Progress } from '../terminal/progress.ts';
import { DEFAULT_CURRENCY } from '../training/training-options.ts';

const HELP = `Usage: npm run evaluate -- --bars FILE [options]

Measures a model on any bars: loads them into a scratch database, computes features with the pipeline's own
functions, scores every day as inference does, and compares the scores with the returns that followed. A day can be
measured if 30 instruments have a year of returns before its month.

  --bars FILE       daily bars: a CSV or Parquet file, a folder or a zip (docs/providers.md, "Your own file")
  --date-format F   order of dates such as 03/04/2015: ${DATE_FORMATS.join(', ')} (default: as the dates show)
  --currency C      currency of prices for which the file names none (default: USD)
  --membership FILE CSV file of each month's members: month,symbol,rank. Symbols of rank 1 to 1,000 are members
                    (default: every instrument, always)
  --scores OUT      also write date,symbol,score,p_sell,p_hold,p_buy of every row that the model can score, as gzipped
                    CSV; OUT must not exist
  --from DATE       first day to measure, YYYY-MM-DD (default: the first day with all inputs)
  --to DATE         last day to measure; later bars serve only as outcomes (default: the last day with an outcome)
  --model DIR       folder of the release to measure (default models)
  --json            end stdout with one JSON object
  --data-dir DIR    keep the database in this folder and reuse it for the same bars (default: a temporary folder)
  -h, --help        print this text
`;

const Options = z.object({
  help: z.boolean().default(false),
  json: z.boolean().default(false),
  bars: z.string().min(1, 'is empty').optional(),
  'date-format': z.enum(DATE_FORMATS, `must be one of ${DATE_FORMATS.join(', ')}`).optional(),
  currency: CurrencyCode.default(DEFAULT_CURRENCY),
  from: Day.optional(),
  to: Day.optional(),
  membership: z.string().min(1, 'is empty').optional(),
  scores: z.string().min(1, 'is empty').optional(),
  model: z.string().min(1, 'is empty').optional(),
  'data-dir': z.string().min(1, 'is empty').optional(),
});
type Options = z.output<typeof Options> & { bars: string };

/** @returns undefined for `--help` */
function readOptions(args: string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const dates = { from: text, to: text } as const;
  const { values } = readCommandLine({
    args,
    options: {
      ...HELP_OPTION,
      json: flag,
      bars: text,
      'date-format': text,
      currency: text,
      membership: text,
      scores: text,
      ...dates,
      model: text,
      'data-dir': text,
    },
  });
  const options = checkOptions(Options, values);
  if (options.help) return undefined;
  if (!options.bars) throw new BadInputError('evaluate needs --bars FILE');
  if (options.from && options.to && options.from > options.to)
    throw new BadInputError(`--from ${options.from} is later than --to ${options.to}`);
  return { ...options, bars: options.bars };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) return void process.stdout.write(HELP);
  process.env.LOG_LEVEL ??= 'warn';
  const began = performance.now();
  const progress = new Progress();
  const model = await Model.load(await openRelease(releaseFolder(options.model)));
  neutralRule(model.manifest);
  const membership = options.membership === undefined ? undefined : await readMembership(options.membership);
  const dateFormat = options['date-format'];
  const { bars, currency } = options;
  const source = await openSource({ provider: ['csv'], bars, dateFormat, currency });
  if (options.from && source.asOf && options.from > source.asOf)
    throw new BadInputError(`--from ${options.from} is later than the last bar, ${source.asOf}`);
  // Checked before bars are loaded for minutes.
  membership?.assertNames(source.listings.map(({ symbol }) => symbol));
  for (const line of source.report) progress.line(line);
  const scores = options.scores === undefined ? undefined : await ScoresFile.create(options.scores);
  const job = { options, source, model, membership, scores, progress };
  const { result, seconds } = await inScratch(options, (scratch) => measure(scratch, job)).finally(() =>
    scores?.discard(),
  );
  const { version } = model.manifest;
  const dataTo = dataToOf(model.manifest);
  process.stdout.write(`${evaluationText({ version, dataTo }, result)}\n`);
  const total = Math.round(performance.now() - began) / 1000;
  progress.line(`Measured ${counted(result.metrics.rows, 'row')} in ${total.toFixed(1)} s.`);
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ model: version, ...result, seconds: { ...seconds, total } })}\n`,
    );
}

async function readMembership(path: string): Promise<Membership> {
  const content = await readFile(path).catch((cause) => {
    const why = cause.code === 'ENOENT' ? 'no such file' : `cannot be read (${cause.code})`;
    throw new BadInputError(`--membership ${path}: ${why}`, { cause });
  });
  return parseMembership(content, path);
}

/** Named after its content, so that changed bars or features never mix with earlier ones. */
async function scratchName({ bars, 'date-format': dateFormat, currency }: Options): Promise<string> {
  const content = createHash('sha256').update(JSON.stringify([FEATURES, dateFormat, currency]));
  for await (const part of storedBytes(bars)) content.update(part);
  return `boursomatic_evaluate_${content.digest('hex').slice(0, 16)}`;
}

/** Runs the work in a database for these bars, which is removed afterwards unless --data-dir keeps it. */
async function inScratch<T>(options: Options, work: (scratch: Installation) => Promise<T>): Promise<T> {
  const keptIn = options['data-dir'];
  const stopped = new Promise<never>((_, fail) => {
    const stop = () => fail(new BoursomaticError('stopped', 'stopped before the measurement ended'));
    // Not once: npm passes on a Ctrl-C that the terminal has already sent, and the second must not kill the process.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
  stopped.catch(() => {
    // If the server stops during a COPY, the driver throws outside of any promise.
    process.on('uncaughtException', () => {});
  });
  const database = await Promise.race([scratchName(options), stopped]);
  const installation = keptIn
    ? await openInstallation({ dataDir: resolve(keptIn), database, owner: true })
    : await openScratchInstallation('boursomatic-evaluate-', database);
  try {
    return await Promise.race([work(installation), stopped]);
  } finally {
    await closeDatabases();
    await installation.close();
  }
}

type Job = {
  options: Options;
  source: Source;
  model: Model;
  membership: Membership | undefined;
  scores: ScoresFile | undefined;
  progress: Progress;
};

/** Loads the bars into a new database, then scores and measures. */
async function measure(installation: Installation, job: Job) {
  const { source, model, progress } = job;
  const { version, features } = model.manifest;
  const sql = await prepareRun(installation, source, progress);
  const columns = [...columnsOfInputs(features), ...columnsOfRule(neutralRule(model.manifest))];
  await assertInputs(sql, { version, features: [...new Set([...features, ...columns])] });
  const loading = await loadBars(sql, source, progress);
  await analyse(installation);
  const began = performance.now();
  const reader = await database(installation.secretUrl(DATABASE_ROLES.training));
  const result = await reachingDatabase(() => evaluate(reader, job));
  await job.scores?.finish();
  const score = Math.round(performance.now() - began) / 1000;
  return { result, seconds: { ...loading, score } };
}

/** Scores and measures all days in one snapshot of the database. */
async function evaluate(
  sql: Sql,
  { options: { from, to }, model, membership, scores, progress }: Job,
): Promise<EvaluationResult> {
  const predict = async (inputs: number[][]) => {
    const { predictions } = await DayScores.of(model, inputs);
    return {
      score: predictions.map(({ score }) => score),
      probabilities: predictions.map(({ probabilities }) => probabilities),
    };
  };
  return sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) =>
    evaluateMembers(tx, {
      features: model.manifest.features,
      rule: neutralRule(model.manifest),
      membership,
      range: { from, to },
      predict,
      ...(scores && { onDay: (day) => scores.add(day) }),
      onProgress: (done) => progress.update(`Scoring: ${(done * 100).toFixed(0)}%`),
    }),
  ) as Promise<EvaluationResult>;
}

/** Loads bars and features by a backfill, which stops before inference. A kept database has them already. */
async function loadBars(sql: Sql, source: Source, progress: Progress) {
  const [loaded] =
    await sql`SELECT 1 FROM pipeline_runs WHERE mode = 'backfill' AND status IN ('succeeded', 'partial')`;
  if (loaded) return {};
  const asOf = defined(source.asOf, 'last day of the bars');
  const from = await firstBarDay(asOf);
  const { runId, seconds } = await runPipeline({ mode: 'backfill', from, to: asOf }, progress);
  const failures = await sql<{ symbol: string; message: string }[]>`
    SELECT DISTINCT ON (symbol) symbol, message FROM pipeline_failures WHERE run_id = ${runId} ORDER BY symbol`;
  for (const { symbol, message } of failures) progress.line(`Excluded: ${symbol} (${message})`);
  return seconds;
}

/** Gives the planner statistics of the fresh tables; without them, queries take many times as long. */
async function analyse(installation: Installation): Promise<void> {
  await withLogin(installation, 'migrator', (owner) => owner`ANALYZE price_bars, features, instruments`);
}

await exitOnError(main);
// Stopped work would otherwise keep retrying its database.
if (process.exitCode) process.exit();
