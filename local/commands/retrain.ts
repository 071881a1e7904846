import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RELEASE_FILES } from '../../functions/infer/manifest.ts';
import { handler } from '../../functions/infer/promote.lambda.ts';
import { list } from '../../functions/infer/versions.ts';
import { DATABASE_ROLES, ENV } from '../../functions/shared/constants.ts';
import {
  ModelVersionName,
  PromotionResult,
  parse,
  RetrainingPlan,
} from '../../functions/shared/contracts.ts';
import { database } from '../../functions/shared/database.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import type { Installation } from '../installation/installation.ts';
import {
  assertScores,
  BUNDLED_RELEASE,
  installRelease,
  openRelease,
  releaseStore,
} from '../installation/release.ts';
import { exitOnError } from '../terminal/exit.ts';
import { Progress } from '../terminal/progress.ts';
import { readTrainingOptions, refuseForeignFolder, trainInto, withBars } from './train.ts';

const HELP = `Usage: npm run retrain -- --bars FILE [options] [-- options of the trainer]

What the state machine of retraining does, on this machine: loads the bars, trains on them, registers the
release, and promotes it if it passes the gate. Where no model is registered, the one of the project is first,
as it is for npm start. Exit 0: registered, promoted or not. Needs python3 with pip.

  --bars FILE       symbol,date,open,high,low,close,volume, adjusted, plain or gzip
  --version V       version of the release (default: the one after the highest that is registered)
  --out DIR         keep the release in this folder too
  --data-dir DIR    database, releases and raw records (default .boursomatic)
  --help            this text

What follows a second -- goes to the trainer (--seed, --work, ...).
`;

/** What `npm run retrain` was asked. */
export interface RetrainOptions {
  bars: string;
  version: string | undefined;
  out: string | undefined;
  dataDir: string;
  /** For the trainer, as they are. */
  trainer: string[];
}

/**
 * Reads the command line of `npm run retrain`.
 *
 * @returns undefined if it asks for help
 * @throws BadInputError naming what is unknown, missing or malformed
 */
export function readOptions(args: string[]): RetrainOptions | undefined {
  const { bars, version, out, help, ...rest } = readTrainingOptions(args);
  if (help) return undefined;
  if (!bars) throw new BadInputError('retrain needs --bars FILE');
  if (out === '') throw new BadInputError('--out: is empty');
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
  if (options.out) refuseForeignFolder(options.out);
  const progress = new Progress();
  await withBars(options, progress, async ({ installation, load }) => {
    process.env[ENV.trainingDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.training);
    await ensureModel(installation);
    const plan = RetrainingPlan.parse(await step('choose', chosen(options)));
    progress.line(`Retraining as ${plan.version}`);
    await load();
    await trainAndStore(plan, options, installation);
    await step('register', { version: plan.version, path: plan.path });
    const verdict = PromotionResult.parse(await step('promote', { version: plan.version }));
    const outcome = verdict.promoted ? 'is registered and promoted' : 'is registered and not promoted';
    process.stdout.write(`Model ${verdict.version} ${outcome}: ${verdict.reason}\n`);
  });
}

function chosen({ version }: RetrainOptions): object {
  const runId = `local-${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}-${process.pid}`;
  return { runId, input: version ? { version } : {} };
}

/** Invokes the function of retraining as its state machine does: through JSON. */
async function step(name: 'choose' | 'register' | 'promote', payload: object): Promise<unknown> {
  return JSON.parse(JSON.stringify(await handler({ step: name, ...payload })));
}

/** Gives a database that has no model the one of the project: what retraining replaces, and counts on from. */
async function ensureModel(installation: Installation): Promise<void> {
  const sql = await database(installation.secretUrl(DATABASE_ROLES.training));
  if ((await list(sql)).length === 0) await installRelease(installation, BUNDLED_RELEASE);
}

/** Trains, measured against the active release, and puts the files where Infer reads them. */
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
    await assertScores(await openRelease(pathToFileURL(`${folder}/`)));
    const objects = releaseStore(installation);
    // The manifest goes last: a release without it does not count as one.
    for (const name of [...RELEASE_FILES, 'manifest.json']) {
      await objects.put(`${path}/${name}`, await readFile(join(folder, name)));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) await exitOnError(main);
