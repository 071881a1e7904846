import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf } from '../../functions/infer/manifest.ts';
import { handler } from '../../functions/infer/promote.lambda.ts';
import { DATABASE_ROLES, ENV } from '../../functions/shared/constants.ts';
import { PromotionResult, RetrainingPlan } from '../../functions/shared/contracts.ts';
import type { Sql } from '../../functions/shared/database.ts';
import { BoursomaticError } from '../../functions/shared/errors.ts';
import { type Installation, withLogin } from '../installation/installation.ts';
import {
  assertScores,
  BUNDLED_RELEASE,
  installRelease,
  openRelease,
  releaseFolder,
  releaseStore,
  releaseStoreUrl,
} from '../installation/release-folder.ts';
import { newRunId } from '../pipeline/run-pipeline.ts';
import { recordRetraining } from './last-retraining.ts';
import { trainInto } from './trainer.ts';

/** How to retrain. */
export interface RetrainOptions {
  /** Version of the release; by default the highest registered one plus one patch. */
  version?: string | undefined;
  /** A folder that keeps the release, too. */
  out?: string | undefined;
  /** Arguments that the trainer gets unchanged. */
  trainer: string[];
  /** Receives the chosen version before the training. */
  say: (line: string) => void;
}

/**
 * Retrains an installation on the bars and features in its database, with the steps of the retraining state machine:
 * trains, registers the release, and promotes it if it passes the gate. The bundled release is registered first, so that
 * there is a model to compare with. A pipeline may run meanwhile; its next run uses the promoted release.
 *
 * @throws BadInputError if the data are too few, or the version is registered already
 * @throws BoursomaticError (`retraining`) if another process retrains this database
 */
export async function retrain(installation: Installation, options: RetrainOptions): Promise<PromotionResult> {
  process.env[ENV.trainingDatabaseSecret] = installation.secretUrl(DATABASE_ROLES.training);
  process.env[ENV.modelObjectsUrl] = releaseStoreUrl(installation);
  await installRelease(installation, BUNDLED_RELEASE);
  return withLogin(installation, 'training', async (sql) => {
    await lock(sql);
    const startedAt = new Date();
    await recordRetraining(installation, { startedAt });
    try {
      const result = await trainAndPromote(installation, options);
      await recordRetraining(installation, { startedAt, endedAt: new Date(), ...result });
      return result;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      await recordRetraining(installation, { startedAt, endedAt: new Date(), reason });
      throw error;
    }
  });
}

/** The verdict of the gate on a retrained release, for a person. */
export function describePromotion({ version, promoted, reason }: PromotionResult): string {
  return `Model ${version} is ${promoted ? 'registered and promoted' : 'registered and not promoted'}: ${reason}`;
}

/** Excludes other retrainings of the database until the client's connection ends. */
async function lock(sql: Sql): Promise<void> {
  const [taken] = await sql<{ isMine: boolean }[]>`
    SELECT pg_try_advisory_lock(hashtext('retraining')) AS "isMine"`;
  if (taken?.isMine) return;
  throw new BoursomaticError('retraining', 'another process retrains this database: wait until it has ended');
}

async function trainAndPromote(
  installation: Installation,
  { version, say, ...options }: RetrainOptions,
): Promise<PromotionResult> {
  const input = version ? { version } : {};
  const plan = RetrainingPlan.parse(await invoke({ step: 'choose', runId: newRunId(), input }));
  say(`Retraining as ${plan.version}`);
  await trainAndStore(plan, options, installation);
  await invoke({ step: 'register', version: plan.version, path: plan.path });
  return PromotionResult.parse(await invoke({ step: 'promote', version: plan.version }));
}

/** Invokes a step's function as its state machine does: payload and result pass through JSON. */
async function invoke(payload: { step: 'choose' | 'register' | 'promote'; [key: string]: unknown }) {
  return JSON.parse(JSON.stringify(await handler(payload)));
}

/** Trains with the active release as the incumbent, and copies the files to the store that Infer reads. */
async function trainAndStore(
  { version, path, incumbent }: RetrainingPlan,
  { out, trainer }: Pick<RetrainOptions, 'out' | 'trainer'>,
  installation: Installation,
): Promise<void> {
  const scratch = join(installation.dataDir, `retrained-${process.pid}`);
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
