import * as z from 'zod';
import { plainChannel } from './channel.ts';

const WEBHOOK_URL =
  /^https:\/\/(?:(?:canary|ptb)\.)?discord(?:app)?\.com\/api(?:\/v\d{1,2})?\/webhooks\/(\d{15,22})\/[A-Za-z0-9_-]{40,120}$/;

/** A webhook of a Discord channel. */
export const DISCORD = plainChannel({
  kind: 'discord',
  title: 'Discord',
  input: z.strictObject({
    url: z
      .string()
      .regex(
        WEBHOOK_URL,
        "must be the webhook's URL as Discord shows it: https://discord.com/api/webhooks/…",
      ),
  }),
  describe: ({ url }) => `webhook ${WEBHOOK_URL.exec(url)?.[1]}`,
});
