import { createHash } from 'node:crypto';
import { type Evidence, gatherEvidence } from '../evaluate/evidence.ts';
import { labelRule } from '../evaluate/labels.ts';
import { columnsOfRule, type NeutralRule } from '../evaluate/outcomes.ts';
import { PREDICTIONS_FILE } from '../evaluate/predictions-file.ts';
import type { Transaction } from '../shared/database.ts';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { valueAt } from '../shared/value-at.ts';
import type { Manifest } from './manifest.ts';
import { assertInputs, type VersionRow } from './versions.ts';

/**
 * Measures a release's predictions for the gate.
 *
 * @param active - the active version
 * @returns undefined for a release without predictions (format 1)
 */
export type EvidenceSource = (
  tx: Transaction,
  active: VersionRow | undefined,
) => Promise<Evidence | undefined>;

/** Measures the predictions of a release in the object store, on the bars of the database. */
export function evidenceFrom(
  objects: ObjectReader,
  { manifest, path }: { manifest: Manifest; path: string },
): EvidenceSource {
  return async (tx, active) => {
    const { version } = manifest;
    try {
      const predictions = await readPredictions(objects, path);
      if (!predictions) return undefined;
      const rule = neutralRule(manifest);
      await assertInputs(tx, { version, features: columnsOfRule(rule) });
      const rival = active && active.version !== version ? active.model_path : undefined;
      const others = rival ? await readPredictions(objects, rival) : undefined;
      return await gatherEvidence(tx, { predictions, rule, active: others });
    } catch (error) {
      if (error instanceof ModelError) return { fault: error.message };
      throw error;
    }
  };
}

/**
 * The predictions of a release, if it has any. The manifest is read as it is, because that of an active release may be
 * of a format that is served no more.
 *
 * @throws ModelError if the file is missing or another than the manifest names
 */
async function readPredictions(objects: ObjectReader, path: string): Promise<Uint8Array | undefined> {
  const expected = valueAt(await rawManifest(objects, path), ['files', PREDICTIONS_FILE, 'sha256']);
  if (expected === undefined) return undefined;
  const body = await objects.get(`${path}/${PREDICTIONS_FILE}`);
  if (!body) throw new ModelError(`model ${path}/${PREDICTIONS_FILE}: is missing`);
  if (createHash('sha256').update(body).digest('hex') !== expected)
    throw new ModelError(`model ${path}/${PREDICTIONS_FILE}: is not the file that the manifest names`);
  return body;
}

async function rawManifest(objects: ObjectReader, path: string): Promise<unknown> {
  const body = await objects.get(`${path}/manifest.json`);
  if (!body) throw new ModelError(`model ${path}/manifest.json: is missing`);
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new ModelError(`model ${path}/manifest.json: is not JSON`, { cause });
  }
}

function neutralRule(manifest: Manifest): NeutralRule {
  const rule = labelRule(manifest);
  const short = valueAt(manifest, ['shortHorizonDays']);
  if (rule.kind !== 'neutral' || typeof short !== 'number' || !(Number.isInteger(short) && short > 0))
    throw new ModelError(
      `model ${manifest.version}: has predictions, but no neutral labels or no shortHorizonDays`,
    );
  return {
    ...rule,
    shortHorizonDays: short,
    everyone: valueAt(manifest, ['training', 'universeSize']) === null,
  };
}
