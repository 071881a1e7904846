import {
  BlockedError,
  KeyRefusedError,
  NotFoundError,
  PartialAnswerError,
  type ProviderError,
  QuotaExceededError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../errors.ts';
import { type Answer, isPage, retryAfterMs, saysTooMany } from '../http.ts';

/** A page about the key. The address that others repeat has the word in it, too: it is not enough. */
const ABOUT_THE_KEY =
  /get your api\s?key|(?:wrong|invalid|unknown|expired|missing|incorrect) api\s?key|api\s?key (?:is )?(?:wrong|invalid|unknown|expired|missing|incorrect|required)/i;

/** What an answer of Stooq's means that is no CSV; nothing of it is repeated in the message. */
export function stooqRefusal(symbol: string, { status, headers, body }: Answer): ProviderError {
  const http = `(HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  if (/exceeded the daily hits limit/i.test(body)) {
    return new QuotaExceededError(`${symbol}: the daily hits of the key are used up ${http}`);
  }
  if (status === 429 || saysTooMany(body)) {
    return new RateLimitedError(`${symbol}: request refused ${http}`, retry);
  }
  if (status >= 500) return new UnavailableError(`${symbol}: Stooq failed ${http}`, retry);
  if (status === 401 || (isPage(body) ? ABOUT_THE_KEY : /api\s?key/i).test(body)) {
    return new KeyRefusedError(`${symbol}: Stooq does not take the key ${http}`);
  }
  // Its proof of work, among others: a page that only a browser can answer.
  if (isPage(body)) return new BlockedError(`${symbol}: a page in place of data ${http}`, retry);
  if (status === 403 || /access denied/i.test(body)) {
    return new BlockedError(`${symbol}: access denied ${http}`, retry);
  }
  if (/^\s*no data/i.test(body) || status === 404) {
    return new NotFoundError(`${symbol}: Stooq has no data of it ${http}`);
  }
  if (isCutOff(body)) return new PartialAnswerError(`${symbol}: the answer is cut off ${http}`);
  return new SchemaDriftError(`${symbol}: unexpected answer: neither data nor a known refusal ${http}`);
}

/** Whether it is less than the first column's name, be it nothing at all. */
function isCutOff(body: string): boolean {
  return 'Date,'.startsWith(body.trim());
}
