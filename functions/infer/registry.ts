import type { Sql } from '../shared/database.ts';
import { ModelError } from '../shared/errors.ts';
import type { Manifest } from './manifest.ts';

/**
 * Registers a release, and activates it where no model is active yet. Registering the same release again
 * changes nothing.
 *
 * @param path - the release's folder in the object store
 * @returns whether the version was new
 * @throws ModelError if the version is registered already with other parameters or another training
 */
export async function registerRelease(sql: Sql, manifest: Manifest, path: string): Promise<boolean> {
  return sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(hashtext('model_registry'))`;
    const [known] = await tx<{ params_hash: string; trained_at: Date }[]>`
      SELECT params_hash, trained_at FROM model_versions WHERE version = ${manifest.version}`;
    if (known) {
      const same =
        known.params_hash === manifest.paramsHash &&
        known.trained_at.getTime() === Date.parse(manifest.trainedAt);
      if (!same)
        throw new ModelError(
          `model ${manifest.version} is registered already, and was trained otherwise: give it a new version`,
        );
      return false;
    }
    await tx`
      INSERT INTO model_versions (version, trained_at, params_hash, metrics_json, model_path, is_active)
      VALUES (${manifest.version}, ${manifest.trainedAt}, ${manifest.paramsHash}, ${tx.json(manifest.metrics as never)},
        ${path}, NOT EXISTS (SELECT 1 FROM model_versions WHERE is_active))`;
    return true;
  });
}
