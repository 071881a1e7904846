import { isIP } from 'node:net';
import { wallClock } from '../../shared/clock.ts';
import type { Sql, Transaction } from '../../shared/database.ts';
import type { Services } from './endpoint.ts';
import { type ApiRequest, endpointOf } from './http.ts';
import { logger } from './telemetry.ts';

/** Every type of security event. docs/operations.md explains them to administrators. */
export const SECURITY_EVENT_TYPES = [
  'registered',
  'login',
  'login-refused',
  'login-throttled',
  'logout',
  'sessions-ended',
  'session-ended',
  'refresh-token-reused',
  'password-changed',
  'password-reset',
  'second-factor-enabled',
  'second-factor-disabled',
  'recovery-code-used',
  'recovery-codes-renewed',
  'api-key-created',
  'api-key-revoked',
  'alert-channel-added',
  'alert-channel-removed',
  'confirmed',
  'confirmation-refused',
  'admin-granted',
  'admin-revoked',
  'user-deleted',
  'user-restored',
  'account-deleted',
  'account-erased',
  'data-exported',
  'consent-accepted',
  'consent-withdrawn',
  'access-denied',
  'token-refused',
  'cookie-refused',
  'model-promoted',
  'run-started',
] as const;
export type SecurityEventType = (typeof SECURITY_EVENT_TYPES)[number];

/** Where a request comes from. */
export interface Origin {
  /** The address to which the throttle assigns the request: for IPv6 its /64 network. */
  address: string;
  userAgent: string;
  requestId: string;
}

/** Something that happened to an account or to an administrator's rights. */
export interface SecurityEvent {
  type: SecurityEventType;
  /** The user whose account was used or changed; null if the e-mail address has no account. */
  userId: string | null;
  /** The administrator who changed another user. */
  actorId?: string | undefined;
  /** Null for the command line and for operators, who send no request. */
  origin: Origin | null;
  /** Identifiers and versions. Never a secret or a text that the caller typed. */
  detail?: Readonly<Record<string, string | number | boolean>>;
}

const MAX_USER_AGENT_LENGTH = 200;

/** A user agent as the database stores it; null if the request has none. */
export function storedUserAgent(userAgent: string): string | null {
  return userAgent.slice(0, MAX_USER_AGENT_LENGTH) || null;
}

/** The most events of one type about one user from one address that an hour stores. A loop fills no table. */
export const HOURLY_LIMIT_PER_PLACE = 100;

/** The most events of one type in {@link REFUSALS} that an hour stores, from all addresses together. */
export const HOURLY_LIMIT_OF_REFUSALS = 1000;

/** Events that a caller without any rights can cause. */
const REFUSALS: ReadonlySet<SecurityEventType> = new Set([
  'login-refused',
  'login-throttled',
  'confirmation-refused',
  'access-denied',
  'token-refused',
  'cookie-refused',
]);

/**
 * The origin of a request. Call it before a transaction begins, because it may read a secret.
 *
 * @throws ConfigurationError if the request claims to come through CloudFront and the secret cannot be read
 */
export async function originOf(
  event: ApiRequest,
  { addressOf }: Pick<Services, 'addressOf'>,
): Promise<Origin> {
  const { requestId, http } = event.requestContext;
  return { address: await addressOf(event), userAgent: http.userAgent, requestId };
}

/** The address of an origin as Postgres stores it; null if the gateway gave none. */
export function networkAddress({ address }: Origin): string | null {
  return isIP(address.replace(/[/]64$/, '')) === 0 ? null : address;
}

/**
 * Records a security event as a row and, if a request caused it, as a line of the log under the request's id.
 *
 * A change is recorded in its own transaction, so that neither exists without the other. A refusal is recorded with a
 * client outside the transaction that rolls back. Beyond the hourly limits only the log has the event.
 *
 * The line omits addresses and user agents, because the log cannot erase them.
 */
export async function recordSecurityEvent(
  sql: Sql | Transaction,
  { type, userId, actorId, origin, detail = {} }: SecurityEvent,
): Promise<void> {
  const at = wallClock();
  const hourAgo = new Date(at.getTime() - 60 * 60 * 1000);
  const address = origin && networkAddress(origin);
  const actor = actorId === undefined || actorId === userId ? null : actorId;
  await sql`
    INSERT INTO security_events (occurred_at, type, user_id, actor_id, network_address, user_agent, request_id, detail)
    SELECT ${at}::timestamptz, ${type}::text, ${userId}::uuid, ${actor}::uuid, ${address}::text::inet,
      ${origin && storedUserAgent(origin.userAgent)}::text, ${origin?.requestId ?? null}::text,
      ${sql.json(detail)}::jsonb
    WHERE (
      SELECT count(*) FROM (
        SELECT FROM security_events
        WHERE user_id ${userId === null ? sql`IS NULL` : sql`= ${userId}`} AND type = ${type}
          AND occurred_at > ${hourAgo} AND actor_id IS NOT DISTINCT FROM ${actor}::uuid
          AND network_address IS NOT DISTINCT FROM ${address}::text::inet
        LIMIT ${HOURLY_LIMIT_PER_PLACE}
      ) AS alike
    ) < ${HOURLY_LIMIT_PER_PLACE}
    ${
      REFUSALS.has(type)
        ? sql`AND (
      SELECT count(*) FROM (
        SELECT FROM security_events WHERE type = ${type} AND occurred_at > ${hourAgo}
        LIMIT ${HOURLY_LIMIT_OF_REFUSALS}
      ) AS refused
    ) < ${HOURLY_LIMIT_OF_REFUSALS}`
        : sql``
    }`;
  if (!origin) return;
  logger.info('security event', {
    type,
    ...(userId !== null && { userId }),
    ...(actor !== null && { actorId: actor }),
    requestId: origin.requestId,
    ...detail,
  });
}

/** Records that a request has a token or an API key that this service did not issue. */
export async function recordForgedToken(
  request: ApiRequest,
  services: Pick<Services, 'sql' | 'addressOf'>,
): Promise<void> {
  await recordSecurityEvent(services.sql, {
    type: 'token-refused',
    userId: null,
    origin: await originOf(request, services),
    detail: { endpoint: endpointOf(request) },
  });
}
