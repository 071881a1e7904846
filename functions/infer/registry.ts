import type { Sql, Transaction } from '../shared/database.ts';
import { BadInputError, ModelError } from '../shared/errors.ts';
import { defined } from '../shared/invariant.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { storedEvidence, storeEvidence } from './evidence-store.ts';
import { type Check, GateRefusedError, judge, type ReleaseEvidence, type Verdict } from './gate.ts';
import { type Manifest, readRelease } from './manifest.ts';
import type { EvidenceSource, StoredRelease } from './release-evidence.ts';
import { dataToOf } from './training-data.ts';
import {
  activations,
  activeVersion,
  assertInputs,
  findVersion,
  isSameTraining,
  lineOf,
  unknownVersion,
  type VersionRow,
} from './versions.ts';

/** The result of a registration. */
export interface Registration {
  version: string;
  /** Whether the version was new. */
  added: boolean;
  /** Whether it became the active version. */
  activated: boolean;
  verdict: Verdict;
}

/** How to register a release. */
export interface RegisterOptions {
  /** Which release becomes active if none is: one that passes the gate, or any. Without the gate it is recorded as forced. */
  first?: 'passing' | 'any';
  /**
   * Copies the files to `path`, unless a registered version has its files there. Called when the version may be
   * registered. Returns the manifest that is then at `path`.
   */
  place?: (known: boolean) => Promise<Manifest>;
  /** Measures the release for the gate, after `place`; without it, nothing is measured. */
  evidence?: EvidenceSource;
  /** Why this version of the program cannot load the active release, if so. The registered release then replaces it. */
  faultOf?: (active: VersionRow) => Promise<string | undefined>;
}

/** The result of a promotion or a rollback. */
export interface Activation {
  version: string;
  /** The version that was active before, if one was. */
  previous: string | undefined;
  /** False if the version was already active. */
  changed: boolean;
  verdict: Verdict;
}

/** The recorded reason for a first release that fails the gate. */
const FIRST_RELEASE = 'first release: no model was active';

/** The evidence of a release that was never measured in this database. */
const NOT_MEASURED: ReleaseEvidence = {
  fault:
    'the release was not measured; measure it with npm run model -- promote, or on AWS with the Operate function',
};

/**
 * Registers a release with the gate's verdict, and stores what the gate measured. If no model is active and none ever
 * was, it becomes active if it passes. Registering the same release again adds nothing.
 *
 * @param path - the release's folder in the object store
 * @throws ModelError if the version is already registered with other parameters or another training, or the view
 *   model_inputs lacks one of its features
 */
export function register(
  sql: Sql,
  manifest: Manifest,
  path: string,
  { first = 'passing', place, evidence, faultOf }: RegisterOptions = {},
): Promise<Registration> {
  const { version } = manifest;
  return underLock(sql, async (tx) => {
    const known = await findVersion(tx, version);
    if (known && !isSameTraining(known, manifest)) {
      throw new ModelError(
        `model ${version} is already registered from another training; give this one a new version`,
      );
    }
    await assertInputs(tx, manifest);
    const placed = (await place?.(known !== undefined)) ?? manifest;
    const active = await activeVersion(tx);
    const stored = known && (await storedEvidence(tx, known.id, placed));
    const isCurrent = stored?.isOfManifest && isComparedWith(stored, known, active);
    const measured = isCurrent ? undefined : await evidence?.(tx, { manifest: placed, path }, active);
    const found = measured ? { ...measured, comparedWith: active?.version } : (stored ?? NOT_MEASURED);
    const verdict = judge(placed, active, found);
    let id = known?.id;
    if (!id) {
      const [added] = await tx<{ id: string }[]>`
        INSERT INTO model_versions (version, trained_at, data_to, params_hash, metrics_json, model_path)
        VALUES (${version}, ${manifest.trainedAt}, ${dataToOf(manifest)}, ${manifest.paramsHash}, ${tx.json(manifest.metrics as never)}, ${path})
        RETURNING id`;
      id = defined(added, 'inserted model version').id;
      await record(tx, id, 'register', verdict);
    }
    if (measured) await storeEvidence(tx, id, { manifest: placed, active, evidence: measured });
    const fault = active && (await faultOf?.(active));
    const isFirst = !active && (first === 'any' || (verdict.passed && (await activations(tx)).length === 0));
    const reason = fault ?? (verdict.passed ? undefined : FIRST_RELEASE);
    const activated = isFirst || fault !== undefined;
    if (activated) await activate(tx, id, 'promote', verdict, reason);
    return { version, added: !known, activated, verdict };
  });
}

/**
 * Makes a registered version the active one if it passes the gate. It verifies the version's files again, and records
 * the verdict whether or not the version passes. It changes nothing if the version is already active.
 *
 * The gate judges what was measured at the registration. Measuring takes up to minutes, so it is an option.
 *
 * @param options.force - the reason to promote a version that fails the gate; recorded
 * @param options.evidence - measures the release again if it fails by the stored evidence, which it replaces
 * @throws BadInputError if the version is not registered, or the reason is empty
 * @throws GateRefusedError if the version fails the gate
 * @throws ModelError if its release is not the registered one
 */
export async function promote(
  sql: Sql,
  objects: ObjectReader,
  version: string,
  { force, evidence }: { force?: string | undefined; evidence?: EvidenceSource } = {},
): Promise<Activation> {
  if (force !== undefined && !force.trim()) throw new BadInputError('force needs a reason');
  const answer = await underLock(sql, async (tx) => {
    const { id, manifest, path } = await registeredRelease(tx, objects, version);
    const active = await activeVersion(tx);
    const changed = active?.version !== version;
    const stored = (await storedEvidence(tx, id, manifest)) ?? NOT_MEASURED;
    let verdict = judge(manifest, active, stored);
    if (changed && !verdict.passed && evidence) {
      const measured = await evidence(tx, { manifest, path }, active);
      await storeEvidence(tx, id, { manifest, active, evidence: measured });
      verdict = judge(manifest, active, { ...measured, comparedWith: active?.version });
    }
    const refused = changed && !verdict.passed && !force;
    if (refused) await record(tx, id, 'promote', verdict);
    else if (changed) await activate(tx, id, 'promote', verdict, force);
    return { version, previous: active?.version, changed, verdict, refused };
  });
  const { refused, ...activation } = answer;
  // Thrown outside of the transaction, so that the verdict is committed.
  if (refused) throw new GateRefusedError(version, answer.verdict);
  return activation;
}

/**
 * Makes an earlier active version active again, after verifying its files. It skips the gate, because the gate judges
 * the measures of the training and a rollback reacts to later events.
 *
 * @param version - by default the one that the active version replaced; each further call goes back one more
 * @throws BadInputError if the version was never active
 * @throws ModelError if no earlier version exists, or its release is not the registered one
 */
export function rollback(sql: Sql, objects: ObjectReader, version?: string): Promise<Activation> {
  return underLock(sql, async (tx) => {
    const active = await activeVersion(tx);
    const events = await activations(tx);
    const line = lineOf(events).filter((name) => name !== active?.version);
    const target = version ?? line.at(-1);
    if (!target)
      throw new ModelError(
        active
          ? `no model was active before ${active.version}, so there is nothing to roll back to`
          : 'no model was ever active, so there is nothing to roll back to',
      );
    const { id } = await registeredRelease(tx, objects, target);
    const wasActive = target === active?.version || events.some((event) => event.version === target);
    if (!wasActive) throw new BadInputError(`model ${target} was never active; promote it instead`);
    const checks: Check[] = [
      { name: 'was_active', passed: true, detail: `${target} was active before` },
      { name: 'files', passed: true, detail: 'every file matches the manifest' },
    ];
    const verdict = { passed: true, checks };
    const changed = active?.version !== target;
    if (changed) await activate(tx, id, 'rollback', verdict);
    return { version: target, previous: active?.version, changed, verdict };
  });
}

/** Allows one registration, promotion or rollback at a time. */
function underLock<T extends object>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtext('model_registry'))`;
    return work(tx);
  }) as Promise<T>;
}

/** Reads a version's release from the store and checks that it is the registered one. */
async function registeredRelease(
  tx: Transaction,
  objects: ObjectReader,
  version: string,
): Promise<StoredRelease & { id: string }> {
  const row = await findVersion(tx, version);
  if (!row) throw unknownVersion(version);
  const { manifest } = await readRelease(objects, row.model_path);
  const [same] = await tx`
    SELECT 1 FROM model_versions WHERE id = ${row.id} AND metrics_json = ${tx.json(manifest.metrics as never)}`;
  const stored = await storedEvidence(tx, row.id, manifest);
  const isOther = stored?.isOfManifest === false || manifest.version !== version;
  if (!same || isOther || !isSameTraining(row, manifest)) {
    throw new ModelError(`model ${row.model_path}/manifest.json is not the registered one`);
  }
  await assertInputs(tx, manifest);
  return { id: row.id, manifest, path: row.model_path };
}

/** Whether a release was compared with the version that is active now, or is itself active. */
function isComparedWith(
  { comparedWith }: ReleaseEvidence,
  known: VersionRow | undefined,
  active: VersionRow | undefined,
): boolean {
  return comparedWith === active?.version || known?.id === active?.id;
}

/** Runs in one transaction, so that no reader sees two active versions, or none. */
async function activate(
  tx: Transaction,
  id: string,
  action: 'promote' | 'rollback',
  verdict: Verdict,
  reason?: string,
): Promise<void> {
  await tx`UPDATE model_versions SET is_active = false WHERE is_active`;
  await tx`UPDATE model_versions SET is_active = true WHERE id = ${id}`;
  await record(tx, id, action, verdict, reason);
}

async function record(
  tx: Transaction,
  id: string,
  action: 'register' | 'promote' | 'rollback',
  { passed, checks }: Verdict,
  reason?: string,
): Promise<void> {
  await tx`
    INSERT INTO model_promotions (model_version_id, action, passed, verdict, forced_reason)
    VALUES (${id}, ${action}, ${passed}, ${tx.json(checks as never)}, ${reason ?? null})`;
}
