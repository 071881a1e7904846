import * as z from 'zod';
import { CHANNEL_KINDS, type ChannelKind } from '../../../alerts/contracts.ts';
import { PROFILES, type Profile } from '../../../shared/constants.ts';
import type { Sql, Transaction } from '../../../shared/database.ts';
import { DAY_MS } from '../../../shared/days.ts';
import { problem } from '../../core/problem.ts';
import { readCursor } from '../../lists/cursor.ts';
import { Id, Instant } from '../../lists/fields.ts';
import { keySchemas, pageOf, type SortOrder, toPage } from '../../lists/keyset.ts';
import type { Page } from '../../lists/paging.ts';
import { countTest } from './test-messages.ts';

export const MESSAGE_STATES = ['pending', 'sent', 'dead', 'dropped'] as const;
type MessageState = (typeof MESSAGE_STATES)[number];

export const AlertMessage = z
  .strictObject({
    id: Id.describe('The id, which every attempt carries as its idempotency key.'),
    channelId: Id.describe('The channel that the message is for.'),
    channelName: z.string().describe('The name of the channel.'),
    channelKind: z.enum(CHANNEL_KINDS).describe('How the message travels.'),
    kind: z
      .enum(['changes', 'digest', 'test'])
      .describe('`changes`: soon after calls changed. `digest`: of a day or a week. `test`: a test message.'),
    profile: z.enum(PROFILES).describe('The risk profile of the calls.'),
    changes: z.int().describe('How many changes the message was made for.'),
    state: z
      .enum(MESSAGE_STATES)
      .describe(
        '`pending`: waits for an attempt. `dead`: could not be delivered. `dropped`: no longer wanted, for example because you stopped following the stocks.',
      ),
    createdAt: Instant.describe('When the message was written, in UTC.'),
    attempts: z.int().describe('Attempts so far.'),
    nextAttemptAt: Instant.nullable().describe(
      'When the next attempt is due, in UTC; null if there is none. Quiet hours may delay it.',
    ),
    endedAt: Instant.nullable().describe('When the message was sent or given up, in UTC; null before.'),
    reason: z
      .string()
      .nullable()
      .describe('Why the last attempt failed, or why the message ended, in a sentence; null otherwise.'),
  })
  .meta({ id: 'AlertMessage', description: 'A message to one channel.' });
export type AlertMessage = z.output<typeof AlertMessage>;

/** Newest first. Ids begin with the time. */
const ORDER: SortOrder = { columns: [{ column: 'm.id', kind: 'uuid' }], descending: true };

interface MessageRow {
  id: string;
  channel_id: string;
  channel_name: string;
  channel_kind: ChannelKind;
  kind: AlertMessage['kind'];
  profile: Profile;
  changes: number;
  state: MessageState;
  created_at: Date;
  attempts: number;
  next_attempt_at: Date;
  ended_at: Date | null;
  reason: string | null;
}

function messages(sql: Sql | Transaction) {
  return sql`
    SELECT m.id, m.channel_id, h.name AS channel_name, h.kind AS channel_kind, m.kind, m.profile,
      cardinality(m.change_ids) AS changes, m.state, m.created_at, m.attempts, m.next_attempt_at, m.ended_at, m.reason
    FROM alert_messages m JOIN alert_channels h ON h.id = m.channel_id`;
}

/**
 * Lists the messages of a user, newest first.
 *
 * @throws ApiError (400, invalid-cursor)
 */
export async function listMessages(
  sql: Sql,
  userId: string,
  query: { state?: MessageState | undefined; limit: number; cursor?: string | undefined },
): Promise<Page<AlertMessage>> {
  const { state, limit } = query;
  const identity = { list: 'alert-messages', userId, state };
  const keys = readCursor(identity, keySchemas(ORDER), query.cursor);
  const rows = await sql<MessageRow[]>`
    ${messages(sql)} WHERE m.user_id = ${userId}
      ${state === undefined ? sql`` : sql`AND m.state = ${state}`} ${pageOf(sql, ORDER, { keys, limit })}`;
  const { shown, nextCursor } = toPage(rows, limit, identity, ({ id }) => [id]);
  return { items: shown.map(toMessage), nextCursor };
}

/** Reads one message. @throws ApiError (404) if the user has no such message */
export async function readMessage(sql: Sql | Transaction, userId: string, id: string): Promise<AlertMessage> {
  const [row] = await sql<MessageRow[]>`${messages(sql)} WHERE m.user_id = ${userId} AND m.id = ${id}`;
  if (!row) throw problem('not-found', 'You have no message with this id. Messages are kept for 30 days.');
  return toMessage(row);
}

/** How long a message that is tried again stays news. */
const RETRY_MS = DAY_MS;

/**
 * Puts an undelivered message back into the outbox, for a new day of attempts with the same id and content.
 *
 * @throws ApiError (404), (409) if the message is not undelivered, or its channel receives nothing, (429) after too many
 *   test messages
 */
export async function retryMessage(tx: Transaction, userId: string, id: string, at: Date): Promise<void> {
  const [retried] = await tx<{ kind: string }[]>`
    UPDATE alert_messages m SET state = 'pending', ended_at = NULL, reason = NULL, attempts = 0,
      first_attempt_at = NULL, next_attempt_at = ${at}, expires_at = ${new Date(at.getTime() + RETRY_MS)}
    FROM alert_channels h
    WHERE m.id = ${id} AND m.user_id = ${userId} AND m.state = 'dead' AND h.id = m.channel_id AND h.disabled_at IS NULL
      AND (h.verified_at IS NOT NULL OR m.kind = 'test')
    RETURNING m.kind`;
  if (retried?.kind === 'test') await countTest(tx, userId, at);
  if (retried) return;
  const { state } = await readMessage(tx, userId, id);
  throw problem(
    'conflict',
    state === 'dead'
      ? 'The channel of this message is disabled or not confirmed. Switch it on first.'
      : 'Only a message that could not be delivered can be sent again.',
  );
}

function toMessage(row: MessageRow): AlertMessage {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    channelKind: row.channel_kind,
    kind: row.kind,
    profile: row.profile,
    changes: row.changes,
    state: row.state,
    createdAt: row.created_at.toISOString(),
    attempts: row.attempts,
    nextAttemptAt: row.state === 'pending' ? row.next_attempt_at.toISOString() : null,
    endedAt: row.ended_at?.toISOString() ?? null,
    reason: row.reason,
  };
}
