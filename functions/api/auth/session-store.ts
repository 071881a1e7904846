import { createHash, randomBytes } from 'node:crypto';
import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';

/** A session ends this long after its login, however often it is refreshed. */
const SESSION_MS = 30 * 24 * 60 * 60 * 1000;

/** Sessions that are over are shown to nobody, and deleted this long after. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

const TOKEN_BYTES = 32;
const LONGEST_USER_AGENT = 200;

/** Why a session ended. */
export type EndReason =
  | 'logout'
  | 'logout-everywhere'
  | 'ended-elsewhere'
  | 'password-changed'
  | 'token-reused'
  | 'user-deleted';

/** A session that has just begun or gone on. The token is told once and stored nowhere. */
export interface OpenSession {
  sessionId: string;
  userId: string;
  refreshToken: string;
  expiresAt: Date;
}

/** What came of a refresh token that was given back. */
export type Refreshed =
  | { outcome: 'refreshed'; session: OpenSession }
  /** No such token, or its session is over. */
  | { outcome: 'ended' }
  /** It was used before: somebody has a copy, so the session is over. */
  | { outcome: 'reused'; sessionId: string }
  /** Another request with the same token was being answered while this one came. */
  | { outcome: 'overtaken' };

/**
 * Begins a session, and forgets those of the user that are long over.
 *
 * @param tx - a transaction that holds a lock on the user
 * @param userAgent - helps the user to tell sessions apart
 */
export async function beginSession(
  tx: Transaction,
  { userId, userAgent }: { userId: string; userAgent: string },
  at: Date,
): Promise<OpenSession> {
  await tx`DELETE FROM sessions WHERE user_id = ${userId} AND expires_at < ${new Date(at.getTime() - KEPT_MS)}`;
  const expiresAt = new Date(at.getTime() + SESSION_MS);
  const [row] = await tx<[{ id: string }]>`
    INSERT INTO sessions (user_id, started_at, last_used_at, expires_at, user_agent)
    VALUES (${userId}, ${at}, ${at}, ${expiresAt}, ${userAgent.slice(0, LONGEST_USER_AGENT) || null})
    RETURNING id`;
  const refreshToken = await insertToken(tx, row.id, at);
  return { sessionId: row.id, userId, refreshToken, expiresAt };
}

/**
 * Exchanges a refresh token for the next one. Each counts once: one that comes again was copied, and ends the session.
 * Only a request that came before the exchange was over is taken for the same client asking twice.
 *
 * @param arrivedAt - when the request came in
 */
export function rotateToken(sql: Sql, token: string, arrivedAt: Date): Promise<Refreshed> {
  return sql.begin(async (tx): Promise<Refreshed> => {
    const [row] = await tx<TokenRow[]>`
      SELECT t.session_id, t.rotated_at, s.user_id, s.expires_at, s.ended_at
      FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
      WHERE t.token_hash = ${hashOf(token)} FOR UPDATE`;
    const at = wallClock();
    if (!row || row.ended_at || row.expires_at <= at) return { outcome: 'ended' };
    if (row.rotated_at) {
      // Clocks count milliseconds: what came in within the same one may have come before.
      if (row.rotated_at >= arrivedAt) return { outcome: 'overtaken' };
      await endSessions(tx, { sessionId: row.session_id }, 'token-reused', at);
      return { outcome: 'reused', sessionId: row.session_id };
    }
    await tx`UPDATE refresh_tokens SET rotated_at = ${at} WHERE token_hash = ${hashOf(token)}`;
    await tx`UPDATE sessions SET last_used_at = ${at} WHERE id = ${row.session_id}`;
    const refreshToken = await insertToken(tx, row.session_id, at);
    return {
      outcome: 'refreshed',
      session: { sessionId: row.session_id, userId: row.user_id, refreshToken, expiresAt: row.expires_at },
    };
  });
}

interface TokenRow {
  session_id: string;
  rotated_at: Date | null;
  user_id: string;
  expires_at: Date;
  ended_at: Date | null;
}

/** The session of a refresh token, whether it is over or not; undefined where there is none. */
export async function sessionOfToken(sql: Sql, token: string): Promise<string | undefined> {
  const [row] = await sql<{ session_id: string }[]>`
    SELECT session_id FROM refresh_tokens WHERE token_hash = ${hashOf(token)}`;
  return row?.session_id;
}

/**
 * Ends sessions that are not over yet. Their access tokens count no longer either.
 *
 * @param which - one session, perhaps only if it is of a user, or all of a user
 * @returns how many
 */
export async function endSessions(
  sql: Sql | Transaction,
  which: { sessionId: string; userId?: string } | { userId: string },
  reason: EndReason,
  at: Date,
): Promise<number> {
  const ended = await sql`
    UPDATE sessions SET ended_at = ${at}, end_reason = ${reason}
    WHERE ended_at IS NULL
      ${'sessionId' in which ? sql`AND id = ${which.sessionId}` : sql``}
      ${which.userId === undefined ? sql`` : sql`AND user_id = ${which.userId}`}`;
  return ended.count;
}

async function insertToken(tx: Transaction, sessionId: string, at: Date): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await tx`
    INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES (${hashOf(token)}, ${sessionId}, ${at})`;
  return token;
}

/** A token is random and long: a plain hash hides it as well as a slow one would. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
