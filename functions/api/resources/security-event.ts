import * as z from 'zod';
import type { Sql } from '../../shared/database.ts';
import { SECURITY_EVENT_TYPES, type SecurityEventType } from '../core/security-events.ts';
import { Id, Instant } from '../lists/fields.ts';
import { instantKey, type SortOrder } from '../lists/keyset.ts';

/** Fields of an event that users and administrators see. */
export const SECURITY_EVENT_FIELDS = {
  id: Id,
  occurredAt: Instant.describe('When it happened, in UTC.'),
  type: z.enum(SECURITY_EVENT_TYPES).describe('What happened.'),
  userAgent: z.string().nullable().describe('The `User-Agent` of the browser or program; null if unknown.'),
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Identifiers of what the event is about, such as `sessionId` or `runId`. Never a secret.'),
};

/** An event of the user's own account. */
export const OwnSecurityEvent = z
  .strictObject({
    ...SECURITY_EVENT_FIELDS,
    networkAddress: z
      .string()
      .nullable()
      .describe(
        'The IP address of the request, for IPv6 its /64 network; null if an administrator or an operator made the change.',
      ),
    isByAdministrator: z.boolean().describe('Whether an administrator made the change.'),
  })
  .meta({ id: 'OwnSecurityEvent', description: 'A security event of your account.' });
export type OwnSecurityEvent = z.output<typeof OwnSecurityEvent>;

/** Newest first. */
export const SECURITY_EVENT_ORDER: SortOrder = {
  columns: [
    { column: 'e.occurred_at', kind: 'instant' },
    { column: 'e.id', kind: 'uuid' },
  ],
  descending: true,
};

export interface SecurityEventRow {
  id: string;
  occurred_at: Date;
  /** The time as a cursor key. */
  occurred: string;
  type: SecurityEventType;
  user_id: string | null;
  actor_id: string | null;
  network_address: string | null;
  user_agent: string | null;
  request_id: string | null;
  detail: Record<string, string | number | boolean>;
}

/** The columns of {@link SecurityEventRow} of the table `e`. */
export function securityEventColumns(sql: Sql) {
  return sql`e.id, e.occurred_at, ${sql.unsafe(instantKey('e.occurred_at'))} AS occurred, e.type, e.user_id,
    e.actor_id, e.network_address, e.user_agent, e.request_id, e.detail`;
}

/** Converts a row to the form that its user sees, without the address and the browser of an administrator. */
export function toOwnSecurityEvent(row: SecurityEventRow): OwnSecurityEvent {
  const isByAdministrator = row.actor_id !== null;
  return {
    id: row.id,
    occurredAt: row.occurred_at.toISOString(),
    type: row.type,
    networkAddress: isByAdministrator ? null : row.network_address,
    userAgent: isByAdministrator ? null : row.user_agent,
    isByAdministrator,
    detail: row.detail,
  };
}
