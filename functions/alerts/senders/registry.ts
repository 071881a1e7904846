import { CHANNELS } from '../channels/registry.ts';
import type { ChannelKind, Delivery, SendResult } from '../contracts.ts';
import { sendDiscord } from './discord.ts';
import { sendEmail } from './email.ts';
import { sendNtfy } from './ntfy.ts';
import type { SendContext, Sender } from './sender.ts';
import { channelRefused } from './sender.ts';
import { sendSlack } from './slack.ts';
import { sendTelegram } from './telegram.ts';
import { sendWebhook } from './webhook.ts';

/** The sender of each kind of channel. */
const SENDERS = {
  email: sendEmail,
  webhook: sendWebhook,
  ntfy: sendNtfy,
  telegram: sendTelegram,
  discord: sendDiscord,
  slack: sendSlack,
} as const satisfies { [Kind in ChannelKind]: Sender<never> };

/**
 * Makes one attempt to send a message to its channel. It reports every fault of the other side as a result, and throws
 * only because of a bug.
 */
export async function send(delivery: Delivery, context: SendContext): Promise<SendResult> {
  const { id, createdAt, facts, channel } = delivery;
  const config = CHANNELS[channel.kind].config.safeParse(channel.config);
  if (!config.success)
    return channelRefused(
      'The stored settings of this channel have an outdated form. Add the channel again.',
    );
  const sender: Sender<unknown> = SENDERS[channel.kind] as Sender<never> as Sender<unknown>;
  return sender({ id, createdAt, facts, config: config.data }, context);
}
