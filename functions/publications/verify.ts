import { createHash, hash } from 'node:crypto';
import type { Sql, Transaction } from '../shared/database.ts';
import type { ObjectReader } from '../shared/object-store.ts';
import { type CanonicalCall, writeCanonical } from './canonical.ts';
import { compareWithCopy } from './compare.ts';
import { copyKey } from './copies.ts';
import type { Difference } from './difference.ts';
import { PUBLICATION_COLUMNS, type StoredPublication } from './stored.ts';

/** What a check of the chain found. */
export interface ChainReport {
  /** How many publications and calls agree with their hashes. */
  publications: number;
  calls: number;
  /** How many publications also agree with their copy, and how many have none yet. */
  copies: number;
  uncopied: number;
  /** How many calls are from before the chain, so that no hash covers them. */
  uncovered: number;
  /** The newest publication that was checked; null if there is none. */
  head: Pick<StoredPublication, 'id' | 'publishedAt' | 'sha256'> | null;
  /** The first difference; null if there is none. The check ends at it. */
  difference: Difference | null;
}

/**
 * Recomputes the hash of every publication from the rows of its calls, from the first to the newest, and compares it
 * with the stored one and with the copy. It holds one call at a time, and the copy of one publication.
 *
 * @param copies - the store of the copies; undefined to compare with none
 * @param onProgress - receives the number of each publication after its check
 */
export async function verifyChain(
  sql: Sql,
  copies?: ObjectReader,
  onProgress: (id: number) => void = () => {},
): Promise<ChainReport> {
  const outside = await callsOutside(sql);
  const report: ChainReport = {
    publications: 0,
    calls: 0,
    copies: 0,
    uncopied: 0,
    uncovered: outside.uncovered,
    head: null,
    difference: null,
  };
  for (;;) {
    const { publication, copy, difference } = await checkNext(sql, copies, report.head);
    if (!publication || difference) {
      report.difference = difference ?? outside.difference ?? null;
      return report;
    }
    const { id, publishedAt, sha256, calls } = publication;
    report.publications++;
    report.calls += calls;
    if (copy) report.copies++;
    else if (copies) report.uncopied++;
    report.head = { id, publishedAt, sha256 };
    onProgress(id);
  }
}

interface Checked {
  /** Undefined if the chain ends before it. */
  publication?: StoredPublication;
  copy?: Uint8Array | undefined;
  difference?: Difference | undefined;
}

/** Checks the publication that follows another one; null stands before the first. */
async function checkNext(
  sql: Sql,
  copies: ObjectReader | undefined,
  last: Pick<StoredPublication, 'id' | 'sha256'> | null,
): Promise<Checked> {
  const id = (last?.id ?? 0) + 1;
  // Read before the row, which is stored first: a copy without a row is then a missing publication.
  const copy = await copies?.get(copyKey(id));
  const checked = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    const [publication] = await tx<(StoredPublication & { copied: boolean })[]>`
      SELECT ${tx.unsafe(PUBLICATION_COLUMNS)},
        EXISTS (SELECT 1 FROM publication_copies c WHERE c.publication_id = p.id) AS copied
      FROM publications p WHERE p.id >= ${id} ORDER BY p.id LIMIT 1`;
    if (publication?.id !== id) {
      const isMissing = publication || copy || (await hasCallsFrom(tx, id));
      return { difference: isMissing ? missing('publication', id) : undefined };
    }
    const isLinked = publication.previous === (last?.sha256 ?? null);
    const difference: Difference | undefined = isLinked
      ? await contentDifference(tx, publication, copy)
      : { kind: 'broken link', publication: id };
    return { publication, difference };
  });
  const { publication, difference } = checked;
  if (difference || copy || !copies || !publication?.copied) return { ...checked, copy };
  // The copy may have been written after the first read.
  const later = await copies.get(copyKey(id));
  return { publication, copy: later, difference: later ? undefined : missing('copy', id) };
}

function missing(what: 'publication' | 'copy', publication: number): Difference {
  return { kind: `missing ${what}`, publication };
}

/** Calls outside of the publications: those from before the chain, and the first one that cannot be from then. */
async function callsOutside(sql: Sql): Promise<{ uncovered: number; difference: Difference | undefined }> {
  const [counted] = await sql<[{ uncovered: number }]>`
    SELECT count(*)::int AS uncovered FROM recommendations WHERE publication_id IS NULL`;
  // Numbers begin at 1. Only somebody who stopped foreign keys can store a call with a lower one.
  const [later] = await sql<{ id: string; symbol: string; profile: string }[]>`
    SELECT r.id, i.symbol, r.profile FROM recommendations r JOIN instruments i ON i.id = r.instrument_id
    WHERE r.publication_id < 1
      OR (r.publication_id IS NULL AND r.generated_at >= (SELECT min(published_at) FROM publications))
    ORDER BY r.generated_at, r.id LIMIT 1`;
  const difference: Difference | undefined = later && { kind: 'added call', publication: null, call: later };
  return { uncovered: counted.uncovered, difference };
}

async function hasCallsFrom(tx: Transaction, publicationId: number): Promise<boolean> {
  const [call] = await tx`SELECT 1 FROM recommendations WHERE publication_id >= ${publicationId} LIMIT 1`;
  return call !== undefined;
}

/** Compares a publication's content with its hashes and with its copy. */
async function contentDifference(
  tx: Transaction,
  publication: StoredPublication,
  copy: Uint8Array | undefined,
): Promise<Difference | undefined> {
  const digest = createHash('sha256');
  let calls = 0;
  let suspect: Difference | undefined;
  await writeCanonical(
    tx,
    publication,
    (part) => digest.update(part),
    (call) => {
      calls++;
      suspect ??= callDifference(publication, call);
    },
  );
  const sha256 = digest.digest('hex');
  const isSound = sha256 === publication.sha256 && calls === publication.calls && !suspect;
  const copySha256 = copy && hash('sha256', copy);
  if (copy && copySha256 !== sha256) {
    // A copy with the stored hash is the original. Otherwise the copy or the database may be the changed one.
    return compareWithCopy(tx, publication, copy, copySha256 === publication.sha256);
  }
  if (isSound) return undefined;
  if (suspect) return suspect;
  const { id } = publication;
  if (sha256 === publication.sha256)
    return { kind: 'changed publication', publication: id, members: ['calls'] };
  if (copy) return { kind: 'changed publication', publication: id, members: ['sha256'] };
  if (calls < publication.calls)
    return { kind: 'missing call', publication: id, missing: publication.calls - calls };
  return { kind: 'changed publication', publication: id };
}

function callDifference(
  { id: publication, runId }: StoredPublication,
  { call: { id, symbol, profile, runId: callRunId }, sha256, storedSha256 }: CanonicalCall,
): Difference | undefined {
  const call = { id, symbol, profile };
  if (storedSha256 === null) return { kind: 'added call', publication, call };
  if (sha256 !== storedSha256) return { kind: 'changed call', publication, call };
  // Moved here from another publication.
  return callRunId === runId ? undefined : { kind: 'added call', publication, call };
}
