import * as z from 'zod';
import { plainChannel } from './channel.ts';

const BOT_TOKEN = /^\d{5,16}:[A-Za-z0-9_-]{30,64}$/;
const CHAT_ID = /^(-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})$/;

/** A chat with the user's own bot. */
export const TELEGRAM = plainChannel({
  kind: 'telegram',
  title: 'Telegram',
  input: z.strictObject({
    botToken: z
      .string()
      .regex(
        BOT_TOKEN,
        'must be the token from @BotFather, such as 123456789:ABC…, without spaces or line breaks',
      ),
    chatId: z
      .string()
      .regex(CHAT_ID, 'must be the number of a chat, or the name of a channel such as @mychannel'),
  }),
  describe: ({ botToken, chatId }) => `bot ${botToken.split(':')[0]}, chat ${chatId}`,
});
