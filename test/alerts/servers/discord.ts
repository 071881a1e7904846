import {
  type HttpService,
  jsonOf,
  type Received,
  type ServiceAnswer,
  startHttpService,
} from './http-service.ts';

/** Discord with one webhook of a channel. */
export interface DiscordService extends HttpService {
  /** Messages in the channel, and whether each would notify people. */
  readonly messages: { content: string; mentions: boolean }[];
}

/** A rate limit, as Discord reports it. */
export const discordRateLimit = (seconds: number): ServiceAnswer => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-scope': 'shared' },
  body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
});

export async function startDiscord(webhook: { id: string; token: string }): Promise<DiscordService> {
  const messages: DiscordService['messages'] = [];
  const answer = ({ url, body }: Received): ServiceAnswer => {
    const [, id, token] = /^\/api(?:\/v\d+)?\/webhooks\/(\d+)\/([^/]+)$/.exec(url.pathname) ?? [];
    if (id !== webhook.id) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } };
    if (token !== webhook.token)
      return { status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } };
    const { content, allowed_mentions } = jsonOf(body) ?? {};
    if (typeof content !== 'string' || content === '')
      return { status: 400, body: { message: 'Cannot send an empty message', code: 50006 } };
    if ([...content].length > 2000)
      return { status: 400, body: { code: 50035, message: 'Invalid Form Body', errors: { content: {} } } };
    const allowed = (allowed_mentions as { parse?: string[] } | undefined)?.parse ?? [
      'everyone',
      'users',
      'roles',
    ];
    messages.push({ content, mentions: allowed.length > 0 && /@everyone|@here|<@/.test(content) });
    // Without `wait`, Discord answers before it has stored the message.
    if (url.searchParams.get('wait') !== 'true') return { status: 204 };
    return { status: 200, body: { id: String(messages.length), type: 0, content, webhook_id: id } };
  };
  return Object.assign(await startHttpService(answer), { messages });
}
