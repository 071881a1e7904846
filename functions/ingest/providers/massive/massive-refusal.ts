import { retryAfterMs } from '../../../shared/http-headers.ts';
import {
  BlockedError,
  KeyRefusedError,
  NotCoveredError,
  NotFoundError,
  PartialAnswerError,
  type ProviderError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../errors.ts';
import { type Answer, isPage, saysTooMany } from '../http.ts';

/** The plan of the key has the day only after midnight in New York. */
export class NotYetError extends NotCoveredError {}

/** The plan of the key has no days as old as the requested ones. */
export class TooOldError extends NotCoveredError {}

/** The statuses of an answer with data; the second one means that quotes of the day are late. */
const GOOD = ['OK', 'DELAYED'];

/** Whether a status in the body of an answer with HTTP 200 is a refusal. Answers without a status have data. */
export function isRefused(status: string | null | undefined): boolean {
  return status !== undefined && status !== null && !GOOD.includes(status);
}

/** The error of an answer without data. Massive explains a refusal in `error` or `message`, and not in both. */
export function massiveRefusal(subject: string, { status, headers, body }: Answer): ProviderError {
  const http = `(HTTP ${status})`;
  const retry = { retryAfterMs: retryAfterMs(headers) };
  if (status === 429 || saysTooMany(body) || /maximum requests per minute/i.test(body))
    return new RateLimitedError(`${subject}: request refused ${http}`, retry);
  if (status >= 500) return new UnavailableError(`${subject}: Massive failed ${http}`, retry);
  if (isPage(body)) return new BlockedError(`${subject}: a page instead of data ${http}`, retry);
  if (/before end of day/i.test(body))
    return new NotYetError(`${subject}: the plan of this key has today's bars only after midnight ${http}`);
  if (/data timeframe/i.test(body))
    return new TooOldError(`${subject}: the plan of this key does not include these days ${http}`);
  if (status === 401 || /api key/i.test(body))
    return new KeyRefusedError(`${subject}: Massive refuses the key ${http}`);
  if (status === 403 || /not_authorized/i.test(body))
    return new NotCoveredError(`${subject}: the plan of this key does not include this data ${http}`);
  if (status === 404 || /not_found/i.test(body))
    return new NotFoundError(`${subject}: Massive has no data for it ${http}`);
  if (body.trim() === '') return new PartialAnswerError(`${subject}: the answer is empty ${http}`);
  return new SchemaDriftError(`${subject}: unexpected answer: neither data nor a known refusal ${http}`);
}
