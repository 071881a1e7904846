import type * as z from 'zod';
import type { NTFY } from '../channels/ntfy.ts';
import { messageOf } from '../message.ts';
import { post } from '../safe-request.ts';
import { renderPlain } from '../text.ts';
import { channelRefused, resultOf, type Sender } from './sender.ts';

/** ntfy turns a longer message into an attachment. The limit is in bytes. */
const MOST_BYTES = 4096;

/**
 * Publishes as JSON to a topic. The idempotency key is the sequence id: servers from 2.16 on show a second publication
 * with the same id as an update of the first.
 */
export const sendNtfy: Sender<z.output<typeof NTFY.config>> = async ({ id, config, facts }, context) => {
  const message = messageOf(facts);
  const body = JSON.stringify({
    topic: config.topic,
    title: message.title,
    message: renderPlain(message, {
      most: MOST_BYTES,
      size: (text) => Buffer.byteLength(text),
      title: false,
    }),
    tags: ['chart_with_upwards_trend'],
    click: message.link,
    sequence_id: id,
  });
  const headers = {
    'content-type': 'application/json',
    ...(config.token !== undefined && { authorization: `Bearer ${config.token}` }),
  };
  // The server's root takes JSON. A server below a path has it there.
  const url = new URL(config.server);
  return resultOf(await post(url, { headers, body }, context), ({ status }) =>
    status === 401 || status === 403
      ? channelRefused(`The ntfy server does not let this channel publish (HTTP ${status}). Check the token.`)
      : undefined,
  );
};
