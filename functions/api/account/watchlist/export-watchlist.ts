import type { Sql } from '../../../shared/database.ts';

/** What the service stores about a user's watchlist. */
export interface ExportedWatchlist {
  watchlist: { symbol: string; note: string | null; followedAt: string }[];
  addedInstruments: { symbol: string; addedAt: string }[];
}

/** Reads everything that a user followed and added, by symbol. */
export async function exportWatchlist(sql: Sql, userId: string): Promise<ExportedWatchlist> {
  const followed = await sql<{ symbol: string; note: string | null; followed_at: Date }[]>`
    SELECT i.symbol, w.note, w.followed_at FROM watchlist_entries w JOIN instruments i ON i.id = w.instrument_id
    WHERE w.user_id = ${userId} ORDER BY i.symbol, i.id`;
  const added = await sql<{ symbol: string; added_at: Date }[]>`
    SELECT i.symbol, a.added_at FROM added_instruments a JOIN instruments i ON i.id = a.instrument_id
    WHERE a.added_by = ${userId} ORDER BY i.symbol, i.id`;
  return {
    watchlist: followed.map(({ symbol, note, followed_at }) => ({
      symbol,
      note,
      followedAt: followed_at.toISOString(),
    })),
    addedInstruments: added.map(({ symbol, added_at }) => ({ symbol, addedAt: added_at.toISOString() })),
  };
}
