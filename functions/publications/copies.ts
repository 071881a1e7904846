import type { Sql } from '../shared/database.ts';
import { BoursomaticError } from '../shared/errors.ts';
import type { WriteOnceStore } from '../shared/object-store.ts';
import { readCanonical } from './canonical.ts';
import { PUBLICATION_COLUMNS, type StoredPublication } from './stored.ts';

/** The key of a publication's copy. */
export function copyKey(id: number): string {
  return `${String(id).padStart(8, '0')}.json`;
}

/**
 * Copies the canonical bytes of each publication that has no copy yet, oldest first: those of this run, and those of
 * runs that ended before their copy. An existing copy is never replaced.
 *
 * @param sql - a client of the pipeline's role
 * @returns how many publications had no copy before
 * @throws BoursomaticError (`publication_changed`) if the rows of a publication no longer have its hash
 */
export async function copyPublications(sql: Sql, store: WriteOnceStore): Promise<number> {
  const missing = await sql<StoredPublication[]>`
    SELECT ${sql.unsafe(PUBLICATION_COLUMNS)} FROM publications p
    WHERE NOT EXISTS (SELECT 1 FROM publication_copies c WHERE c.publication_id = p.id)
    ORDER BY p.id`;
  for (const publication of missing) {
    await store.create(copyKey(publication.id), await soundBytes(sql, publication));
    // Another run may have copied it at once.
    await sql`INSERT INTO publication_copies (publication_id) VALUES (${publication.id}) ON CONFLICT DO NOTHING`;
  }
  return missing.length;
}

/** The canonical bytes of a publication, if its rows still have its hash. */
async function soundBytes(sql: Sql, publication: StoredPublication): Promise<Buffer> {
  const { bytes, sha256 } = await sql.begin('READ ONLY', (tx) => readCanonical(tx, publication));
  if (sha256 === publication.sha256) return bytes;
  throw new BoursomaticError(
    'publication_changed',
    `publication ${publication.id} has changed since it was stored; npm run ledger -- verify names the row`,
  );
}
