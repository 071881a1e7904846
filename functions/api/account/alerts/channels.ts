import * as z from 'zod';
import { CHANNELS } from '../../../alerts/channels/registry.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../../alerts/contracts.ts';
import { sendsEmail } from '../../../alerts/operator-settings.ts';
import { wallClock } from '../../../shared/clock.ts';
import { endpoint } from '../../core/endpoint.ts';
import { problem } from '../../core/problem.ts';
import { originOf, recordSecurityEvent } from '../../core/security-events.ts';
import { Id, Instant } from '../../lists/fields.ts';
import { choice, IdParams, textParameter } from '../../lists/parameters.ts';
import {
  addChannel,
  changeChannel,
  confirmChannel,
  listChannels,
  MOST_CHANNELS,
  readChannel,
  removeChannel,
  sendTest,
} from './channel-store.ts';
import { AlertMessage, readMessage } from './message-store.ts';
import { MOST_TESTS } from './test-messages.ts';

const instant = (description: string) => Instant.nullable().describe(description);

const FIELDS = {
  id: Id,
  kind: z.enum(CHANNEL_KINDS).describe('How messages are sent.'),
  name: z.string().describe('The name that the user gave the channel.'),
  target: z
    .string()
    .nullable()
    .describe('Where messages go, without secrets. Null if the stored settings can no longer be decrypted.'),
  state: z
    .enum(['unverified', 'working', 'failing', 'disabled'])
    .describe(
      '`unverified`: no test message has arrived, or the e-mail address is not confirmed, and only test messages are sent. `failing`: the last attempt failed. `disabled`: nothing is sent.',
    ),
  createdAt: Instant.describe('When the channel was added, in UTC.'),
  verifiedAt: instant(
    'When a test message arrived or the address was confirmed, in UTC; null if it has not happened.',
  ),
  failingSince: instant('When the attempts began to fail, in UTC; null if the last one did not fail.'),
  disabledAt: instant('When the channel was disabled, in UTC; null if it is not.'),
  reason: z
    .string()
    .nullable()
    .describe('Why the channel is failing or disabled, in a sentence; null otherwise.'),
};

export const AlertChannelItem = z
  .strictObject(FIELDS)
  .meta({ id: 'AlertChannel', description: 'A channel on which the user receives messages.' });

const NewAlertChannel = z
  .strictObject({
    ...FIELDS,
    secret: z
      .string()
      .nullable()
      .describe(
        'The secret that signs the requests of a webhook (Standard Webhooks); null for other kinds. The API shows it only once.',
      ),
  })
  .meta({ id: 'NewAlertChannel', description: 'A new channel.' });

const AlertChannels = z
  .strictObject({
    items: z.array(AlertChannelItem).describe('Oldest first.'),
    offeredKinds: z
      .array(z.enum(CHANNEL_KINDS))
      .describe('The kinds of channels that this installation offers.'),
  })
  .meta({ id: 'AlertChannels', description: 'The channels of the user.' });

const CHANNEL_NAME = textParameter(60).describe('A name by which you recognise the channel.');

/** The body of POST /v1/me/alerts/channels. */
const ChannelRequest = z
  .strictObject({
    kind: choice(CHANNEL_KINDS).describe('How messages are sent.'),
    name: CHANNEL_NAME.optional().describe(
      'A name by which you recognise the channel; by default the name of its kind.',
    ),
    config: z
      .record(z.string(), z.unknown())
      .describe(
        '`email`: `address`. `webhook`: `url`. `ntfy`: `topic`, and optionally `server` and `token`. `telegram`: `botToken`, `chatId`. `discord` and `slack`: `url` of an incoming webhook.',
      ),
  })
  .superRefine(({ kind, config }, context) => {
    const { error } = CHANNELS[kind].input.safeParse(config);
    for (const { path, ...issue } of error?.issues ?? [])
      context.addIssue({ ...issue, path: ['config', ...path] } as never);
  });

function offeredKinds(): ChannelKind[] {
  return CHANNEL_KINDS.filter((kind) => kind !== 'email' || sendsEmail());
}

export const listAlertChannelsEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/alerts/channels',
  operationId: 'listAlertChannels',
  summary: 'List my channels',
  access: 'user',
  answer: { status: 200, schema: AlertChannels, description: 'The channels, without their secrets.' },
  handle: async ({ caller }, { sql, cipher }) => ({
    body: { items: await listChannels(sql, cipher, caller.userId), offeredKinds: offeredKinds() },
  }),
});

export const addAlertChannelEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/alerts/channels',
  operationId: 'addAlertChannel',
  summary: 'Add a channel',
  description: [
    `Sends a test message. The channel receives alerts after that message has arrived. An e-mail address receives them after you have confirmed it with the code in the message. You may have ${MOST_CHANNELS} channels.`,
    'Your first channel also adds a rule: label changes of the stocks that you follow.',
  ].join(' '),
  access: 'user',
  body: ChannelRequest,
  answer: {
    status: 201,
    schema: NewAlertChannel,
    description: 'The channel. Store the secret of a webhook now: the API never shows it again.',
  },
  problems: ['conflict', 'too-many-requests'],
  handle: async ({ body: { kind, name, config }, caller: { userId, sessionId }, event }, services) => {
    if (!offeredKinds().includes(kind))
      throw problem('conflict', 'This installation sends no e-mails. Choose another kind of channel.');
    const input = CHANNELS[kind].input.parse(config);
    const origin = await originOf(event, services);
    return services.sql.begin(async (tx) => {
      const added = await addChannel(tx, services.cipher, { userId, kind, name, input }, wallClock());
      await recordSecurityEvent(tx, {
        type: 'alert-channel-added',
        userId,
        origin,
        detail: { channelId: added.id, kind, sessionId },
      });
      return { body: added };
    });
  },
});

export const changeAlertChannelEndpoint = endpoint({
  group: 'account',
  method: 'PATCH',
  path: '/v1/me/alerts/channels/{id}',
  operationId: 'changeAlertChannel',
  summary: 'Rename a channel, or switch it on or off',
  description:
    'A disabled channel receives nothing, and its waiting messages are dropped. If you did not disable it yourself, switching it on sends a test message first.',
  access: 'user',
  params: IdParams,
  body: z.strictObject({
    name: CHANNEL_NAME.optional(),
    isOn: z.boolean().optional().describe('Whether the channel receives messages.'),
  }),
  answer: { status: 200, schema: AlertChannelItem, description: 'The changed channel.' },
  problems: ['not-found', 'conflict', 'too-many-requests'],
  handle: async ({ params: { id }, body, caller: { userId } }, { sql, cipher }) => ({
    body: await sql.begin(async (tx) => {
      await changeChannel(tx, { userId, id, ...body }, wallClock());
      return readChannel(tx, cipher, userId, id);
    }),
  }),
});

export const removeAlertChannelEndpoint = endpoint({
  group: 'account',
  method: 'DELETE',
  path: '/v1/me/alerts/channels/{id}',
  operationId: 'removeAlertChannel',
  summary: 'Remove a channel',
  description: 'Also removes its messages, and the channel from your rules.',
  access: 'user',
  params: IdParams,
  answer: { status: 204, description: 'The channel is removed.' },
  problems: ['not-found'],
  handle: async ({ params: { id }, caller: { userId, sessionId }, event }, services) => {
    const origin = await originOf(event, services);
    await services.sql.begin(async (tx) => {
      await removeChannel(tx, userId, id);
      await recordSecurityEvent(tx, {
        type: 'alert-channel-removed',
        userId,
        origin,
        detail: { channelId: id, sessionId },
      });
    });
    return { body: undefined };
  },
});

export const testAlertChannelEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/alerts/channels/{id}/test',
  operationId: 'testAlertChannel',
  summary: 'Send a test message',
  description: `The message to an unconfirmed e-mail address contains the code. You may send ${MOST_TESTS} test messages a day.`,
  access: 'user',
  params: IdParams,
  answer: { status: 202, schema: AlertMessage, description: 'The message that will be sent.' },
  problems: ['not-found', 'conflict', 'too-many-requests'],
  handle: async ({ params: { id }, caller: { userId } }, { sql }) => ({
    body: await sql.begin(async (tx) => readMessage(tx, userId, await sendTest(tx, userId, id, wallClock()))),
  }),
});

export const confirmAlertChannelEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/alerts/channels/{id}/confirm',
  operationId: 'confirmAlertChannel',
  summary: 'Confirm an e-mail address',
  description:
    'The code is in the test message, and is valid for a day. After five wrong codes, send a test message to get a new one.',
  access: 'user',
  params: IdParams,
  body: z.strictObject({
    code: z
      .string()
      .regex(/^[0-9]{8}$/, 'must be the 8 digits of the message')
      .describe('The code in the message.'),
  }),
  answer: { status: 200, schema: AlertChannelItem, description: 'The confirmed channel.' },
  problems: ['not-found', 'conflict', 'wrong-code'],
  handle: async ({ params: { id }, body: { code }, caller: { userId } }, { sql, cipher }) => {
    // The transaction also commits the count of wrong codes.
    const isRight = await sql.begin((tx) => confirmChannel(tx, { userId, id, code }, wallClock()));
    if (!isRight)
      throw problem('wrong-code', 'The code is wrong. Enter the code of the newest test message.');
    return { body: await readChannel(sql, cipher, userId, id) };
  },
});
