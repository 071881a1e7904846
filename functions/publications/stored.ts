import type { Sql, Transaction } from '../shared/database.ts';
import { exactDay, exactInstant, type Publication } from './canonical.ts';

/** A publication with what the database stores about it. */
export interface StoredPublication extends Publication {
  calls: number;
  sha256: string;
}

/** The columns of publications `p` that make a {@link StoredPublication}. */
export const PUBLICATION_COLUMNS = `p.id, ${exactDay('p.as_of')} AS "asOf", p.run_id AS "runId",
  ${exactInstant('p.published_at')} AS "publishedAt", p.release_sha256 AS "releaseSha256", p.previous, p.calls, p.sha256`;

/** Reads a publication; undefined if there is none with this number. */
export async function readPublication(
  sql: Sql | Transaction,
  id: number,
): Promise<StoredPublication | undefined> {
  const [found] = await sql<StoredPublication[]>`
    SELECT ${sql.unsafe(PUBLICATION_COLUMNS)} FROM publications p WHERE p.id = ${id}`;
  return found;
}

/** Reads the newest publication; undefined if there is none. */
export async function readHead(sql: Sql | Transaction): Promise<StoredPublication | undefined> {
  const [head] = await sql<StoredPublication[]>`
    SELECT ${sql.unsafe(PUBLICATION_COLUMNS)} FROM publications p ORDER BY p.id DESC LIMIT 1`;
  return head;
}
