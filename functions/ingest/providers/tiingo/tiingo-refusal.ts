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

/** The error of an answer without rows. Tiingo reports a used-up allowance with HTTP 429, or with 200 and a sentence. */
export function tiingoRefusal(symbol: string, { status, headers, body }: Answer): ProviderError {
  const http = `(HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  // Hourly and daily allowances, and the symbols of a month: waiting within a run does not help.
  if (/run over your|allocation/i.test(body))
    return new QuotaExceededError(`${symbol}: Tiingo's allowance of this token is used up ${http}`);
  if (status === 429 || saysTooMany(body))
    return new RateLimitedError(`${symbol}: request refused ${http}`, retry);
  if (status >= 500) return new UnavailableError(`${symbol}: Tiingo failed ${http}`, retry);
  if (isPage(body)) return new BlockedError(`${symbol}: a page instead of data ${http}`, retry);
  if (status === 401 || status === 403 || /token/i.test(body))
    return new KeyRefusedError(`${symbol}: Tiingo refuses the token ${http}`);
  if (status === 404) return new NotFoundError(`${symbol}: Tiingo has no data for it ${http}`);
  if (body.trim() === '') return new PartialAnswerError(`${symbol}: the answer is empty ${http}`);
  return new SchemaDriftError(`${symbol}: unexpected answer: neither rows nor a known refusal ${http}`);
}
