import { retryAfterMs } from '../../../shared/http-headers.ts';
import {
  BlockedError,
  KeyRefusedError,
  NotCoveredError,
  PartialAnswerError,
  type ProviderError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../errors.ts';
import { type Answer, isPage, saysTooMany } from '../http.ts';

/**
 * The error of an answer without bars.
 *
 * @returns the error, and the symbol that Alpaca does not accept, if it names one
 */
export function alpacaRefusal(
  subject: string,
  { status, headers, body }: Answer,
): { error: ProviderError; symbol?: string } {
  const http = `(HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) ?? untilReset(headers) };
  if (status === 429 || saysTooMany(body))
    return { error: new RateLimitedError(`${subject}: request refused ${http}`, retry) };
  if (status >= 500) return { error: new UnavailableError(`${subject}: Alpaca failed ${http}`, retry) };
  if (/subscription does not permit/i.test(body)) {
    const message = `${subject}: the plan of this key does not include these days ${http}`;
    return { error: new NotCoveredError(message) };
  }
  if (isPage(body)) return { error: new BlockedError(`${subject}: a page instead of data ${http}`, retry) };
  if (status === 401 || status === 403)
    return { error: new KeyRefusedError(`${subject}: Alpaca refuses the key ${http}`) };
  if (body.trim() === '') return { error: new PartialAnswerError(`${subject}: the answer is empty ${http}`) };
  const [, symbol] = /invalid symbol: ?([\w.-]+)/i.exec(body) ?? [];
  const error = new SchemaDriftError(`${subject}: unexpected answer: ${http}`);
  return symbol ? { error, symbol } : { error };
}

/** The time until Alpaca's limit of requests is reset, from its header with seconds since the epoch. */
function untilReset(headers: Headers): number | undefined {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000 - Date.now();
  return reset > 0 && reset < 120_000 ? reset : undefined;
}
