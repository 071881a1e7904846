import type { Sql, Transaction } from '../shared/database.ts';
import { BadInputError, ModelError } from '../shared/errors.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { type Check, failures, judge, type Verdict } from './gate.ts';
import { type Manifest, readRelease } from './manifest.ts';
import {
  activations,
  activeVersion,
  assertInputs,
  findVersion,
  isSameTraining,
  lineOf,
  unknownVersion,
} from './versions.ts';

export { list, show } from './versions.ts';

/** What registering came to. */
export interface Registration {
  version: string;
  /** The version was new. */
  added: boolean;
  /** It became the active one. */
  activated: boolean;
  verdict: Verdict;
}

/** How to register. */
export interface RegisterOptions {
  /** Which release becomes active where none is: one that passes the gate, or any, which is written down as forced. */
  first?: 'passing' | 'any';
  /** Puts the files where `path` says, once it is known that the version may be registered. */
  place?: (known: boolean) => Promise<void>;
}

/** What promoting or rolling back came to. */
export interface Activation {
  version: string;
  /** What was active before, unless nothing was. */
  previous: string | undefined;
  /** False if the version was active already. */
  changed: boolean;
  verdict: Verdict;
}

/** The reason written down for a first release that fails the gate. */
const FIRST_RELEASE = 'first release: no model was active';

/**
 * Registers a release with what the gate says of it. Where no model is active yet, it becomes the active one if
 * it passes. Registering the same release again adds nothing.
 *
 * @param path - the release's folder in the object store
 * @throws ModelError if the version is registered already with other parameters or another training, or the view
 *   of model inputs lacks one of its features
 */
export function register(
  sql: Sql,
  manifest: Manifest,
  path: string,
  { first = 'passing', place }: RegisterOptions = {},
): Promise<Registration> {
  const { version } = manifest;
  return underLock(sql, async (tx) => {
    const known = await findVersion(tx, version);
    if (known && !isSameTraining(known, manifest)) {
      throw new ModelError(
        `model ${version} is registered already, and was trained otherwise: give it a new version`,
      );
    }
    await assertInputs(tx, manifest);
    await place?.(known !== undefined);
    const active = await activeVersion(tx);
    const verdict = judge(manifest, active);
    let id = known?.id;
    if (!id) {
      const [added] = await tx<{ id: string }[]>`
        INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path)
        VALUES (${version}, ${manifest.trainedAt}, ${manifest.paramsHash}, ${tx.json(manifest.metrics as never)}, ${path})
        RETURNING id`;
      id = added?.id ?? '';
      await record(tx, id, 'register', verdict);
    }
    const activated =
      !active && (first === 'any' || (verdict.passed && (await activations(tx)).length === 0));
    if (activated) await activate(tx, id, 'promote', verdict, verdict.passed ? undefined : FIRST_RELEASE);
    return { version, added: !known, activated, verdict };
  });
}

/**
 * Makes a registered version the active one if it passes the gate. Its files are read again and verified. The
 * verdict is written down either way; a version that is active already stays so.
 *
 * @param options.force - promotes a version that fails the gate; the reason is written down
 * @throws BadInputError if the version is not registered, or the reason is empty
 * @throws ModelError if the gate refuses it, naming the checks that failed, or its release is not what was
 *   registered
 */
export async function promote(
  sql: Sql,
  objects: ObjectReader,
  version: string,
  { force }: { force?: string | undefined } = {},
): Promise<Activation> {
  if (force !== undefined && !force.trim()) throw new BadInputError('force: needs a reason');
  const answer = await underLock(sql, async (tx) => {
    const { id, manifest } = await registeredRelease(tx, objects, version);
    const active = await activeVersion(tx);
    const verdict = judge(manifest, active);
    const changed = active?.version !== version;
    const refused = changed && !verdict.passed && !force;
    if (refused) await record(tx, id, 'promote', verdict);
    else if (changed) await activate(tx, id, 'promote', verdict, force);
    return { version, previous: active?.version, changed, verdict, refused };
  });
  const { refused, ...activation } = answer;
  // Thrown out here, so that the verdict stays.
  if (refused) throw new ModelError(`model ${version} fails the gate: ${failures(answer.verdict)}`);
  return activation;
}

/**
 * Makes a version that was active before the active one again. The gate is not asked: it judges what was known
 * when the release was made, and a rollback answers what came after. The files are verified.
 *
 * @param version - by default the one that the active version replaced; repeated, it goes back step by step
 * @throws BadInputError if the version was never active
 * @throws ModelError if there is none to go back to, or its release is not what was registered
 */
export function rollback(sql: Sql, objects: ObjectReader, version?: string): Promise<Activation> {
  return underLock(sql, async (tx) => {
    const active = await activeVersion(tx);
    const events = await activations(tx);
    const line = lineOf(events).filter((name) => name !== active?.version);
    const target = version ?? line.at(-1);
    if (!target)
      throw new ModelError(`no model was active before ${active?.version ?? 'now'}: nothing to go back to`);
    const { id } = await registeredRelease(tx, objects, target);
    const wasActive = target === active?.version || events.some((event) => event.version === target);
    if (!wasActive) throw new BadInputError(`model ${target} was never active: promote it`);
    const checks: Check[] = [
      { name: 'was_active', passed: true, detail: `${target} was active before` },
      { name: 'files', passed: true, detail: 'every file is what the manifest says' },
    ];
    const verdict = { passed: true, checks };
    const changed = active?.version !== target;
    if (changed) await activate(tx, id, 'rollback', verdict);
    return { version: target, previous: active?.version, changed, verdict };
  });
}

/** One registration, promotion or rollback at a time. */
function underLock<T extends object>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtext('model_registry'))`;
    return work(tx);
  }) as Promise<T>;
}

/** A version's release as it is in the store, which must be what was registered. */
async function registeredRelease(tx: Transaction, objects: ObjectReader, version: string) {
  const row = await findVersion(tx, version);
  if (!row) throw unknownVersion(version);
  const { manifest } = await readRelease(objects, row.model_path);
  const [same] = await tx`
    SELECT 1 FROM model_versions WHERE id = ${row.id} AND metrics_json = ${tx.json(manifest.metrics as never)}`;
  if (!same || manifest.version !== version || !isSameTraining(row, manifest)) {
    throw new ModelError(`model ${row.model_path}/manifest.json: is not the one that was registered`);
  }
  await assertInputs(tx, manifest);
  return { id: row.id, manifest };
}

/** Both updates are seen at once or not at all: no reader finds two active versions, or none. */
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
