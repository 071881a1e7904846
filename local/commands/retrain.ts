import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { filesOf } from '../../functions/infer/manifest.ts';
import { handler } from '../../functions/infer/promote.lambda.ts';
import { LEAST_TRAINING_DATA } from '../../functions/infer/trainable.ts';
import { DATE_FORMATS, type DateFormat } from '../../functions/ingest/bars-file/days.ts';
import { DATABASE_ROLES, ENV } from '../../functions/shared/constants.ts';
import { PromotionResult, parse, RetrainingPlan } from '../../functions/shared/contracts.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { ModelVersionName } from '../../functions/shared/fields.ts';
import type { Installation } from '../installation/installation.ts';
import {
  assertScores,
  BUNDLED_RELEASE,
  installRelease,
  openRelease,
  releaseFolder,
  releaseStore,
} from '../installation/release-folder.ts';
import { newRunId } from '../pipeline/run-pipeline.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { withBarsDatabase } from '../training/bars-database.ts';
import { assertReplaceable, trainInto } from '../training/trainer.ts';
import { readTrainingOptions } from '../training/training-options.ts';

const HELP = `Usage: npm run retrain -- --bars FILE [options] [-- trainer options]

Runs the steps of the retraining state machine on this machine: loads the bars, trains, registers the release,
and promotes it if it passes the gate. It needs bars of ${LEAST_TRAINING_DATA.instruments} instruments over ${LEAST_TRAINING_DATA.years} years. The release in models/
is registered first, as with npm start. Exits 0 after registration, whether the release is promoted or not. Needs python3 with pip.

  --bars FILE       daily bars: a CSV or Parquet file, a folder or a zip (docs/providers.md, "Your own file")
  --membership FILE members of the universe of each month: month,symbol,rank, of which ranks to 1,000 count
                    (default: every instrument, always)
  --date-format F   order of dates such as 03/04/2015: ${DATE_FORMATS.join(', ')} (default: as the dates show)
  --currency C      currency of prices for which the file names none (default: USD)
  --version V       version of the release (default: the highest registered version plus one patch)
  --out DIR         also keep the release in this folder
  --data-dir DIR    folder of the database, the releases and the raw records (default .boursomatic)
  -h, --help        print this text

Options after a second -- go to the trainer (--seed, --work, ...).
`;

/** The parsed command line of `npm run retrain`. */
export interface RetrainOptions {
  bars: string;
  dateFormat: DateFormat | undefined;
  currency: string;
  version: string | undefined;
  out: string | undefined;
  dataDir: string;
  /** Arguments that the trainer gets unchanged. */
  trainer: string[];
}

/**
 * Parses the command line of `npm run retrain`.
 *
 * @returns undefined for `--help`
 * @throws BadInputError that names the unknown, missing or malformed option
 */
export function readOptions(args: string[]): RetrainOptions | undefined {
  const { bars, version, out, help, ...rest } = readTrainingOptions(args);
  if (help) return undefined;
  if (!bars) throw new BadInputError('retrain needs --bars FILE');
  if (out === '') throw new BadInputError('--out is empty');
  return {
    ...rest,
    bars,
    version: version === undefined ? undefined : parse('--version', ModelVersionName, version),
    out: out && resolve(out),
  };
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(HELP);
    return;
  }
  if (options.out) assertReplaceable(options.out);
  const progress = new Progress();
  await withBarsDatabase(options, progress, async ({ installation, load }) => {
    process.env[ENV.trainingDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.training);
    // So that there is a model to replace, and that the active one can be loaded.
    await installRelease(installation, BUNDLED_RELEASE);
    await load();
    const { version } = options;
    const input = version ? { version } : {};
    const plan = RetrainingPlan.parse(await invoke({ step: 'choose', runId: newRunId(), input }));
    progress.line(`Retraining as ${plan.version}`);
    await trainAndStore(plan, options, installation);
    await invoke({ step: 'register', version: plan.version, path: plan.path });
    const verdict = PromotionResult.parse(await invoke({ step: 'promote', version: plan.version }));
    const outcome = verdict.promoted ? 'registered and promoted' : 'registered and not promoted';
    process.stdout.write(`Model ${verdict.version} is ${outcome}: ${verdict.reason}\n`);
  });
}

/** Invokes a step's function as its state machine does: payload and result pass through JSON. */
async function invoke(payload: { step: 'choose' | 'register' | 'promote'; [key: string]: unknown }) {
  return JSON.parse(JSON.stringify(await handler(payload)));
}

/** Trains with the active release as the incumbent, and copies the files to the store that Infer reads. */
async function trainAndStore(
  { version, path, incumbent }: RetrainingPlan,
  { out, dataDir, trainer }: RetrainOptions,
  installation: Installation,
): Promise<void> {
  const scratch = join(dataDir, `retrained-${process.pid}`);
  const folder = out ?? scratch;
  const against = incumbent ? ['--incumbent', join(installation.objects, 'models', incumbent)] : [];
  try {
    await trainInto(folder, { version, trainer: [...against, ...trainer] }, installation);
    const release = await openRelease(releaseFolder(folder));
    await assertScores(release);
    const objects = releaseStore(installation);
    // The manifest goes last: a release without its manifest is incomplete.
    for (const name of [...filesOf(release.manifest), 'manifest.json']) {
      await objects.put(`${path}/${name}`, await readFile(join(folder, name)));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) await exitOnError(main);
