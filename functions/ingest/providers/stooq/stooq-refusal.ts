import { retryAfterMs } from '../../../shared/http-headers.ts';
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
import { type Answer, isPage, saysTooMany } from '../http.ts';

/** A page about the key. The word alone proves nothing, since other pages repeat the URL, which contains it. */
const ABOUT_THE_KEY =
  /get your api\s?key|(?:wrong|invalid|unknown|expired|missing|incorrect) api\s?key|api\s?key (?:is )?(?:wrong|invalid|unknown|expired|missing|incorrect|required)/i;

/** The error of an answer that is not CSV. Its message repeats nothing of the answer, which may contain the key. */
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
    return new KeyRefusedError(`${symbol}: Stooq refuses the key ${http}`);
  }
  // Such as its proof of work, which only a browser can solve.
  if (isPage(body)) return new BlockedError(`${symbol}: a page instead of data ${http}`, retry);
  if (status === 403 || /access denied/i.test(body)) {
    return new BlockedError(`${symbol}: access denied ${http}`, retry);
  }
  if (/^\s*no data/i.test(body) || status === 404) {
    return new NotFoundError(`${symbol}: Stooq has no data for it ${http}`);
  }
  if (isCutOff(body)) return new PartialAnswerError(`${symbol}: the answer is cut off ${http}`);
  return new SchemaDriftError(`${symbol}: unexpected answer: neither data nor a known refusal ${http}`);
}

/** Whether the answer ends within the first column's name; an empty answer does. */
function isCutOff(body: string): boolean {
  return 'Date,'.startsWith(body.trim());
}
