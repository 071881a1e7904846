import { createHash } from 'node:crypto';
import { gatherEvidence } from '../evaluate/evidence.ts';
import { neutralRule } from '../evaluate/labels.ts';
import { columnsOfRule } from '../evaluate/outcomes.ts';
import type { Transaction } from '../shared/database.ts';
import { ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { valueAt } from '../shared/value-at.ts';
import type { ReleaseEvidence } from './gate.ts';
import { type Manifest, PREDICTIONS_FILE, readRelease } from './manifest.ts';
import { Model } from './model.ts';
import { measureParity } from './onnx-parity.ts';
import { assertInputs, type VersionRow } from './versions.ts';

/** A release in the object store. */
export interface StoredRelease {
  manifest: Manifest;
  /** Its folder. */
  path: string;
}

/**
 * Measures a release for the gate.
 *
 * @param active - the active version
 * @throws ModelError if the release is damaged or its model cannot be loaded
 */
export type EvidenceSource = (
  tx: Transaction,
  release: StoredRelease,
  active: VersionRow | undefined,
) => Promise<ReleaseEvidence>;

/** The evidence of a release without a predictions file. */
export const NO_PREDICTIONS =
  'the release has no out-of-sample predictions to measure; promote it by force, with a reason';

/** Measures a release in the object store: its model, and its predictions on the bars of the database. */
export function evidenceFrom(objects: ObjectReader): EvidenceSource {
  return async (tx, { manifest, path }, active) => {
    const release = await readRelease(objects, path);
    const onnx = await measureParity(tx, await Model.load(release));
    const predictions = release.files[PREDICTIONS_FILE];
    if (!predictions) return { fault: NO_PREDICTIONS, onnx };
    const { version } = manifest;
    try {
      const everyone = valueAt(manifest, ['training', 'universeSize']) === null;
      const rule = { ...neutralRule(manifest), everyone };
      await assertInputs(tx, { version, features: columnsOfRule(rule) });
      const rival = active && active.version !== version ? active.model_path : undefined;
      const others = rival ? await readPredictions(objects, rival) : undefined;
      return { ...(await gatherEvidence(tx, { predictions, rule, active: others })), onnx };
    } catch (error) {
      if (error instanceof ModelError) return { fault: error.message, onnx };
      throw error;
    }
  };
}

/**
 * The predictions of an active release, if it has any. Its manifest is read unchecked, because it may have a format
 * that this version cannot load.
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
