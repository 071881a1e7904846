import * as z from 'zod';
import { CHANNEL_KINDS, type ChannelKind } from '../../alerts/contracts.ts';
import type { Sql } from '../../shared/database.ts';
import { endpoint } from '../core/endpoint.ts';
import { readCursor } from '../lists/cursor.ts';
import { Id, Instant, NextCursor } from '../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../lists/keyset.ts';
import { PAGING, type Page } from '../lists/paging.ts';

const MessagesQuery = z.strictObject({
  userId: Id.optional().describe('Only messages of this user.'),
  ...PAGING,
});
type MessagesQuery = z.output<typeof MessagesQuery>;

const UndeliveredMessage = z
  .strictObject({
    id: Id,
    userId: Id.describe('The user for whom the message was.'),
    channelKind: z.enum(CHANNEL_KINDS).describe('How the message travels.'),
    kind: z.enum(['changes', 'digest', 'test']).describe('What the message is.'),
    createdAt: Instant.describe('When the message was written, in UTC.'),
    endedAt: Instant.describe('When it was given up, in UTC.'),
    attempts: z.int().describe('How often it was attempted.'),
    reason: z.string().nullable().describe('Why it could not be delivered, in a sentence.'),
  })
  .meta({
    id: 'UndeliveredMessage',
    description: 'A message that could not be delivered, without its content and its address.',
  });
type UndeliveredMessage = z.output<typeof UndeliveredMessage>;

const UndeliveredMessages = z
  .strictObject({ items: z.array(UndeliveredMessage), nextCursor: NextCursor })
  .meta({ id: 'UndeliveredMessagePage', description: 'A page of undelivered messages.' });

/** Newest first. Ids begin with the time. */
const ORDER: SortOrder = { columns: [{ column: 'm.id', kind: 'uuid' }], descending: true };

interface Row {
  id: string;
  user_id: string;
  channel_kind: ChannelKind;
  kind: UndeliveredMessage['kind'];
  created_at: Date;
  ended_at: Date;
  attempts: number;
  reason: string | null;
}

/**
 * Lists the undelivered messages of all users, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
async function listUndelivered(sql: Sql, query: MessagesQuery): Promise<Page<UndeliveredMessage>> {
  const { userId, limit } = query;
  const identity = { list: 'undelivered-messages', userId };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<Row[]>`
    SELECT m.id, m.user_id, h.kind AS channel_kind, m.kind, m.created_at, m.ended_at, m.attempts, m.reason
    FROM alert_messages m JOIN alert_channels h ON h.id = m.channel_id
    WHERE m.state = 'dead' ${userId === undefined ? sql`` : sql`AND m.user_id = ${userId}`}
      ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  const items = shown.map((row) => ({
    id: row.id,
    userId: row.user_id,
    channelKind: row.channel_kind,
    kind: row.kind,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    attempts: row.attempts,
    reason: row.reason,
  }));
  return { items, nextCursor };
}

export const listUndeliveredMessagesEndpoint = endpoint({
  group: 'admin',
  method: 'GET',
  path: '/v1/admin/alert-messages',
  operationId: 'listUndeliveredMessages',
  summary: 'List undelivered messages',
  description:
    'Messages to users that could not be delivered, newest first, for 30 days. Without addresses and content.',
  access: 'admin',
  query: MessagesQuery,
  answer: { status: 200, schema: UndeliveredMessages, description: 'A page of the matching messages.' },
  problems: ['invalid-cursor'],
  handle: async ({ query }, { sql }) => ({ body: await listUndelivered(sql, query) }),
});
