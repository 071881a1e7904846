import type { WebhookBody } from '../../../functions/alerts/webhook-body.ts';
import { type HttpService, startHttpService } from '../servers/http-service.ts';

/** One attempt that arrived. */
export interface Arrival {
  path: string;
  /** The idempotency key. */
  key: string;
  body: string;
}

export interface Receiver extends HttpService {
  readonly arrivals: Arrival[];
  /** Called with each request, before its answer and after it. */
  onRequest: (moment: 'before' | 'after') => void;
}

/**
 * Starts a receiver of webhooks that notes what arrives. Of ten requests, it refuses one for now, and lets the answer of
 * another one get lost.
 *
 * @param random - draws from 0 to 1
 */
export async function startReceiver(random: () => number): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const service = await startHttpService(({ url, headers, body }) => (response) => {
    const fault = random();
    receiver.onRequest('before');
    setTimeout(() => {
      if (fault < 0.1) return void response.writeHead(503).end();
      arrivals.push({ path: url.pathname, key: headers['webhook-id'] ?? '', body });
      if (fault < 0.2) return void response.destroy();
      response.writeHead(204).end(() => receiver.onRequest('after'));
    }, random() * 10);
  });
  const receiver: Receiver = Object.assign(service, { arrivals, onRequest: () => {} });
  return receiver;
}

/** What the changes of a message have in common with stored ones. */
export function changesOf({ body }: Arrival): string[] {
  const { data } = JSON.parse(body) as WebhookBody;
  return data.changes.map(({ change, url }) => `${change} ${url.split('/').at(-1)}`);
}
