import { z } from 'zod';
import { ENV } from '../shared/constants.ts';
import {
  type PromotionResult,
  parse,
  type RegistrationResult,
  RetrainingInput,
  type RetrainingPlan,
  RetrainingRequest,
} from '../shared/contracts.ts';
import { database, reachingDatabase, type Sql } from '../shared/database.ts';
import { readEnvironment } from '../shared/environment.ts';
import { BadInputError, ModelError } from '../shared/errors.ts';
import { type ObjectStore, openObjects } from '../shared/objects.ts';
import { failures } from './gate.ts';
import { readRelease } from './manifest.ts';
import { list, promote, register, show } from './registry.ts';
import { activeVersion } from './versions.ts';

const Environment = z.object({ [ENV.trainingDatabaseSecret]: z.string(), [ENV.modelObjectsUrl]: z.string() });

/** The steps of retraining around the training itself. */
export async function handler(
  event: unknown,
): Promise<RetrainingPlan | RegistrationResult | PromotionResult> {
  const request = parse('retraining request', RetrainingRequest, event);
  const { TRAINING_DATABASE_SECRET, MODEL_OBJECTS_URL } = readEnvironment(Environment);
  const objects = openObjects(MODEL_OBJECTS_URL);
  return reachingDatabase(async () => {
    const sql = await database(TRAINING_DATABASE_SECRET);
    switch (request.step) {
      case 'choose':
        return choose(sql, request.runId, parse('retraining input', RetrainingInput, request.input));
      case 'register':
        return enter(sql, objects, request);
      case 'promote':
        return ask(sql, objects, request.version);
    }
  });
}

/**
 * The version after the highest one: its patch number and one. Without any, the first.
 *
 * @example
 * nextVersion(['v0.9.0', 'v0.10.3']); // 'v0.10.4'
 */
export function nextVersion(versions: string[]): string {
  const numbers = versions.map((version) => version.slice(1).split('.').map(BigInt));
  const [highest] = numbers.sort((a, b) => {
    const at = b.findIndex((number, i) => number !== a[i]);
    return at < 0 ? 0 : Number((b[at] ?? 0n) > (a[at] ?? 0n)) * 2 - 1;
  });
  if (!highest) return 'v0.1.0';
  const [major, minor, patch = 0n] = highest;
  return `v${major}.${minor}.${patch + 1n}`;
}

async function choose(sql: Sql, runId: string, input: RetrainingInput): Promise<RetrainingPlan> {
  const versions = (await list(sql)).map((known) => known.version);
  const version = input.version ?? nextVersion(versions);
  // Found now and not after hours of training.
  if (versions.includes(version)) throw new BadInputError(`version: ${version} is registered already`);
  const active = await sql.begin((tx) => activeVersion(tx));
  return { version, path: `${version}/${runId}`, incumbent: active?.model_path ?? '' };
}

async function enter(
  sql: Sql,
  objects: ObjectStore,
  { version, path }: { version: string; path: string },
): Promise<RegistrationResult> {
  const { manifest } = await readRelease(objects, path);
  if (manifest.version !== version)
    throw new ModelError(`model ${path}/manifest.json: is of ${manifest.version}, not of ${version}`);
  const { added } = await register(sql, manifest, path);
  return { version, added };
}

/** A refusal of the gate is a result; a release that is broken or gone is an error. */
async function ask(sql: Sql, objects: ObjectStore, version: string): Promise<PromotionResult> {
  const before = (await show(sql, version)).history.length;
  try {
    const { previous } = await promote(sql, objects, version);
    const replaced = previous && previous !== version ? `, in place of ${previous}` : '';
    return { version, promoted: true, reason: `passed the gate and is active${replaced}` };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const verdict = (await show(sql, version)).history.slice(before).at(-1);
    // The registry writes a refusal down, and nothing for any other error.
    if (verdict?.action !== 'promote' || verdict.activated) throw error;
    return { version, promoted: false, reason: failures(verdict) };
  }
}
