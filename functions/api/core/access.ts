import { wallClock } from '../../shared/clock.ts';
import type { Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import { CONSENT_VERSION } from '../account/consent-version.ts';
import type { VerifiedToken } from './access-tokens.ts';
import { CONFIRMATION_MINUTES } from './confirmation.ts';
import type { Access, Caller, Services } from './endpoint.ts';
import type { ApiRequest } from './http.ts';
import { CHALLENGE, problem } from './problem.ts';
import { originOf, recordSecurityEvent } from './security-events.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Authenticates the caller of a request and checks that they may use the endpoint.
 *
 * @throws ApiError (401) without a valid access token, (403) if the user lacks the consent, the rights or a recent
 *   confirmation
 */
export async function authorise(
  { access, confirmation }: { access: Exclude<Access, 'public'>; confirmation?: 'recent' | undefined },
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'tokens' | 'addressOf'>,
): Promise<Caller> {
  const { sql } = services;
  const at = wallClock();
  const subject = await subjectOf(request, services, at);
  const caller = subject && (await loadCaller(sql, subject, at));
  if (!caller) throw notSignedIn(request.headers.authorization !== undefined);
  if (access === 'admin' && !caller.isAdmin) {
    await recordSecurityEvent(sql, {
      type: 'access-denied',
      userId: caller.userId,
      origin: await originOf(request, services),
      detail: { endpoint: endpointOf(request) },
    });
    throw problem(
      'not-allowed',
      'Only administrators can do this. Ask an administrator to do it, or to make you an administrator.',
    );
  }
  if (access === 'consented' && !caller.hasConsented) {
    throw problem(
      'consent-required',
      'Read the risk notice at /v1/consent, and accept it with POST /v1/me/consent.',
      {
        members: { consentVersion: CONSENT_VERSION },
      },
    );
  }
  if (confirmation && at.getTime() - caller.confirmedAt.getTime() > CONFIRMATION_MINUTES * 60_000)
    throw problem(
      'confirmation-required',
      `Confirm who you are with POST /v1/auth/confirm, then repeat this request within ${CONFIRMATION_MINUTES} minutes.`,
    );
  return caller;
}

/** The method and the path template of a request, such as `GET /v1/admin/runs/{id}`. */
export function endpointOf({ routeKey, requestContext }: ApiRequest): string {
  return `${requestContext.http.method} ${routeKey.slice(routeKey.indexOf(' ') + 1)}`;
}

/**
 * The user and the session of a request's access token; undefined without a valid one. The session may have ended. A
 * token that this service did not issue is recorded as a security event, and an expired one is not.
 */
export async function subjectOf(
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'tokens' | 'addressOf'>,
  at: Date,
): Promise<VerifiedToken | undefined> {
  const { sql, tokens } = services;
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const verified = await tokens.verify(token, at);
  if (!verified && !(await tokens.isExpired(token, at)))
    await recordSecurityEvent(sql, {
      type: 'token-refused',
      userId: null,
      origin: await originOf(request, services),
      detail: { endpoint: endpointOf(request) },
    });
  return verified;
}

interface CallerRow {
  confirmed_at: Date;
  is_admin: boolean;
  preferred_profile: Profile;
  has_consented: boolean;
}

/**
 * Loads the caller in one query. Returns undefined if the session has ended or was confirmed with newer tokens, or the
 * user is deleted, even if the token has not expired.
 */
async function loadCaller(
  sql: Sql,
  { userId, sessionId, issuedAt }: VerifiedToken,
  at: Date,
): Promise<Caller | undefined> {
  const [row] = await sql<CallerRow[]>`
    SELECT s.confirmed_at, u.is_admin, coalesce(o.preferred_profile, 'conservative') AS preferred_profile, EXISTS (
        SELECT FROM risk_consents c
        WHERE c.user_id = u.id AND c.version = ${CONSENT_VERSION} AND c.withdrawn_at IS NULL
      ) AS has_consented
    FROM sessions s
    JOIN users u ON u.id = s.user_id AND NOT u.is_deleted
    LEFT JOIN user_settings o ON o.user_id = u.id
    WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.ended_at IS NULL AND s.expires_at > ${at}`;
  // A confirmation replaces the session's tokens.
  if (!row || issuedAt < Math.floor(row.confirmed_at.getTime() / 1000)) return undefined;
  return {
    userId,
    sessionId,
    isAdmin: row.is_admin,
    confirmedAt: row.confirmed_at,
    preferredProfile: row.preferred_profile,
    hasConsented: row.has_consented,
  };
}

/** The problem for a missing or invalid token. Only the latter has `error="invalid_token"` (RFC 6750). */
function notSignedIn(hadToken: boolean) {
  if (!hadToken)
    return problem(
      'not-signed-in',
      'This request needs an access token. Log in, and send the token in the header Authorization: Bearer.',
    );
  return problem('not-signed-in', 'The access token is invalid or expired. Refresh it, or log in again.', {
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  });
}
