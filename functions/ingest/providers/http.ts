import { BlockedError, ProviderTimeoutError, UnavailableError } from './errors.ts';

/** A vendor's complete answer, before it is parsed. */
export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

/** A request to a vendor. */
export interface VendorRequest extends RequestInit {
  /** The subject of messages: a symbol. */
  subject: string;
  /** The vendor's name, for messages. */
  vendor: string;
  /** How long the whole answer may take, including its body: a slow drip times out like a hang. */
  timeoutMs: number;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Sends a request to a vendor and reads the answer to its end. No message contains the URL, which may contain a key. It
 * follows no redirect: the vendor's answer must not choose which server this service calls.
 *
 * @throws ProviderTimeoutError if the answer is not complete in time
 * @throws BlockedError if the vendor redirects, unless the request sets `redirect`
 * @throws UnavailableError if the vendor cannot be reached, or closes the connection before the end of its answer
 */
export async function send(url: URL, request: VendorRequest): Promise<Answer> {
  const { subject, vendor, timeoutMs, ...init } = request;
  const signal = AbortSignal.timeout(timeoutMs);
  let answer: Answer;
  try {
    const response = await fetch(url, { redirect: 'manual', ...init, signal });
    answer = { status: response.status, headers: response.headers, body: await response.text() };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      const message = `${subject}: no complete answer within ${timeoutMs / 1000} s`;
      throw new ProviderTimeoutError(message, { cause });
    }
    // A connection that fails in the middle of an answer counts as well.
    throw new UnavailableError(`${subject}: ${vendor} cannot be reached${codeOf(cause)}`, { cause });
  }
  if (init.redirect === undefined && REDIRECTS.has(answer.status))
    throw new BlockedError(`${subject}: ${vendor} redirects to another address (HTTP ${answer.status})`);
  return answer;
}

/** The platform's code for a broken connection, in parentheses. */
function codeOf(error: unknown): string {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return reason instanceof Error && 'code' in reason ? ` (${reason.code})` : '';
}

/** Whether an answer is a page instead of data. */
export function isPage(body: string): boolean {
  return body.trimStart().startsWith('<');
}

/** Whether an answer's words report a rate limit. Its status may be any. */
export function saysTooMany(text: string): boolean {
  return /too many requests|rate limit|request denied/i.test(text);
}
