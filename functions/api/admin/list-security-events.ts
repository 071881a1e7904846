import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { SECURITY_EVENT_TYPES } from '../core/security-events.ts';
import { readCursor } from '../lists/cursor.ts';
import { assertOrdered, withinDays } from '../lists/day-range.ts';
import { Id, NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice, dayParameter } from '../lists/parameters.ts';
import {
  SECURITY_EVENT_ORDER as ORDER,
  SECURITY_EVENT_FIELDS,
  type SecurityEventRow,
  securityEventColumns,
} from '../resources/security-event.ts';

/** The query of GET /v1/admin/security-events. */
const EventsQuery = z.strictObject({
  type: choice(SECURITY_EVENT_TYPES).optional().describe('Only events of this type.'),
  userId: Id.optional().describe('Only events about this user, or by this administrator.'),
  from: dayParameter()
    .optional()
    .describe('First day (UTC), inclusive; without it, the oldest stored event.'),
  to: dayParameter().optional().describe('Last day (UTC), inclusive; without it, the newest event.'),
  ...PAGING,
});
type EventsQuery = z.output<typeof EventsQuery>;

const email = (description: string) => z.string().nullable().describe(description);

/** An event, as administrators see it. */
const AdminSecurityEvent = z
  .strictObject({
    ...SECURITY_EVENT_FIELDS,
    userId: Id.nullable().describe(
      'The user whose account was used or changed; null if the e-mail address has no account.',
    ),
    userEmail: email("The user's e-mail address; null if there is no user, or if it is erased."),
    actorId: Id.nullable().describe('The administrator who changed another user; null otherwise.'),
    actorEmail: email("The administrator's e-mail address; null if there is none, or if it is erased."),
    networkAddress: z
      .string()
      .nullable()
      .describe(
        'The IP address of the request, for IPv6 its /64 network; null if there was no request, or if it is erased.',
      ),
    requestId: z
      .string()
      .nullable()
      .describe('The id of the request in the logs; null if there was no request.'),
  })
  .meta({ id: 'AdminSecurityEvent', description: 'A security event, as administrators see it.' });
type AdminSecurityEvent = z.output<typeof AdminSecurityEvent>;

const Events = z
  .strictObject({ items: z.array(AdminSecurityEvent), nextCursor: NextCursor })
  .meta({ id: 'AdminSecurityEventPage', description: 'A page of security events.' });

type Row = SecurityEventRow & { user_email: string | null; actor_email: string | null };

/**
 * Lists security events, newest first.
 *
 * @throws ApiError (400) if the first day is later than the last, or the cursor is not one of this list
 */
export async function listSecurityEvents(sql: Sql, query: EventsQuery): Promise<Page<AdminSecurityEvent>> {
  const { type, userId, from, to, limit } = query;
  assertOrdered({ from, to });
  const identity = { list: 'security-events', type, userId, from, to };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<Row[]>`
    SELECT ${securityEventColumns(sql)}, u.email AS user_email, a.email AS actor_email
    FROM security_events e LEFT JOIN users u ON u.id = e.user_id LEFT JOIN users a ON a.id = e.actor_id
    WHERE true
      ${type === undefined ? sql`` : sql`AND e.type = ${type}`}
      ${userId === undefined ? sql`` : sql`AND (e.user_id = ${userId} OR e.actor_id = ${userId})`}
      ${withinDays(sql, 'e.occurred_at', { from, to })}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ occurred, id }) => [occurred, id]);
  return { items: shown.map(toItem), nextCursor };
}

function toItem(row: Row): AdminSecurityEvent {
  return {
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    type: row.type,
    userId: row.user_id,
    userEmail: row.user_email,
    actorId: row.actor_id,
    actorEmail: row.actor_email,
    networkAddress: row.network_address,
    userAgent: row.user_agent,
    requestId: row.request_id,
    detail: row.detail,
  };
}

export const listSecurityEventsEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/security-events',
  operationId: 'listSecurityEvents',
  summary: 'List security events',
  description:
    'Logins, refusals, and changes of accounts and rights, newest first. Events are stored for 400 days.',
  access: 'admin',
  query: EventsQuery,
  answer: { status: 200, schema: Events, description: 'A page of the matching events.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listSecurityEvents(sql, query) }),
});
