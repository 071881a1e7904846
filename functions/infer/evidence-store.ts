import type { Transaction } from '../shared/database.ts';
import type { ReleaseEvidence } from './gate.ts';
import type { Manifest } from './manifest.ts';
import type { VersionRow } from './versions.ts';

/** The evidence that the gate has stored of a version. */
export type StoredEvidence = ReleaseEvidence & {
  /** Whether the release's manifest, with the hash of each file, is the one of the measured files. */
  isOfManifest: boolean;
};

/** Stores what was measured on a release, in place of what was measured before. */
export async function storeEvidence(
  tx: Transaction,
  id: string,
  {
    manifest,
    active,
    evidence,
  }: { manifest: Manifest; active: VersionRow | undefined; evidence: ReleaseEvidence },
): Promise<void> {
  await tx`
    INSERT INTO model_evidence (model_version_id, manifest, active_version_id, evidence)
    VALUES (${id}, ${tx.json(manifest as never)}, ${active?.id ?? null}, ${tx.json(evidence as never)})
    ON CONFLICT (model_version_id) DO UPDATE SET manifest = excluded.manifest, evidence = excluded.evidence,
      active_version_id = excluded.active_version_id, measured_at = excluded.measured_at`;
}

/** The stored evidence of a version, if there is any. */
export async function storedEvidence(
  tx: Transaction,
  id: string,
  manifest: Manifest,
): Promise<StoredEvidence | undefined> {
  const [found] = await tx<
    { evidence: ReleaseEvidence; comparedWith: string | null; isOfManifest: boolean }[]
  >`
    SELECT e.evidence, a.version AS "comparedWith", e.manifest = ${tx.json(manifest as never)} AS "isOfManifest"
    FROM model_evidence e LEFT JOIN model_versions a ON a.id = e.active_version_id
    WHERE e.model_version_id = ${id}`;
  if (!found) return undefined;
  const { evidence, comparedWith, isOfManifest } = found;
  return { ...evidence, comparedWith: comparedWith ?? undefined, isOfManifest };
}
