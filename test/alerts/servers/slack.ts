import {
  type HttpService,
  jsonOf,
  type Received,
  type ServiceAnswer,
  startHttpService,
} from './http-service.ts';

/** Slack with one incoming webhook. */
export interface SlackService extends HttpService {
  /** Texts in the channel, in mrkdwn. */
  readonly messages: string[];
}

export async function startSlack(path: string): Promise<SlackService> {
  const messages: string[] = [];
  const answer = ({ url, body }: Received): ServiceAnswer => {
    if (url.pathname !== path) return { status: 404, body: 'no_service' };
    const payload = jsonOf(body);
    if (payload === undefined) return { status: 400, body: 'invalid_payload' };
    const { text } = payload;
    if (typeof text !== 'string' || text === '') return { status: 400, body: 'no_text' };
    messages.push(text);
    return { status: 200, body: 'ok' };
  };
  return Object.assign(await startHttpService(answer), { messages });
}
