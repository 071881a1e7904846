import * as z from 'zod';
import { wallClock } from '../../../shared/clock.ts';
import { endpoint } from '../../core/endpoint.ts';
import { NextCursor } from '../../lists/fields.ts';
import { PAGING } from '../../lists/paging.ts';
import { choice, IdParams } from '../../lists/parameters.ts';
import { AlertMessage, listMessages, MESSAGE_STATES, readMessage, retryMessage } from './message-store.ts';

const MessagesQuery = z.strictObject({
  state: choice(MESSAGE_STATES).optional().describe('Only messages in this state.'),
  ...PAGING,
});

const AlertMessages = z
  .strictObject({ items: z.array(AlertMessage), nextCursor: NextCursor })
  .meta({ id: 'AlertMessagePage', description: 'A page of your messages.' });

export const listAlertMessagesEndpoint = endpoint({
  group: 'account',
  method: 'GET',
  path: '/v1/me/alerts/messages',
  operationId: 'listAlertMessages',
  summary: 'List my messages',
  description: 'Newest first. Messages that ended are kept for 30 days.',
  access: 'user',
  query: MessagesQuery,
  answer: { status: 200, schema: AlertMessages, description: 'A page of the matching messages.' },
  problems: ['invalid-cursor'],
  handle: async ({ query, caller }, { sql }) => ({ body: await listMessages(sql, caller.userId, query) }),
});

export const retryAlertMessageEndpoint = endpoint({
  group: 'account',
  method: 'POST',
  path: '/v1/me/alerts/messages/{id}/retry',
  operationId: 'retryAlertMessage',
  summary: 'Send an undelivered message again',
  description: 'The message has the same id and content as before, and a new day of attempts.',
  access: 'user',
  params: IdParams,
  answer: { status: 202, schema: AlertMessage, description: 'The message that will be sent.' },
  problems: ['not-found', 'conflict', 'too-many-requests'],
  handle: async ({ params: { id }, caller: { userId } }, { sql }) => ({
    body: await sql.begin(async (tx) => {
      await retryMessage(tx, userId, id, wallClock());
      return readMessage(tx, userId, id);
    }),
  }),
});
