import * as z from 'zod';
import { retryAfterMs } from '../../../shared/http-headers.ts';
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
import { type Answer, isPage, saysTooMany } from '../http.ts';
import { parseYahooJson } from './yahoo-json.ts';

/** Yahoo does not accept the cookie or the crumb; it may accept new ones. */
export class CrumbRefusedError extends BlockedError {}

/** The requested days contain no session, such as a holiday: not a fault, although Yahoo sends an error. */
export class NoTradingError extends NotFoundError {}

/** Yahoo's envelopes by name: `chart` or `quoteSummary`, and `finance` for an early refusal. */
const Envelopes = z.record(z.string(), z.unknown());

const Envelope = z.object({
  result: z.array(z.unknown()).nullish(),
  error: z.object({ code: z.string().default(''), description: z.string().default('') }).nullish(),
});

/**
 * Separates data from refusals in all their disguises. A rate limit, for example, may come as HTTP 429, as a text or a
 * page with any status, or in the words of another error.
 *
 * @param subject - the subject of messages: a symbol
 * @param name - the envelope of a good answer: `chart` or `quoteSummary`
 * @returns the answer as JSON, if it succeeded and has a result
 * @throws ProviderError of the matching class
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
    throw new SchemaDriftError(`${subject}: unexpected answer: it has no ${name}`);
  }
  if (!envelope.result?.length) {
    throw new PartialAnswerError(`${subject}: the answer has neither a result nor an error`);
  }
  return JSON.stringify(json);
}

/** The subject of messages about cookie and crumb, for which several symbols may be waiting. */
export const LOGIN = 'login';

/**
 * Checks a page that is fetched only for its cookies: it may have any content and lead anywhere.
 *
 * @throws ProviderError if it is a temporary refusal
 */
export function checkCookiePage(answer: Answer): void {
  const { status } = answer;
  if (status === 429 || status === 999 || status >= 500) throw refusalOfText(LOGIN, answer);
}

/**
 * Checks a crumb. The words of a refusal look like one, and the library would send them with every later request.
 *
 * @throws ProviderError if it is not a crumb; never one about a symbol
 */
export function checkCrumb(answer: Answer): void {
  const { status, body } = answer;
  if (saysTooMany(body)) throw refusalOfText(LOGIN, answer);
  checkCookiePage(answer);
  if (status === 401) throw new CrumbRefusedError(`${LOGIN}: no crumb for this cookie (HTTP 401)`);
  if (status === 200 && /^[^\s<{]{1,64}$/.test(body)) return;
  throw new BlockedError(`${LOGIN}: not a crumb (HTTP ${status})`);
}

/** The error of an answer without Yahoo's error object. */
function refusalOfText(subject: string, { status, headers, body }: Answer): ProviderError {
  const what = isPage(body) ? 'a page instead of data' : 'request refused';
  const message = `${subject}: ${what} (HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  // 999 is Yahoo's older form of 429.
  if (status === 429 || status === 999 || saysTooMany(body)) return new RateLimitedError(message, retry);
  if (status >= 500) return new UnavailableError(message, retry);
  if (status === 401) return new CrumbRefusedError(message);
  if (isPage(body) || status === 403) return new BlockedError(message, retry);
  return status === 404 ? new NotFoundError(message) : new SchemaDriftError(message);
}

/** The error of an answer with Yahoo's error object. */
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
  // Yahoo says "may be delisted" of symbols that existed, and of some that never did.
  if (/delisted/i.test(text)) return new DelistedError(message);
  if (status === 404 || /not found/i.test(text)) return new NotFoundError(message);
  return new SchemaDriftError(message);
}
