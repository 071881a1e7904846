import type { Sql, Transaction } from '../../shared/database.ts';
import { DAY_MS } from '../../shared/days.ts';
import { hashApiKey, makeApiKey } from '../core/api-key.ts';
import { problem } from '../core/problem.ts';

/** The most API keys of a user that work at the same time. */
export const MOST_API_KEYS = 20;

/** An API key without its secret part. */
export interface ApiKey {
  id: string;
  name: string;
  /** The last four characters of the key. */
  ending: string;
  createdAt: string;
  expiresAt: string;
  /** To the minute; null if it was never used. */
  lastUsedAt: string | null;
  /** The key may change the watchlist of its user. */
  mayFollow: boolean;
}

interface ApiKeyRow {
  id: string;
  name: string;
  ending: string;
  created_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
  may_follow: boolean;
}

const COLUMNS = ['id', 'name', 'ending', 'created_at', 'expires_at', 'last_used_at', 'may_follow'] as const;

/** Lists the API keys of a user that are not revoked, including expired ones, newest first. */
export async function listApiKeys(sql: Sql, userId: string): Promise<ApiKey[]> {
  const rows = await sql<ApiKeyRow[]>`
    SELECT ${sql(COLUMNS)} FROM api_keys WHERE user_id = ${userId} AND revoked_at IS NULL
    ORDER BY created_at DESC, id DESC`;
  return rows.map(toApiKey);
}

/** The user of a new API key, and what the user chose for it. */
export interface NewKey {
  userId: string;
  name: string;
  expiresInDays: number;
  mayFollow: boolean;
}

/**
 * Makes an API key. Only its hash is stored.
 *
 * @param tx - a transaction
 * @throws ApiError (409) if the user has {@link MOST_API_KEYS} that work
 */
export async function createApiKey(
  tx: Transaction,
  { userId, name, expiresInDays, mayFollow }: NewKey,
  at: Date,
): Promise<ApiKey & { key: string }> {
  // Concurrent requests wait for each other, so that they count each other's keys.
  await tx`SELECT FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
  const working = await tx`
    SELECT FROM api_keys WHERE user_id = ${userId} AND revoked_at IS NULL AND expires_at > ${at}`;
  if (working.count >= MOST_API_KEYS)
    throw problem(
      'conflict',
      `You have ${MOST_API_KEYS} API keys, which is the most that an account may have. Revoke one first.`,
    );
  const key = makeApiKey();
  const expiresAt = new Date(at.getTime() + expiresInDays * DAY_MS);
  const [row] = await tx<[ApiKeyRow]>`
    INSERT INTO api_keys (user_id, name, key_hash, ending, created_at, expires_at, may_follow)
    VALUES (${userId}, ${name}, ${hashApiKey(key)}, ${key.slice(-4)}, ${at}, ${expiresAt}, ${mayFollow})
    RETURNING ${tx(COLUMNS)}`;
  return { ...toApiKey(row), key };
}

/**
 * Revokes API keys for good.
 *
 * @param which - one key of a user, or all keys of a user
 * @returns the number of keys that it revoked
 */
export async function revokeApiKeys(
  tx: Transaction,
  { userId, id }: { userId: string; id?: string },
  at: Date,
): Promise<number> {
  const { count } = await tx`
    UPDATE api_keys SET revoked_at = ${at}
    WHERE user_id = ${userId} AND revoked_at IS NULL ${id === undefined ? tx`` : tx`AND id = ${id}`}`;
  return count;
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    ending: row.ending,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    mayFollow: row.may_follow,
  };
}
