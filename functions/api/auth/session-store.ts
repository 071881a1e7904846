import { createHash, randomBytes } from 'node:crypto';
import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import { DAY_MS } from '../../shared/days.ts';
import { type Origin, recordSecurityEvent, storedUserAgent } from '../core/security-events.ts';

/** A session ends this long after its login, even if it is refreshed. docs/security.md gives the reasons. */
const SESSION_MS = 30 * DAY_MS;

/** A session ends this long after its last refresh. */
const IDLE_MS = 14 * DAY_MS;

/** Ended sessions are hidden at once, and deleted after this time. */
const KEPT_MS = 30 * DAY_MS;

/**
 * Within this time, a second use of the newest exchanged token is a duplicate, as two tabs send it. It gets no token, so
 * a thief gains nothing.
 */
const DUPLICATE_MS = 10_000;

const TOKEN_BYTES = 32;

/** Why a session ended. */
export type EndReason =
  | 'logout'
  | 'logout-everywhere'
  | 'ended-elsewhere'
  | 'password-changed'
  | 'password-reset'
  | 'token-reused'
  | 'user-deleted';

/** A session that was just started or refreshed. The refresh token is returned once and stored only as a hash. */
export interface OpenSession {
  sessionId: string;
  userId: string;
  refreshToken: string;
  expiresAt: Date;
}

/** The result of an exchange of a refresh token. */
export type Refreshed =
  | { outcome: 'refreshed'; session: OpenSession }
  /** The token is unknown, or its session has ended. */
  | { outcome: 'ended' }
  /** The token was already used, so somebody may have a copy. The session was ended. */
  | { outcome: 'reused'; sessionId: string }
  /** Another request has just exchanged the same token. */
  | { outcome: 'overtaken' };

/**
 * Starts a session, and deletes the user's old ones.
 *
 * @param tx - a transaction that has locked the user
 * @param userAgent - shown to the user in the list of sessions
 */
export async function beginSession(
  tx: Transaction,
  { userId, userAgent }: { userId: string; userAgent: string },
  at: Date,
): Promise<OpenSession> {
  await tx`DELETE FROM sessions WHERE user_id = ${userId} AND expires_at < ${new Date(at.getTime() - KEPT_MS)}`;
  const expiresAt = expiryOf(at, at);
  const [row] = await tx<[{ id: string }]>`
    INSERT INTO sessions (user_id, started_at, confirmed_at, last_used_at, expires_at, user_agent)
    VALUES (${userId}, ${at}, ${at}, ${at}, ${expiresAt}, ${storedUserAgent(userAgent)})
    RETURNING id`;
  const refreshToken = await insertToken(tx, row.id, at);
  return { sessionId: row.id, userId, refreshToken, expiresAt };
}

/**
 * Exchanges a refresh token for the next one. A token works once: of concurrent requests, the first to lock its row gets
 * the next token. A second use within {@link DUPLICATE_MS}, before the next token is used, is a duplicate of the same
 * client. Any other second use means that the token was copied, and ends the session.
 */
export function rotateToken(sql: Sql, token: string, origin: Origin): Promise<Refreshed> {
  return sql.begin(async (tx): Promise<Refreshed> => {
    const [row] = await tx<TokenRow[]>`
      SELECT t.session_id, t.rotated_at, s.user_id, s.started_at, s.last_used_at, s.expires_at, s.ended_at
      FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
      WHERE t.token_hash = ${hashOf(token)} FOR UPDATE`;
    const at = wallClock();
    if (!row || row.ended_at || row.expires_at <= at) return { outcome: 'ended' };
    if (row.rotated_at) {
      // An exchange sets both times, so they are equal until the next token is used.
      const isNewest = row.last_used_at.getTime() === row.rotated_at.getTime();
      if (isNewest && at.getTime() - row.rotated_at.getTime() < DUPLICATE_MS) return { outcome: 'overtaken' };
      await endSessions(tx, { sessionId: row.session_id }, 'token-reused', at);
      await recordSecurityEvent(tx, {
        type: 'refresh-token-reused',
        userId: row.user_id,
        origin,
        detail: { sessionId: row.session_id },
      });
      return { outcome: 'reused', sessionId: row.session_id };
    }
    await tx`UPDATE refresh_tokens SET rotated_at = ${at} WHERE token_hash = ${hashOf(token)}`;
    const expiresAt = expiryOf(row.started_at, at);
    await tx`
      UPDATE sessions SET last_used_at = ${at}, expires_at = ${expiresAt} WHERE id = ${row.session_id}`;
    const refreshToken = await insertToken(tx, row.session_id, at);
    return {
      outcome: 'refreshed',
      session: { sessionId: row.session_id, userId: row.user_id, refreshToken, expiresAt },
    };
  });
}

/**
 * Confirms an open session, and replaces its tokens. Access tokens that were issued before no longer work.
 *
 * @returns undefined if the session has ended
 */
export async function confirmSession(
  tx: Transaction,
  { userId, sessionId }: Pick<OpenSession, 'userId' | 'sessionId'>,
  at: Date,
): Promise<OpenSession | undefined> {
  // Waits for a refresh, which locks its token before the session. The update below then sees the token that it made.
  await tx`SELECT FROM refresh_tokens WHERE session_id = ${sessionId} AND rotated_at IS NULL FOR UPDATE`;
  const [row] = await tx<{ started_at: Date }[]>`
    SELECT started_at FROM sessions
    WHERE id = ${sessionId} AND user_id = ${userId} AND ended_at IS NULL AND expires_at > ${at} FOR UPDATE`;
  if (!row) return undefined;
  const expiresAt = expiryOf(row.started_at, at);
  await tx`UPDATE refresh_tokens SET rotated_at = ${at} WHERE session_id = ${sessionId} AND rotated_at IS NULL`;
  await tx`
    UPDATE sessions SET confirmed_at = ${at}, last_used_at = ${at}, expires_at = ${expiresAt} WHERE id = ${sessionId}`;
  return { sessionId, userId, refreshToken: await insertToken(tx, sessionId, at), expiresAt };
}

interface TokenRow {
  session_id: string;
  rotated_at: Date | null;
  user_id: string;
  started_at: Date;
  last_used_at: Date;
  expires_at: Date;
  ended_at: Date | null;
}

/** When a session expires if nobody refreshes it again. */
function expiryOf(startedAt: Date, usedAt: Date): Date {
  return new Date(Math.min(startedAt.getTime() + SESSION_MS, usedAt.getTime() + IDLE_MS));
}

/** The session of a refresh token, ended or not; undefined if there is none. */
export async function sessionOfToken(sql: Sql, token: string): Promise<string | undefined> {
  const [row] = await sql<{ session_id: string }[]>`
    SELECT session_id FROM refresh_tokens WHERE token_hash = ${hashOf(token)}`;
  return row?.session_id;
}

/**
 * Ends sessions, which also invalidates their access tokens.
 *
 * @param which - one session, optionally only if it belongs to a user, or all sessions of a user
 * @returns the sessions that it ended
 */
export async function endSessions(
  sql: Sql | Transaction,
  which: { sessionId: string; userId?: string } | { userId: string },
  reason: EndReason,
  at: Date,
): Promise<EndedSession[]> {
  return sql<EndedSession[]>`
    UPDATE sessions SET ended_at = ${at}, end_reason = ${reason}
    WHERE ended_at IS NULL
      ${'sessionId' in which ? sql`AND id = ${which.sessionId}` : sql``}
      ${which.userId === undefined ? sql`` : sql`AND user_id = ${which.userId}`}
    RETURNING id AS "sessionId", user_id AS "userId"`;
}

interface EndedSession {
  sessionId: string;
  userId: string;
}

async function insertToken(tx: Transaction, sessionId: string, at: Date): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await tx`
    INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES (${hashOf(token)}, ${sessionId}, ${at})`;
  return token;
}

/** Tokens are long and random, so a fast hash protects them as well as a slow one. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
