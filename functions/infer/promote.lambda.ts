import * as z from 'zod';
import { ENV } from '../shared/constants.ts';
import {
  ExecutionStatusChange,
  isStatusChange,
  type PromotionResult,
  parse,
  type RegistrationResult,
  type RetrainingFailure,
  RetrainingInput,
  type RetrainingPlan,
  RetrainingRequest,
} from '../shared/contracts.ts';
import { database, reachingDatabase, type Sql } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { BadInputError, ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { openObjects } from '../shared/objects.ts';
import { log } from '../shared/telemetry.ts';
import { failures, GateRefusedError } from './gate.ts';
import { readRelease } from './manifest.ts';
import * as registry from './registry.ts';
import { evidenceFrom } from './release-evidence.ts';
import { describeRetrainingFailure } from './retraining-failure.ts';
import { assertTrainable } from './trainable.ts';
import { activeVersion, list } from './versions.ts';

const Environment = z.object({ [ENV.trainingDatabaseSecret]: z.string(), [ENV.modelObjectsUrl]: z.string() });

/** The steps of retraining before and after the training. The event of an execution that failed only logs the reason. */
export async function handler(
  event: unknown,
): Promise<RetrainingPlan | RegistrationResult | PromotionResult | RetrainingFailure> {
  if (isStatusChange(event)) {
    const { detail } = parse('execution status change', ExecutionStatusChange, event);
    const failure = { runId: detail.name, reason: describeRetrainingFailure(detail) };
    log('error', 'retraining failed', failure);
    return failure;
  }
  const request = parse('retraining request', RetrainingRequest, event);
  const { TRAINING_DATABASE_SECRET, MODEL_OBJECTS_URL } = readEnvironment(Environment);
  const objects = openObjects(MODEL_OBJECTS_URL);
  return reachingDatabase(async () => {
    const sql = await database(TRAINING_DATABASE_SECRET);
    switch (request.step) {
      case 'choose':
        return choose(sql, request.runId, parse('retraining input', RetrainingInput, request.input));
      case 'register':
        return register(sql, objects, request);
      case 'promote':
        return promote(sql, objects, request.version);
    }
  });
}

/**
 * The highest version with its patch number raised by one, or the first version if there is none.
 *
 * @param versions - such as `v1.2.3`
 * @example
 * nextVersion(['v0.9.0', 'v0.10.3']); // 'v0.10.4'
 */
export function nextVersion(versions: string[]): string {
  const [highest] = versions.map(parseVersion).sort((a, b) => {
    const place = b.findIndex((number, i) => number !== a[i]);
    if (place < 0) return 0;
    return defined(b[place], 'version number') > defined(a[place], 'version number') ? 1 : -1;
  });
  if (!highest) return 'v0.1.0';
  const [major, minor, patch] = highest;
  return `v${major}.${minor}.${patch + 1n}`;
}

function parseVersion(version: string): [major: bigint, minor: bigint, patch: bigint] {
  return version.slice(1).split('.').map(BigInt) as [bigint, bigint, bigint];
}

async function choose(sql: Sql, runId: string, input: RetrainingInput): Promise<RetrainingPlan> {
  const versions = (await list(sql)).map((known) => known.version);
  const version = input.version ?? nextVersion(versions);
  // Both are checked before hours of training.
  if (versions.includes(version)) throw new BadInputError(`version: ${version} is already registered`);
  await assertTrainable(sql);
  const active = await sql.begin((tx) => activeVersion(tx));
  return { version, path: `${version}/${runId}`, incumbent: active?.model_path ?? '' };
}

async function register(
  sql: Sql,
  objects: ObjectStore,
  { version, path }: { version: string; path: string },
): Promise<RegistrationResult> {
  const { manifest } = await readRelease(objects, path);
  if (manifest.version !== version)
    throw new ModelError(`model ${path}/manifest.json has version ${manifest.version} instead of ${version}`);
  const { added } = await registry.register(sql, manifest, path, { evidence: evidenceFrom(objects) });
  return { version, added };
}

/** The gate's refusal is a result. A broken or missing release is an error. */
async function promote(sql: Sql, objects: ObjectStore, version: string): Promise<PromotionResult> {
  try {
    const { previous } = await registry.promote(sql, objects, version, {
      evidence: evidenceFrom(objects),
    });
    const replaced = previous && previous !== version ? `, in place of ${previous}` : '';
    return { version, promoted: true, reason: `passed the gate and is active${replaced}` };
  } catch (error) {
    if (!(error instanceof GateRefusedError)) throw error;
    return { version, promoted: false, reason: failures(error.verdict) };
  }
}
