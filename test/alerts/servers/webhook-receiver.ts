import { Webhook } from 'standardwebhooks';
import type { WebhookBody } from '../../../functions/alerts/webhook-body.ts';
import { type HttpService, type Received, type ServiceAnswer, startHttpService } from './http-service.ts';

/** A receiver of webhooks that verifies signatures and processes each `webhook-id` once. */
export interface WebhookReceiver extends HttpService {
  /** The verified messages by `webhook-id`. */
  readonly messages: Map<string, WebhookBody>;
  /** The key of signatures; the receiver refuses every message until it is set. */
  secret: string | undefined;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const messages: WebhookReceiver['messages'] = new Map();
  const answer = ({ headers, body }: Received): ServiceAnswer => {
    try {
      const verified = new Webhook(receiver.secret ?? '').verify(body, headers as Record<string, string>);
      const id = headers['webhook-id'] ?? '';
      if (!messages.has(id)) messages.set(id, verified as WebhookBody);
      return { status: 204 };
    } catch {
      return { status: 401, body: { error: 'invalid signature' } };
    }
  };
  const receiver: WebhookReceiver = Object.assign(await startHttpService(answer), {
    messages,
    secret: undefined,
  });
  return receiver;
}
