import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { SECURITY_EVENT_TYPES } from '../core/security-events.ts';
import { readCursor } from '../lists/cursor.ts';
import { NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';
import { choice } from '../lists/parameters.ts';
import {
  SECURITY_EVENT_ORDER as ORDER,
  OwnSecurityEvent,
  type SecurityEventRow,
  securityEventColumns,
  toOwnSecurityEvent,
} from '../resources/security-event.ts';

/** The query of GET /v1/me/security-events. */
const OwnEventsQuery = z.strictObject({
  type: choice(SECURITY_EVENT_TYPES).optional().describe('Only events of this type.'),
  ...PAGING,
});
type OwnEventsQuery = z.output<typeof OwnEventsQuery>;

const OwnEvents = z
  .strictObject({ items: z.array(OwnSecurityEvent), nextCursor: NextCursor })
  .meta({ id: 'OwnSecurityEventPage', description: 'A page of your security events.' });

/**
 * Lists the events of a user, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listOwnEvents(
  sql: Sql,
  userId: string,
  query: OwnEventsQuery,
): Promise<Page<OwnSecurityEvent>> {
  const { type, limit } = query;
  const identity = { list: 'own-security-events', userId, type };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<SecurityEventRow[]>`
    SELECT ${securityEventColumns(sql)} FROM security_events e
    WHERE e.user_id = ${userId}
      ${type === undefined ? sql`` : sql`AND e.type = ${type}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ occurred, id }) => [occurred, id]);
  return { items: shown.map(toOwnSecurityEvent), nextCursor };
}

export const listOwnSecurityEventsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/security-events',
  operationId: 'listOwnSecurityEvents',
  summary: 'List my security events',
  description:
    'Logins, refused logins and changes of your account, newest first. Events are stored for 400 days.',
  access: 'user',
  query: OwnEventsQuery,
  answer: { status: 200, schema: OwnEvents, description: 'A page of the matching events.' },
  problems: ['invalid-cursor'],
  handle: async ({ query, caller }, { sql }) => ({ body: await listOwnEvents(sql, caller.userId, query) }),
});
