import * as z from 'zod';
import type { DISCORD } from '../channels/discord.ts';
import { messageOf } from '../message.ts';
import { type Answer, post } from '../safe-request.ts';
import { renderMarkdown } from '../text.ts';
import { channelRefused, resultOf, retry, type Sender } from './sender.ts';

const MOST_CHARACTERS = 2000;

/** Flag of a message whose links get no preview. */
const SUPPRESS_EMBEDS = 1 << 2;

/** The form of a rate limit: seconds with a fraction. */
const RateLimit = z.object({ retry_after: z.number() });

/**
 * Posts to a channel's webhook, and mentions nobody. With `wait`, Discord answers once it has stored the message.
 * Webhooks have no idempotency key: a message whose answer was lost is sent again.
 */
export const sendDiscord: Sender<z.output<typeof DISCORD.config>> = async ({ config, facts }, context) => {
  const body = JSON.stringify({
    content: renderMarkdown(messageOf(facts), { most: MOST_CHARACTERS }),
    allowed_mentions: { parse: [] },
    flags: SUPPRESS_EMBEDS,
  });
  const url = new URL(`${new URL(config.url).pathname}?wait=true`, context.origins.discord);
  return resultOf(await post(url, { headers: { 'content-type': 'application/json' }, body }, context), judge);
};

function judge({ status, body }: Answer) {
  const wish = status === 429 ? retryAfterIn(body) : undefined;
  if (wish !== undefined) return retry('Discord asks to send less often (HTTP 429).', wish);
  // Discord answers 404 with the code 10015, and 401 for a webhook with another token.
  if (status === 404 || status === 401)
    return channelRefused(`The Discord webhook no longer exists (HTTP ${status}). Create a new one.`);
  return undefined;
}

function retryAfterIn(body: string): number | undefined {
  try {
    return RateLimit.parse(JSON.parse(body)).retry_after;
  } catch {
    return undefined;
  }
}
