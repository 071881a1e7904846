import { DAY_MS } from '../../shared/days.ts';
import { ProviderTimeoutError, UnavailableError } from './errors.ts';

/** A vendor's answer, whole and not yet judged. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** How to ask a vendor. */
export interface Asking extends RequestInit {
  /** What the answer is of, for messages: a symbol. */
  subject: string;
  /** The vendor's name, for messages. */
  vendor: string;
  /** How long the whole answer may take, its body included: one that drips is as late as one that hangs. */
  timeoutMs: number;
}

/**
 * Asks a vendor once and reads the answer to its end. No message holds the address, which may hold a key.
 *
 * @throws ProviderTimeoutError if the answer is not complete in time
 * @throws UnavailableError if the vendor cannot be reached, or hangs up before the end of its answer
 */
export async function ask(url: URL, asking: Asking): Promise<Answer> {
  const { subject, vendor, timeoutMs, ...init } = asking;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, signal });
    return { status: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      const message = `${subject}: no whole answer within ${timeoutMs / 1000} s`;
      throw new ProviderTimeoutError(message, { cause });
    }
    // Also in the middle of an answer: the connection is at fault, not what was said over it.
    throw new UnavailableError(`${subject}: ${vendor} cannot be reached${codeOf(cause)}`, { cause });
  }
}

/** The code that the platform gave a broken connection, in parentheses. */
function codeOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reason instanceof Error && 'code' in reason ? ` (${reason.code})` : '';
}

/**
 * How long an answer asks to be left alone, by its Retry-After: seconds, or an instant; a day at most.
 *
 * @returns nothing where it has no such header, or one that cannot be read
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, DAY_MS);
  const instant = httpDate(text);
  if (instant === undefined) return undefined;
  // Counted from the vendor's own clock, so that a difference between the clocks does not matter.
  return Math.min(Math.max(0, instant - (answeredAt(headers) ?? Date.now())), DAY_MS);
}

/** When the vendor says that it made the answer; an old one out of a cache keeps its old date. */
export function answeredAt(headers: Headers): number | undefined {
  return httpDate(headers.get('date') ?? '');
}

/** The instant of a date as HTTP writes it; JavaScript alone takes nearly any text for one. */
function httpDate(text: string): number | undefined {
  const instant = /^[A-Z][a-z]+, .+ GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whether an answer is a page in place of data. */
export function isPage(body: string): boolean {
  return body.trimStart().startsWith('<');
}

/** Whether an answer says in words that it is asked too often, whatever its status says. */
export function saysTooMany(text: string): boolean {
  return /too many requests|rate limit|request denied/i.test(text);
}
