import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DATABASE_ROLES } from '../../functions/shared/constants.ts';
import { closeDatabases } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { databaseUrl, type Installation, openInstallation } from '../installation/installation.ts';
import { prepare } from '../installation/prepare.ts';
import { runTraining } from '../installation/python.ts';
import { openSource } from '../installation/source.ts';
import { runPipeline } from '../pipeline/run-pipeline.ts';
import { readCommandLine } from '../terminal/command-line.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';

const HELP = `Usage: npm run train -- --bars FILE [options] [-- options of the trainer]

Loads the bars, computes features with the pipeline's own code, trains on the view that inference reads,
and writes a release. Needs python3 with pip; everything else is installed on the first run.

  --bars FILE       symbol,date,open,high,low,close,volume, adjusted, plain or gzip
  --version V       version of the release, such as v0.1.0
  --out DIR         where the release goes (default models)
  --data-dir DIR    database and raw records (default .boursomatic)
  --help            this text

What follows a second -- goes to the trainer (--seed, --work, ...).
`;

interface TrainOptions {
  bars: string;
  version: string;
  out: string;
  dataDir: string;
  trainer: string[];
}

/** What `npm run train` and `npm run retrain` are both asked; what follows a second -- is the trainer's. */
export function readTrainingOptions(args: string[]) {
  const separator = args.indexOf('--');
  const own = separator < 0 ? args : args.slice(0, separator);
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    args: own,
    options: { bars: text, version: text, out: text, 'data-dir': text, help: { type: 'boolean' } },
  });
  const { 'data-dir': dataDir = '.boursomatic', ...rest } = values;
  return { ...rest, dataDir: resolve(dataDir), trainer: separator < 0 ? [] : args.slice(separator + 1) };
}

function readOptions(args: string[]): TrainOptions | undefined {
  const { bars, version, out = 'models', help, ...rest } = readTrainingOptions(args);
  if (help) return undefined;
  if (!bars || !version) throw new BadInputError('train needs --bars FILE and --version V');
  return { ...rest, bars, version, out: resolve(out) };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(HELP);
    return;
  }
  refuseForeignFolder(options.out);
  const progress = new Progress();
  await withBars(options, progress, async ({ installation, load }) => {
    await load();
    await trainInto(options.out, options, installation);
    progress.line(`Release ${options.version} is in ${options.out}`);
  });
}

/** A database for some bars. */
export interface BarsDatabase {
  installation: Installation;
  /** Loads the bars and computes features with the pipeline's own code. */
  load(): Promise<void>;
}

/**
 * Opens the database that belongs to a bars file, migrated, and closes it after the work.
 *
 * @throws BadInputError if the file is not usable
 */
export async function withBars<T>(
  { bars, dataDir }: Pick<TrainOptions, 'bars' | 'dataDir'>,
  progress: Progress,
  work: (database: BarsDatabase) => Promise<T>,
): Promise<T> {
  process.env.LOG_LEVEL ??= 'warn';
  const source = await openSource({ provider: ['csv'], bars });
  const installation = await openInstallation({
    dataDir,
    database: source.database,
    databaseUrl: process.env.DATABASE_URL,
    owner: true,
  });
  try {
    await prepare(installation, source, progress);
    const load = async () => {
      // A backfill loads bars and computes features; it stops before inference, which needs a model.
      await runPipeline({ mode: 'backfill', ...(source.asOf ? { to: source.asOf } : {}) }, progress);
      progress.line('Bars and features are ready; training');
    };
    return await work({ installation, load });
  } finally {
    await closeDatabases();
    await installation.close();
  }
}

/**
 * Trains beside the target and swaps the folders, so that a release is replaced whole or not at all.
 *
 * @throws BadInputError if the trainer refuses the data; `out` is as it was
 */
export async function trainInto(
  out: string,
  { version, trainer }: Pick<TrainOptions, 'version' | 'trainer'>,
  installation: Installation,
): Promise<void> {
  const url = databaseUrl(installation.login(DATABASE_ROLES.training));
  const fresh = `${out}.new-${process.pid}`;
  const old = `${out}.old-${process.pid}`;
  try {
    await runTraining(['train', '--out', fresh, '--version', version, ...trainer], url);
    if (existsSync(out)) await rename(out, old);
    await rename(fresh, out);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/**
 * A folder that is not a release is somebody's work: it is not replaced.
 *
 * @throws BadInputError for such a folder
 */
export function refuseForeignFolder(out: string): void {
  if (!existsSync(out) || existsSync(join(out, 'manifest.json')) || readdirSync(out).length === 0) return;
  throw new BadInputError(`--out ${out}: is neither empty nor a release (no manifest.json)`);
}

if (import.meta.main) await exitOnError(main);
