import {
  type HttpService,
  jsonOf,
  type Received,
  type ServiceAnswer,
  startHttpService,
} from './http-service.ts';

export interface NtfyMessage {
  id: string;
  topic: string;
  title: string;
  message: string;
  click: string;
}

/** An ntfy server. */
export interface NtfyService extends HttpService {
  /** Notifications as subscribers see them: a publication with a known sequence id replaces the first one. */
  readonly notifications: Map<string, NtfyMessage>;
  /** The token that the topic `private` needs. */
  readonly token: string;
}

const failure = (status: number, code: number, error: string): ServiceAnswer => ({
  status,
  body: { code, http: status, error, link: 'https://ntfy.sh/docs/publish/' },
});

/** A rate limit, as ntfy reports it: without a wish. */
export const ntfyRateLimit: ServiceAnswer = failure(429, 42901, 'limit reached: too many requests');

export async function startNtfy(): Promise<NtfyService> {
  const notifications = new Map<string, NtfyMessage>();
  const token = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2';
  const answer = ({ url, headers, body }: Received): ServiceAnswer => {
    if (url.pathname !== '/') return failure(404, 40401, 'page not found');
    const { topic, title = '', message = '', click = '', sequence_id } = jsonOf(body) ?? {};
    if (typeof topic !== 'string') return failure(400, 40009, 'invalid request: topic invalid');
    const sent = headers.authorization;
    if (sent !== undefined && sent !== `Bearer ${token}`) return failure(401, 40101, 'unauthorized');
    if (topic === 'private' && sent === undefined) return failure(403, 40301, 'forbidden');
    // A longer message becomes an attachment, which a phone does not show.
    if (Buffer.byteLength(String(message)) > 4096) return failure(400, 40012, 'message too large');
    const id = String(sequence_id ?? notifications.size);
    notifications.set(id, {
      id,
      topic,
      title: String(title),
      message: String(message),
      click: String(click),
    });
    return { status: 200, body: { id: `m${notifications.size}`, event: 'message', topic, sequence_id: id } };
  };
  return Object.assign(await startHttpService(answer), { notifications, token });
}
