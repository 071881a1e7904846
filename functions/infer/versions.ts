import type { Sql, Transaction } from '../shared/database.ts';
import { BadInputError, ModelError } from '../shared/errors.ts';
import type { Verdict } from './gate.ts';
import type { Manifest } from './manifest.ts';

/** A registered version. */
export interface ModelVersion {
  version: string;
  isActive: boolean;
  trainedAt: Date;
  /** The last day of the training data; null if its release does not name it. */
  dataTo: Date | null;
  registeredAt: Date;
  paramsHash: string;
  metrics: Record<string, unknown>;
  /** The gate's last verdict; undefined for a version registered before the gate existed. */
  verdict: Verdict | undefined;
}

/** An entry in a version's record: a registration, a promotion or a rollback. */
export interface ModelEvent extends Verdict {
  action: 'register' | 'promote' | 'rollback';
  /** False for a refused promotion, and for a registration that left the version inactive. */
  activated: boolean;
  forcedReason: string | null;
  at: Date;
}

/** The columns of a version that the registry compares. */
export interface VersionRow {
  id: string;
  version: string;
  params_hash: string;
  trained_at: Date;
  model_path: string;
}

/** The error for a version that is not registered. */
export function unknownVersion(version: string): BadInputError {
  return new BadInputError(`model ${version} is not registered`);
}

/** Every registered version, lowest first. */
export function list(sql: Sql): Promise<ModelVersion[]> {
  return read(sql, undefined);
}

/**
 * A registered version and its record, oldest first.
 *
 * @throws BadInputError if it is not registered
 */
export async function show(sql: Sql, version: string): Promise<ModelVersion & { history: ModelEvent[] }> {
  const [found] = await read(sql, version);
  if (!found) throw unknownVersion(version);
  const history = await sql<ModelEvent[]>`
    SELECT p.action, p.passed, p.verdict AS checks, p.forced_reason AS "forcedReason", p.created_at AS at,
      p.action <> 'register' AND (p.passed OR p.forced_reason IS NOT NULL) AS activated
    FROM model_promotions p JOIN model_versions v ON v.id = p.model_version_id
    WHERE v.version = ${version} ORDER BY p.id`;
  return { ...found, history: [...history] };
}

async function read(sql: Sql, version: string | undefined): Promise<ModelVersion[]> {
  const rows = await sql<(ModelVersion & { passed: boolean | null; checks: Verdict['checks'] | null })[]>`
    SELECT v.version, v.is_active AS "isActive", v.trained_at AS "trainedAt", v.data_to AS "dataTo", v.created_at AS "registeredAt",
      v.params_hash AS "paramsHash", v.metrics_json AS metrics, p.passed, p.verdict AS checks
    FROM model_versions v LEFT JOIN LATERAL (
      SELECT passed, verdict FROM model_promotions
      WHERE model_version_id = v.id AND action <> 'rollback' AND verdict <> '[]' ORDER BY id DESC LIMIT 1
    ) p ON true
    WHERE ${version ?? null}::text IS NULL OR v.version = ${version ?? null}
    ORDER BY string_to_array(substr(v.version, 2), '.')::numeric[]`;
  return rows.map(({ passed, checks, ...row }) => ({
    ...row,
    verdict: passed === null || !checks ? undefined : { passed, checks },
  }));
}

/** The active version, if any. */
export async function activeVersion(tx: Transaction): Promise<VersionRow | undefined> {
  const [active] = await tx<VersionRow[]>`
    SELECT id, version, params_hash, trained_at, model_path FROM model_versions WHERE is_active`;
  return active;
}

/** The row of a version, if it is registered. */
export async function findVersion(tx: Transaction, version: string): Promise<VersionRow | undefined> {
  const [found] = await tx<VersionRow[]>`
    SELECT id, version, params_hash, trained_at, model_path FROM model_versions WHERE version = ${version}`;
  return found;
}

/** Every activation, oldest first. */
export async function activations(
  tx: Transaction,
): Promise<{ version: string; action: 'promote' | 'rollback' }[]> {
  return tx`
    SELECT v.version, p.action FROM model_promotions p JOIN model_versions v ON v.id = p.model_version_id
    WHERE p.action <> 'register' AND (p.passed OR p.forced_reason IS NOT NULL)
    ORDER BY p.id`;
}

/** The versions that rollbacks pass, oldest first: each replaced the one before it. */
export function lineOf(events: { version: string; action: 'promote' | 'rollback' }[]): string[] {
  const line: string[] = [];
  for (const { version, action } of events) {
    const at = action === 'rollback' ? line.lastIndexOf(version) : -1;
    if (at >= 0) line.length = at + 1;
    else line.push(version);
  }
  return line;
}

/** Whether a registered version and a manifest come from the same training. */
export function isSameTraining(row: VersionRow, manifest: Manifest): boolean {
  return (
    row.params_hash === manifest.paramsHash && row.trained_at.getTime() === Date.parse(manifest.trainedAt)
  );
}

/**
 * Checks that the view has every input of a release.
 *
 * @throws ModelError naming the inputs that are missing or not numbers
 */
export async function assertInputs(
  sql: Sql | Transaction,
  { version, features }: Pick<Manifest, 'version' | 'features'>,
): Promise<void> {
  const columns = await sql<{ attname: string }[]>`
    SELECT attname FROM pg_attribute
    WHERE attrelid = 'model_inputs'::regclass AND attnum > 0 AND NOT attisdropped
      AND atttypid IN ('real'::regtype, 'double precision'::regtype)`;
  const known = new Set(columns.map(({ attname }) => attname));
  const missing = features.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new ModelError(
      `model ${version} needs inputs that the view model_inputs lacks: ${missing.join(', ')}`,
    );
}
