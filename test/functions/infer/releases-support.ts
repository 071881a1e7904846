import { beforeAll, beforeEach } from 'vitest';
import * as registry from '../../../functions/infer/registry.ts';
import { type Activation, register } from '../../../functions/infer/registry.ts';
import { list, show } from '../../../functions/infer/versions.ts';
import type { Sql } from '../../../functions/shared/database.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { useTestDatabase } from '../../support/database.ts';
import { evidenceOf, passingManifest, storeOf } from './registry-support.ts';
import type { MemoryObjects } from './support.ts';

/** Releases of which the first is active, the next two pass the gate, and the last fails it. */
export const FIRST = passingManifest('v1.0.0');
export const BETTER = passingManifest('v1.1.0');
const RIVAL = passingManifest('v1.2.0');
const FAILING = passingManifest('v1.3.0');
FAILING.metrics = { ...FAILING.metrics, ece: { value: 0.5, interval: [0.4, 0.6] } };
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
  await registerAll();
});

/** Registers every release; the first becomes active. */
export async function registerAll(): Promise<void> {
  for (const manifest of ALL)
    await register(training, manifest, manifest.version, { evidence: evidenceOf(manifest) });
}

/** Promotes a release, which the gate measures as its manifest says. */
export function promote(
  version: string,
  { force, difference }: { force?: string; difference?: [number, number] } = {},
): Promise<Activation> {
  const manifest = defined(
    ALL.find((one) => one.version === version),
    version,
  );
  return registry.promote(training, objects, version, { force, evidence: evidenceOf(manifest, difference) });
}

/** The active versions. */
export async function active(): Promise<string[]> {
  return (await list(training)).filter(({ isActive }) => isActive).map(({ version }) => version);
}

/** The last entry in a version's record. */
export async function lastEvent(version: string) {
  return (await show(training, version)).history.at(-1);
}
