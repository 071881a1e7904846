import * as z from 'zod';
import { disableChannel } from '../../../alerts/channel-state.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../../alerts/contracts.ts';
import { hashUnsubscribeToken } from '../../../alerts/sealed-channel.ts';
import { wallClock } from '../../../shared/clock.ts';
import type { Sql } from '../../../shared/database.ts';
import { endpoint } from '../../core/endpoint.ts';
import { problem } from '../../core/problem.ts';

const STOPPED_BY_LINK = 'Somebody stopped these messages with the link in one of them.';

const TokenQuery = z.strictObject({
  token: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,100}$/, 'must be the token of the link')
    .describe('The token of the link in a message.'),
});

const Unsubscription = z
  .strictObject({
    channelKind: z.enum(CHANNEL_KINDS).describe('How the messages travel.'),
    isActive: z
      .boolean()
      .describe(
        'Whether this link has not stopped the messages yet. If their user switched them off, the link still makes that final until the channel is confirmed again.',
      ),
  })
  .meta({ id: 'Unsubscription', description: 'What the link of a message stops.' });

/** What a token stops. Nothing about the user or the address. @throws ApiError (404) for an unknown token */
async function readUnsubscription(sql: Sql, token: string): Promise<z.output<typeof Unsubscription>> {
  const [channel] = await sql<{ kind: ChannelKind; is_active: boolean }[]>`
    SELECT kind, disabled_reason IS DISTINCT FROM ${STOPPED_BY_LINK} AS is_active FROM alert_channels
    WHERE unsubscribe_hash = ${hashUnsubscribeToken(token)}`;
  if (!channel)
    throw problem(
      'not-found',
      'This link stops nothing. The messages were stopped already, or the link is cut off.',
    );
  return { channelKind: channel.kind, isActive: channel.is_active };
}

/** Stops all messages to the channel of a token. An unknown token changes nothing. */
async function unsubscribe(sql: Sql, token: string, at: Date): Promise<void> {
  await sql.begin(async (tx) => {
    const [channel] = await tx<{ id: string }[]>`
      SELECT id FROM alert_channels WHERE unsubscribe_hash = ${hashUnsubscribeToken(token)}`;
    if (!channel) return;
    await disableChannel(tx, channel.id, { state: 'dropped', reason: STOPPED_BY_LINK }, at);
    // Whatever stopped it before: its user alone must not be able to switch it on again.
    await tx`UPDATE alert_channels SET disabled_reason = ${STOPPED_BY_LINK} WHERE id = ${channel.id}`;
  });
}

export const readUnsubscriptionEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/alerts/unsubscribe',
  operationId: 'readUnsubscription',
  summary: 'See what the link of a message stops',
  description: 'Changes nothing, so that programs that open links in messages stop none.',
  access: 'public',
  query: TokenQuery,
  answer: { status: 200, schema: Unsubscription, description: 'What the link stops.' },
  problems: ['not-found'],
  handle: async ({ query: { token } }, { sql }) => ({ body: await readUnsubscription(sql, token) }),
});

export const unsubscribeEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/alerts/unsubscribe',
  operationId: 'unsubscribe',
  summary: 'Stop the messages of a channel',
  description:
    'Stops all messages to the channel of the link at once, without a login (RFC 8058). The body is ignored. A repeated request and an unknown token get the same response.',
  access: 'public',
  query: TokenQuery,
  ignoresBody: true,
  answer: { status: 204, description: 'No messages are sent to this channel.' },
  handle: async ({ query: { token } }, { sql }) => {
    await unsubscribe(sql, token, wallClock());
    return { body: undefined };
  },
});
