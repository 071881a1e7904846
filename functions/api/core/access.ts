import { wallClock } from '../../shared/clock.ts';
import type { Sql } from '../../shared/database.ts';
import { CONSENT_VERSION } from '../account/consent-version.ts';
import type { VerifiedToken } from './access-tokens.ts';
import { isApiKey } from './api-key.ts';
import { holderOf, type KeyHolder } from './api-key-access.ts';
import { CONFIRMATION_MINUTES } from './confirmation.ts';
import { type Access, type Caller, isForApiKeys, type Reader, type Services } from './endpoint.ts';
import { type ApiRequest, endpointOf } from './http.ts';
import { CHALLENGE, problem } from './problem.ts';
import { type ReaderRow, readerColumns, toReader } from './reader.ts';
import { originOf, recordForgedToken, recordSecurityEvent } from './security-events.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Authenticates the caller of a request and checks that they may use the endpoint.
 *
 * @returns a {@link Caller}, or with an API key a {@link Reader}
 * @throws ApiError (401) without a valid access token or API key, (403) if the user lacks the consent, the rights or a
 *   recent confirmation, (429) if an API key sends too many requests
 */
export async function authorise(
  { access, confirmation }: { access: Exclude<Access, 'public'>; confirmation?: 'recent' | undefined },
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'tokens' | 'addressOf'>,
): Promise<Reader> {
  const at = wallClock();
  const token = tokenOf(request);
  if (token !== undefined && isApiKey(token)) {
    if (!isForApiKeys(access)) throw notForKeys();
    return permit(access, await holderOf(token, request, services, at));
  }
  const { sql } = services;
  const subject = await subjectOf(request, services, at);
  const caller = subject && (await loadCaller(sql, subject, at));
  if (!caller) throw notSignedIn(request.headers.authorization !== undefined, access);
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
  if (confirmation && at.getTime() - caller.confirmedAt.getTime() > CONFIRMATION_MINUTES * 60_000)
    throw problem(
      'confirmation-required',
      `Confirm who you are with POST /v1/auth/confirm, then repeat this request within ${CONFIRMATION_MINUTES} minutes.`,
    );
  return requireConsent(access, caller);
}

/**
 * Authenticates a program by its API key alone. An access token is refused.
 *
 * @throws ApiError (401) without a valid API key, (429) if the key is used too often
 */
export async function authenticateProgram(
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'addressOf'>,
): Promise<KeyHolder> {
  const key = tokenOf(request);
  if (key === undefined || !isApiKey(key))
    throw problem(
      'not-signed-in',
      'This request needs an API key, which begins with bmk_. Make one in the settings, and send it in the header Authorization: Bearer.',
    );
  return holderOf(key, request, services, wallClock());
}

/**
 * Checks that the holder of an API key may use an endpoint.
 *
 * @throws ApiError (403) if the user lacks the consent, or the key the right
 */
export function permit(access: Access, { reader, mayFollow }: KeyHolder): Reader {
  if (!isForApiKeys(access)) throw notForKeys();
  if (access === 'follower' && !mayFollow) throw keyOnlyReads();
  return requireConsent(access, reader);
}

function requireConsent<R extends Reader>(access: Access, reader: R): R {
  if (access !== 'consented' || reader.hasConsented) return reader;
  throw problem(
    'consent-required',
    'Read the risk notice at /v1/consent, and accept it with POST /v1/me/consent.',
    { members: { consentVersion: CONSENT_VERSION } },
  );
}

/** The refusal depends on the endpoint alone, so it does not reveal whether the key is valid. */
function notForKeys() {
  return keyRefused(
    'An API key cannot do this: it is for market data, recommendations and the watchlist. Log in, and send the access token.',
  );
}

function keyOnlyReads() {
  return keyRefused(
    'This API key only reads. Make a key that may change your watchlist in the settings, and send that one.',
  );
}

function keyRefused(detail: string) {
  return problem('not-allowed', detail, {
    headers: { 'www-authenticate': `${CHALLENGE}, error="insufficient_scope"` },
  });
}

/** The bearer token of a request; undefined without one. */
function tokenOf(request: ApiRequest): string | undefined {
  return BEARER.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * The user and the session of a request's access token; undefined without a valid one, and for an API key. The session
 * may have ended. A token that this service did not issue is recorded as a security event, and an expired one is not.
 */
export async function subjectOf(
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'tokens' | 'addressOf'>,
  at: Date,
): Promise<VerifiedToken | undefined> {
  const { tokens } = services;
  const token = tokenOf(request);
  if (token === undefined || isApiKey(token)) return undefined;
  const verified = await tokens.verify(token, at);
  if (!verified && !(await tokens.isExpired(token, at))) await recordForgedToken(request, services);
  return verified;
}

interface CallerRow extends ReaderRow {
  confirmed_at: Date;
  is_admin: boolean;
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
    SELECT s.confirmed_at, u.is_admin, ${readerColumns(sql)}
    FROM sessions s
    JOIN users u ON u.id = s.user_id AND NOT u.is_deleted
    LEFT JOIN user_settings o ON o.user_id = u.id
    WHERE s.id = ${sessionId} AND s.user_id = ${userId} AND s.ended_at IS NULL AND s.expires_at > ${at}`;
  // A confirmation replaces the session's tokens.
  if (!row || issuedAt < Math.floor(row.confirmed_at.getTime() / 1000)) return undefined;
  return { ...toReader(row), sessionId, isAdmin: row.is_admin, confirmedAt: row.confirmed_at };
}

/** The problem for a missing or invalid token. Only the latter has `error="invalid_token"` (RFC 6750). */
function notSignedIn(hadToken: boolean, access: Access) {
  if (!hadToken)
    return problem(
      'not-signed-in',
      isForApiKeys(access)
        ? 'This request needs an access token or an API key. Send it in the header Authorization: Bearer.'
        : 'This request needs an access token. Log in, and send the token in the header Authorization: Bearer.',
    );
  return problem('not-signed-in', 'The access token is invalid or expired. Refresh it, or log in again.', {
    headers: { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
  });
}
