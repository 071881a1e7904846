import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { type Caller, endpoint } from '../core/endpoint.ts';
import type { SecurityEventType } from '../core/security-events.ts';
import { pageOf } from '../lists/keyset.ts';
import {
  type OwnSecurityEvent,
  SECURITY_EVENT_ORDER,
  type SecurityEventRow,
  securityEventColumns,
  toOwnSecurityEvent,
} from '../resources/security-event.ts';
import { SeenUntil, seenUntil } from './seen.ts';

/** The most notices that an account shows. */
export const MOST_NOTICES = 5;

/** Events that their user must notice. A login is one only from a new address or with a new browser. */
const NOTICED: readonly SecurityEventType[] = [
  'password-changed',
  'password-reset',
  'second-factor-enabled',
  'second-factor-disabled',
  'recovery-code-used',
  'recovery-codes-renewed',
  'api-key-created',
  'api-key-revoked',
  'alert-channel-added',
  'refresh-token-reused',
  'admin-granted',
  'admin-revoked',
];

/** Lists the newest events that the caller must notice and has not seen, without those of the caller's own session. */
export async function listNotices(
  sql: Sql,
  { userId, sessionId }: Pick<Caller, 'userId' | 'sessionId'>,
): Promise<OwnSecurityEvent[]> {
  const rows = await sql<SecurityEventRow[]>`
    SELECT ${securityEventColumns(sql)} FROM security_events e
    WHERE e.user_id = ${userId}
      AND e.occurred_at > (SELECT coalesce(notices_seen_at, created_at) FROM users WHERE id = ${userId})
      AND e.detail ->> 'sessionId' IS DISTINCT FROM ${sessionId}
      AND (e.type IN ${sql(NOTICED)}
        OR (e.type = 'login' AND 'true' IN (e.detail ->> 'isNewAddress', e.detail ->> 'isNewBrowser')))
      ${pageOf(sql, SECURITY_EVENT_ORDER, { limit: MOST_NOTICES })}`;
  return rows.slice(0, MOST_NOTICES).map(toOwnSecurityEvent);
}

/** The body of POST /v1/me/notices/seen. */
const Seen = z.strictObject({
  until: SeenUntil.describe('The `occurredAt` of the newest notice that the user has seen.'),
});

export const markNoticesSeenEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/notices/seen',
  operationId: 'markNoticesSeen',
  summary: 'Mark notices as seen',
  description:
    '`readMe` then omits the notices up to this time. A time before the previous one changes nothing. A future time is treated as now.',
  access: 'user',
  body: Seen,
  answer: { status: 204, description: 'The notices are marked as seen.' },
  handle: async ({ body, caller }, { sql }) => {
    const until = seenUntil(body.until);
    await sql`UPDATE users SET notices_seen_at = greatest(notices_seen_at, ${until}) WHERE id = ${caller.userId}`;
    return { body: undefined };
  },
});
