import type { Sql } from '../../shared/database.ts';
import { API_KEY_LENGTH, hashApiKey, isWholeApiKey } from './api-key.ts';
import type { Reader, Services } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { CHALLENGE, problem } from './problem.ts';
import { type ReaderRow, readerColumns, toReader } from './reader.ts';
import { countRequest } from './request-rate.ts';
import { recordForgedToken } from './security-events.ts';
import { logger } from './telemetry.ts';

/** The last use is stored at most this often, so that most requests write nothing. */
const USE_NOTED_EVERY_MS = 60_000;

/** Why an API key is refused, and what its owner can do. */
const REFUSALS = {
  malformed: `The API key is incomplete or has a typing error. It begins with bmk_ and has ${API_KEY_LENGTH} characters.`,
  unknown: 'There is no such API key. Make a new one in the settings.',
  revoked: 'The API key was revoked. Make a new one in the settings.',
  expired: 'The API key has expired. Make a new one in the settings.',
} as const;

interface KeyRow extends ReaderRow {
  id: string;
  expires_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
  is_deleted: boolean;
  may_follow: boolean;
}

/** The user of an API key, and what the key may do besides reading. */
export interface KeyHolder {
  reader: Reader;
  /** The key may change the user's watchlist. */
  mayFollow: boolean;
}

/**
 * The user of an API key, which is not cached: a revoked key ends with the next request.
 *
 * Only the holder of a key learns that it was revoked or has expired. A key that is not whole is refused without the
 * database, which reveals only the public form of keys.
 *
 * @throws ApiError (401, api-key-refused) if the key is not valid, (429) if it is used too often
 */
export async function holderOf(
  key: string,
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'addressOf'>,
  at: Date,
): Promise<KeyHolder> {
  const { sql } = services;
  if (!isWholeApiKey(key)) throw refused('malformed');
  const row = await loadKey(sql, key);
  if (!row) {
    await recordForgedToken(request, services);
    throw refused('unknown');
  }
  if (row.revoked_at || row.is_deleted) throw refused('revoked');
  if (row.expires_at <= at) throw refused('expired');
  countRequest(row.id, at);
  await noteUse(sql, row, at);
  return { reader: toReader(row), mayFollow: row.may_follow };
}

async function loadKey(sql: Sql, key: string): Promise<KeyRow | undefined> {
  const [row] = await sql<KeyRow[]>`
    SELECT k.id, k.expires_at, k.last_used_at, k.revoked_at, k.may_follow, u.is_deleted, ${readerColumns(sql)}
    FROM api_keys k
    JOIN users u ON u.id = k.user_id
    LEFT JOIN user_settings o ON o.user_id = u.id
    WHERE k.key_hash = ${hashApiKey(key)}`;
  return row;
}

/** Stores the time of a use, unless another one was stored in the last minute. A failure does not fail the request. */
async function noteUse(sql: Sql, { id, last_used_at }: KeyRow, at: Date): Promise<void> {
  const stale = new Date(at.getTime() - USE_NOTED_EVERY_MS);
  if (last_used_at && last_used_at > stale) return;
  try {
    await sql`
      UPDATE api_keys SET last_used_at = ${at}
      WHERE id = ${id} AND (last_used_at IS NULL OR last_used_at <= ${stale})`;
  } catch (error) {
    logger.warn('use of an API key not stored', {
      apiKeyId: id,
      error: error instanceof Error ? error.name : typeof error,
    });
  }
}

function refused(reason: keyof typeof REFUSALS) {
  return problem('api-key-refused', REFUSALS[reason], {
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
    members: { reason },
  });
}
