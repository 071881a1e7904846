import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { type Channel, TargetUrl } from './channel.ts';

export interface WebhookInput {
  url: string;
}

export interface WebhookConfig extends WebhookInput {
  /** The key of signatures in the form of Standard Webhooks: `whsec_` and 32 bytes in base64. */
  secret: string;
}

/** A webhook with signatures as Standard Webhooks defines them. */
export const WEBHOOK: Channel<'webhook', WebhookInput, WebhookConfig> = {
  kind: 'webhook',
  title: 'Webhook',
  input: z.strictObject({ url: TargetUrl }),
  config: z.strictObject({ url: TargetUrl, secret: z.string().regex(/^whsec_[A-Za-z0-9+/]{43}=$/) }),
  create({ url }) {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    return { config: { url, secret }, shownOnce: secret };
  },
  // The path and the query often contain a secret.
  describe({ url }) {
    const { origin, pathname, search } = new URL(url);
    return pathname === '/' && search === '' ? origin : `${origin}/…`;
  },
};
