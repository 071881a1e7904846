import { Webhook } from 'standardwebhooks';
import type { WebhookConfig } from '../channels/webhook.ts';
import { post } from '../safe-request.ts';
import { webhookBody } from '../webhook-body.ts';
import { resultOf, type Sender } from './sender.ts';

/**
 * Posts the facts as JSON with the headers of Standard Webhooks. `webhook-id` is the idempotency key. The time of the
 * signature is that of the attempt, because receivers refuse old signatures.
 */
export const sendWebhook: Sender<WebhookConfig> = async ({ id, createdAt, config, facts }, context) => {
  const body = JSON.stringify(webhookBody(facts, createdAt));
  const at = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(config.secret).sign(id, at, body),
  };
  return resultOf(await post(new URL(config.url), { headers, body }, context));
};
