import {
  type HttpService,
  jsonOf,
  type Received,
  type ServiceAnswer,
  startHttpService,
} from './http-service.ts';

/** Telegram's Bot API with one bot and its chats. */
export interface TelegramService extends HttpService {
  /** Messages that were sent, in order. */
  readonly messages: { chatId: string; text: string }[];
  /** Chats in which the bot may write. */
  readonly chats: Set<string>;
  /** Chats whose user blocked the bot. */
  readonly blockedBy: Set<string>;
}

const failure = (error_code: number, description: string, parameters?: object): ServiceAnswer => ({
  status: error_code,
  body: { ok: false, error_code, description, ...(parameters && { parameters }) },
});

/** A flood, as the Bot API reports it. */
export const telegramFlood = (seconds: number): ServiceAnswer =>
  failure(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });

export async function startTelegram(botToken: string, chats: string[]): Promise<TelegramService> {
  const messages: TelegramService['messages'] = [];
  const known = new Set(chats);
  const blockedBy = new Set<string>();
  const answer = ({ url, body }: Received): ServiceAnswer => {
    const [, token, method] = /^\/bot([^/]*)\/(\w+)$/.exec(url.pathname) ?? [];
    if (method !== 'sendMessage') return failure(404, 'Not Found');
    if (token !== botToken) return failure(401, 'Unauthorized');
    const { chat_id, text, parse_mode } = jsonOf(body) ?? {};
    const chatId = String(chat_id);
    if (!known.has(chatId)) return failure(400, 'Bad Request: chat not found');
    if (blockedBy.has(chatId)) return failure(403, 'Forbidden: bot was blocked by the user');
    if (typeof text !== 'string' || text.trim() === '')
      return failure(400, 'Bad Request: message text is empty');
    if (text.length > 4096) return failure(400, 'Bad Request: message is too long');
    if (parse_mode !== undefined) return failure(400, `Bad Request: can't parse entities`);
    messages.push({ chatId, text });
    const result = { message_id: messages.length, date: 1, chat: { id: chat_id, type: 'private' }, text };
    return { status: 200, body: { ok: true, result } };
  };
  return Object.assign(await startHttpService(answer), { messages, chats: known, blockedBy });
}
