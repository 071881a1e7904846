import { LEAST_HISTORY_BARS, type Profile } from '../../../shared/constants.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { isRecommended } from '../../../shared/recommended.ts';
import type { EntryRow } from './entry.ts';

/**
 * Reads the stocks that a user follows, by symbol.
 *
 * @param profile - the profile of their calls
 * @param symbols - only these; all by default
 */
export async function readWatchlist(
  sql: Sql | Transaction,
  { userId, profile, symbols }: { userId: string; profile: Profile; symbols?: readonly string[] },
): Promise<EntryRow[]> {
  return sql<EntryRow[]>`
    SELECT i.symbol, i.exchange, i.name, i.sector, i.currency, i.market_cap_bucket, i.pe_bucket, i.is_active,
      ${isRecommended(sql)} AS is_recommended, w.note, w.followed_at, r.id, r.label, r.confidence, r.as_of,
      h.bars, f.reason_code AS failure
    FROM watchlist_entries w
    JOIN instruments i ON i.id = w.instrument_id
    LEFT JOIN recommendations r ON r.instrument_id = i.id AND r.profile = ${profile} AND r.is_active
    LEFT JOIN LATERAL (
      SELECT count(*)::int AS bars FROM (
        SELECT FROM price_bars b WHERE b.instrument_id = i.id AND b.interval = 'daily' LIMIT ${LEAST_HISTORY_BARS}
      ) AS counted
    ) h ON r.id IS NULL
    LEFT JOIN LATERAL (
      SELECT reason_code FROM pipeline_failures
      WHERE r.id IS NULL AND instrument_id = i.id AND symbol = i.symbol AND run_id = (
        SELECT id FROM pipeline_runs
        WHERE mode = 'daily' AND status IN ('succeeded', 'partial') ORDER BY started_at DESC LIMIT 1
      ) ORDER BY created_at DESC LIMIT 1
    ) f ON true
    WHERE w.user_id = ${userId} ${symbols ? sql`AND i.symbol = ANY (string_to_array(${symbols.join()}, ','))` : sql``}
    ORDER BY i.symbol, i.is_active DESC, i.id DESC`;
}
