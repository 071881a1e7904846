import * as z from 'zod';
import type { TELEGRAM } from '../channels/telegram.ts';
import { messageOf } from '../message.ts';
import { type Answer, post } from '../safe-request.ts';
import { renderPlain } from '../text.ts';
import { channelRefused, resultOf, retry, type Sender } from './sender.ts';

const MOST_CHARACTERS = 4096;

/** The form of a failure in the Bot API. */
const Failure = z.object({
  description: z.string().default(''),
  parameters: z.object({ retry_after: z.number().optional() }).default({}),
});

/**
 * Sends plain text with the user's bot. Without a parse mode, no text is markup. The Bot API has no idempotency key: a
 * message whose answer was lost is sent again.
 */
export const sendTelegram: Sender<z.output<typeof TELEGRAM.config>> = async ({ config, facts }, context) => {
  const body = JSON.stringify({
    chat_id: config.chatId,
    text: renderPlain(messageOf(facts), { most: MOST_CHARACTERS }),
    link_preview_options: { is_disabled: true },
  });
  const url = new URL(`/bot${config.botToken}/sendMessage`, context.origins.telegram);
  return resultOf(await post(url, { headers: { 'content-type': 'application/json' }, body }, context), judge);
};

function judge({ status, body }: Answer) {
  const { description, parameters } = failureIn(body);
  switch (status) {
    case 429:
      return parameters.retry_after === undefined
        ? undefined
        : retry('Telegram asks to send less often (HTTP 429).', parameters.retry_after);
    case 401:
    case 404:
      return channelRefused(
        'Telegram does not know this bot token. Enter the present token from @BotFather.',
      );
    case 403:
      return channelRefused(
        'The bot may not write to this chat. Unblock it or add it to the chat, then send /start.',
      );
    case 400:
      return /chat not found|group chat was (upgraded|deactivated)/i.test(description)
        ? channelRefused(
            'Telegram does not know this chat. Send /start to the bot, then enter the number of the chat.',
          )
        : undefined;
    default:
      return undefined;
  }
}

function failureIn(body: string): z.output<typeof Failure> {
  try {
    return Failure.parse(JSON.parse(body));
  } catch {
    return Failure.parse({});
  }
}
