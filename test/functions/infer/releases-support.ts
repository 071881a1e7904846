import { beforeAll, beforeEach } from 'vitest';
import { register } from '../../../functions/infer/registry.ts';
import { list, show } from '../../../functions/infer/versions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import { passingManifest, storeOf } from './registry-support.ts';
import type { MemoryObjects } from './support.ts';

/** Releases of which the first is active, the next two pass the gate, and the last fails it. */
export const FIRST = passingManifest('v1.0.0');
export const BETTER = passingManifest('v1.1.0', 'v1.0.0');
const RIVAL = passingManifest('v1.2.0', 'v1.0.0');
const FAILING = { ...passingManifest('v1.3.0', 'v1.0.0') };
FAILING.metrics = { ...FAILING.metrics, ece: 0.5 };
export const ALL = [FIRST, BETTER, RIVAL, FAILING];

export const db = useTestDatabase();
export let training: Sql;
export let objects: MemoryObjects;
beforeAll(() => {
  training = db.client('training');
});
beforeEach(async () => {
  await db.sql`TRUNCATE model_versions CASCADE`;
  objects = storeOf(...ALL);
  for (const manifest of ALL) await register(training, manifest, manifest.version);
});

/** The active versions. */
export async function active(): Promise<string[]> {
  return (await list(training)).filter(({ isActive }) => isActive).map(({ version }) => version);
}

/** The last entry in a version's record. */
export async function lastEvent(version: string) {
  return (await show(training, version)).history.at(-1);
}
