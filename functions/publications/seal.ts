import { createHash } from 'node:crypto';
import { copyRows } from '../shared/copy.ts';
import type { Transaction } from '../shared/database.ts';
import { defined } from '../shared/invariant.ts';
import { exactInstant, type Publication, writeCanonical } from './canonical.ts';
import { readHead } from './stored.ts';

/**
 * The publication that follows the newest one. The caller holds the advisory lock `publish`, so that no other one takes
 * its number.
 */
export async function nextPublication(
  tx: Transaction,
  { runId, asOf }: Pick<Publication, 'runId' | 'asOf'>,
  releaseSha256: string | null,
): Promise<Publication> {
  const head = await readHead(tx);
  const [clock] = await tx<{ now: string }[]>`SELECT ${tx.unsafe(exactInstant('now()'))} AS now`;
  const publishedAt = defined(clock, "the database's clock").now;
  const previous = head?.sha256 ?? null;
  return { id: (head?.id ?? 0) + 1, asOf, runId, publishedAt, releaseSha256, previous };
}

/** Stores the hashes of a publication and of its calls, after the calls. It then accepts no further calls. */
export async function seal(tx: Transaction, publication: Publication): Promise<void> {
  const digest = createHash('sha256');
  const calls: { id: string; symbol: string; exchange: string; sha256: string }[] = [];
  await writeCanonical(
    tx,
    publication,
    (part) => digest.update(part),
    ({ call: { id, symbol, exchange }, sha256 }) => calls.push({ id, symbol, exchange, sha256 }),
  );
  await copyRows(
    tx,
    'publication_calls (recommendation_id, symbol, exchange, sha256)',
    4,
    calls,
    ({ id, symbol, exchange, sha256 }, to) => {
      to.uuid(id);
      to.text(symbol);
      to.text(exchange);
      to.text(sha256);
    },
  );
  const { id, asOf, runId, releaseSha256, previous } = publication;
  await tx`
    INSERT INTO publications (id, as_of, run_id, release_sha256, calls, previous, sha256)
    VALUES (${id}, ${asOf}, ${runId}, ${releaseSha256}, ${calls.length}, ${previous}, ${digest.digest('hex')})`;
}
