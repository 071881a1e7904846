import { z } from 'zod';
import {
  BlockedError,
  DelistedError,
  NotCoveredError,
  NotFoundError,
  PartialAnswerError,
  type ProviderError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../errors.ts';
import { type Answer, isPage, retryAfterMs, saysTooMany } from '../http.ts';
import { parseYahooJson } from './yahoo-json.ts';

/** The cookie or the crumb of a session is not, or no longer, accepted: a new session may be. */
export class CrumbRefusedError extends BlockedError {}

/** What Yahoo calls a span without a single session, such as a holiday; not a fault. */
export class NoTradingError extends NotFoundError {}

/** Yahoo's envelopes, by name: `chart` or `quoteSummary`, and `finance` where it refuses beforehand. */
const Envelopes = z.record(z.string(), z.unknown());

const Envelope = z.object({
  result: z.array(z.unknown()).nullish(),
  error: z.object({ code: z.string().default(''), description: z.string().default('') }).nullish(),
});

/**
 * Tells Yahoo's refusals and disguises from data. Too many requests, for one, may come as HTTP 429, as a text
 * or a page with any status, or in the words of another error.
 *
 * @param subject - what was asked for, for messages
 * @param name - what a good answer is under: `chart` or `quoteSummary`
 * @returns the answer as JSON, if it is a success and has a result
 * @throws ProviderError of the class that fits
 */
export function readYahooAnswer(subject: string, name: string, answer: Answer): string {
  const { status, body } = answer;
  const isObject = body.trimStart().startsWith('{');
  if (!isObject && (status !== 200 || isPage(body) || saysTooMany(body)))
    throw refusalOfText(subject, answer);
  const json = parseYahooJson(subject, body);
  const envelopes = Envelopes.safeParse(json).data ?? {};
  const envelope = Envelope.safeParse(envelopes[name] ?? envelopes.finance).data;
  if (envelope?.error || status !== 200) throw refusalOfError(subject, answer, envelope?.error);
  if (!envelope || !(name in envelopes)) {
    throw new SchemaDriftError(`${subject}: unexpected answer: without ${name}`);
  }
  if (!envelope.result?.length) {
    throw new PartialAnswerError(`${subject}: an answer with neither a result nor an error`);
  }
  return JSON.stringify(json);
}

/** What a session is called in messages: several symbols may wait for the same one. */
export const LOGIN = 'login';

/**
 * Checks a page that is asked for its cookies alone: it may say anything and lead anywhere.
 *
 * @throws ProviderError if it is a refusal for now
 */
export function checkCookiePage(answer: Answer): void {
  const { status } = answer;
  if (status === 429 || status === 999 || status >= 500) throw refusalOfText(LOGIN, answer);
}

/**
 * Checks what came as a crumb: the words of a refusal look like one, and would be sent along with every
 * request from then on.
 *
 * @throws ProviderError if it is none; never one that is about a symbol
 */
export function checkCrumb(answer: Answer): void {
  const { status, body } = answer;
  if (saysTooMany(body)) throw refusalOfText(LOGIN, answer);
  checkCookiePage(answer);
  if (status === 401) throw new CrumbRefusedError(`${LOGIN}: no crumb for this cookie (HTTP 401)`);
  if (status === 200 && /^[^\s<{]{1,64}$/.test(body)) return;
  throw new BlockedError(`${LOGIN}: something else in place of a crumb (HTTP ${status})`);
}

/** The refusal that an answer without Yahoo's own error object is. */
export function refusalOfText(subject: string, { status, headers, body }: Answer): ProviderError {
  const what = isPage(body) ? 'a page in place of data' : 'request refused';
  const message = `${subject}: ${what} (HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  // 999 is Yahoo's own, older way of saying 429.
  if (status === 429 || status === 999 || saysTooMany(body)) return new RateLimitedError(message, retry);
  if (status >= 500) return new UnavailableError(message, retry);
  if (status === 401) return new CrumbRefusedError(message);
  if (isPage(body) || status === 403) return new BlockedError(message, retry);
  return status === 404 ? new NotFoundError(message) : new SchemaDriftError(message);
}

/** The refusal that Yahoo's own words are. */
function refusalOfError(
  subject: string,
  { status, headers }: Answer,
  error: { code: string; description: string } | null | undefined,
): ProviderError {
  const words = error?.description || error?.code || 'request refused';
  const message = `${subject}: ${words.slice(0, 200)}${status === 200 ? '' : ` (HTTP ${status})`}`;
  const text = `${error?.code} ${error?.description}`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  if (status === 429 || status === 999 || saysTooMany(text)) return new RateLimitedError(message, retry);
  if (status >= 500) return new UnavailableError(message, retry);
  if (status === 401 || /invalid (crumb|cookie)|unauthorized/i.test(text)) {
    return new CrumbRefusedError(message);
  }
  if (status === 403) return new BlockedError(message, retry);
  if (words.startsWith("Data doesn't exist for startDate")) return new NoTradingError(message);
  if (/must be within the last|data not available/i.test(text)) return new NotCoveredError(message);
  // Said of symbols that were, and of some that never were: "may be delisted" is all that Yahoo itself says.
  if (/delisted/i.test(text)) return new DelistedError(message);
  if (status === 404 || /not found/i.test(text)) return new NotFoundError(message);
  return new SchemaDriftError(message);
}
