import type { Transaction } from '../../../shared/database.ts';
import type { LookedUp } from '../../../shared/symbol-lookup.ts';
import { problem } from '../../core/problem.ts';

/** What the vendor says about an instrument that is added. */
export type Found = Omit<Extract<LookedUp, { status: 'found' }>, 'status'>;

/**
 * Adds an instrument for a user, so that the next run covers it: a new one, an inactive one again, or one that only
 * others were compared with. Its exchange decides whether an inactive one is the same instrument.
 *
 * The caller holds {@link lockAdding} in this transaction.
 *
 * @returns the instrument's id; undefined if users have added as many as the limit allows
 * @throws ApiError (409) if a run registers the instrument at the same moment
 */
export async function addInstrument(
  tx: Transaction,
  { symbol, found, userId, limit }: { symbol: string; found: Found; userId: string; limit: number },
): Promise<string | undefined> {
  const [covered] = await tx<{ id: string }[]>`
    SELECT id FROM instruments WHERE symbol = ${symbol} AND is_active AND purpose IN ('recommended', 'both')`;
  if (covered) return covered.id;
  const [counted] = await tx<[{ added: number }]>`
    SELECT count(*)::int AS added FROM added_instruments a JOIN instruments i ON i.id = a.instrument_id
    WHERE i.is_active AND i.purpose IN ('recommended', 'both')`;
  if (counted.added >= limit) return undefined;
  const id = (await recommend(tx, symbol, found)) ?? (await insert(tx, symbol, found));
  await tx`
    INSERT INTO added_instruments (instrument_id, added_by) VALUES (${id}, ${userId})
    ON CONFLICT (instrument_id) DO NOTHING`;
  return id;
}

/** Makes concurrent additions wait for each other, so that they count each other's instruments. */
export async function lockAdding(tx: Transaction): Promise<void> {
  await tx`SELECT pg_advisory_xact_lock(hashtext('add_instruments'))`;
}

/** Gives a stored instrument recommendations: the active one, or else an inactive one of the same exchange. */
async function recommend(tx: Transaction, symbol: string, found: Found): Promise<string | undefined> {
  const exchange = found.exchange ?? 'UNKNOWN';
  const [row] = await tx<{ id: string }[]>`
    UPDATE instruments SET is_active = true,
      purpose = CASE WHEN is_active AND purpose = 'reference' THEN 'both' ELSE 'recommended' END,
      name = coalesce(name, ${found.name ?? null}), sector = coalesce(sector, ${found.sector ?? null})
    WHERE id = (
      SELECT id FROM instruments
      WHERE symbol = ${symbol} AND (is_active OR exchange = ${exchange} OR 'UNKNOWN' IN (exchange, ${exchange}))
      ORDER BY is_active DESC, exchange = ${exchange} DESC, updated_at DESC LIMIT 1
    ) RETURNING id`;
  return row?.id;
}

async function insert(tx: Transaction, symbol: string, { exchange, name, sector }: Found): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    INSERT INTO instruments (symbol, exchange, name, sector)
    VALUES (${symbol}, ${exchange ?? 'UNKNOWN'}, ${name ?? null}, ${sector ?? null})
    ON CONFLICT DO NOTHING RETURNING id`;
  // A run that registers a list does not wait for the lock.
  if (!row) throw problem('conflict', `${symbol} was added by someone else at the same time. Try again.`);
  return row.id;
}
