import { wallClock } from '../../shared/clock.ts';
import type { Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { CONSENT_VERSION } from '../account/consent-version.ts';
import type { TokenSubject } from './access-tokens.ts';
import type { Access, Caller, Services } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { CHALLENGE, problem } from './problem.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Who asks, if they may.
 *
 * @throws ApiError (401) without a token that counts, (403) if the user may not ask this
 */
export async function authorise(
  access: Exclude<Access, 'public'>,
  request: Pick<ApiRequest, 'headers'>,
  { sql, tokens }: Pick<Services, 'sql' | 'tokens'>,
): Promise<Caller> {
  const { authorization } = request.headers;
  const token = BEARER.exec(authorization ?? '')?.[1];
  const at = wallClock();
  const subject = token === undefined ? undefined : await tokens.verify(token, at);
  const caller = subject && (await loadCaller(sql, subject, at));
  if (!caller) throw notSignedIn(authorization !== undefined);
  if (access === 'admin' && !caller.isAdmin) throw problem('not-allowed', 'Only administrators may do this.');
  if (access === 'consented' && !caller.hasConsented) {
    throw problem('consent-required', 'Read the risk consent at /v1/consent and accept it first.', {
      members: { consentVersion: CONSENT_VERSION },
    });
  }
  return caller;
}

interface CallerRow {
  is_admin: boolean;
  preferred_profile: Profile;
  has_consented: boolean;
}

/**
 * The caller as the store has it now, in one query: a session that has ended or a user that was deleted counts no
 * longer, however young the token is.
 */
async function loadCaller(
  sql: Sql,
  { userId, sessionId }: TokenSubject,
  at: Date,
): Promise<Caller | undefined> {
  const [row] = await sql<CallerRow[]>`
    SELECT u.is_admin, coalesce(o.preferred_profile, 'conservative') AS preferred_profile, EXISTS (
        SELECT FROM risk_consents c
        WHERE c.user_id = u.id AND c.version = ${CONSENT_VERSION} AND c.withdrawn_at IS NULL
      ) AS has_consented
    FROM sessions s
    JOIN users u ON u.id = s.user_id AND NOT u.is_deleted
    LEFT JOIN user_settings o ON o.user_id = u.id
    WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.ended_at IS NULL AND s.expires_at > ${at}`;
  return (
    row && {
      userId,
      sessionId,
      isAdmin: row.is_admin,
      preferredProfile: row.preferred_profile,
      hasConsented: row.has_consented,
    }
  );
}

/** A client that sent a token learns that it is the token (RFC 6750). */
function notSignedIn(hadToken: boolean) {
  if (!hadToken) return problem('not-signed-in', 'Send an access token.');
  return problem('not-signed-in', 'The access token does not count.', {
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  });
}
