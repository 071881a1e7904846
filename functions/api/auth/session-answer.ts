import type { EndpointAnswer, Services } from '../core/endpoint.ts';
import type { ApiRequest } from '../core/http.ts';
import { refreshCookie } from './cookies.ts';
import type { SessionAnswer, SessionKind } from './fields.ts';
import type { OpenSession } from './session-store.ts';
import { ACCESS_TOKEN_SECONDS } from './tokens.ts';

/**
 * The answer that starts or continues a session: the access token in the body, and the refresh token in the body or a
 * cookie.
 *
 * @throws ConfigurationError if there are no signing keys
 */
export async function sessionAnswer(
  { tokens }: Pick<Services, 'tokens'>,
  session: OpenSession,
  { kind, event, at }: { kind: SessionKind; event: ApiRequest; at: Date },
): Promise<EndpointAnswer<SessionAnswer>> {
  const inCookie = kind === 'cookie';
  const body: SessionAnswer = {
    tokenType: 'Bearer',
    accessToken: await tokens.issue(session, at),
    expiresIn: ACCESS_TOKEN_SECONDS,
    refreshToken: inCookie ? null : session.refreshToken,
    sessionExpiresAt: session.expiresAt.toISOString(),
  };
  if (!inCookie) return { body };
  return { body, cookies: [refreshCookie(event, session.refreshToken, session.expiresAt)] };
}
