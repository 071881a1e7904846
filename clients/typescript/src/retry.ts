/** When to repeat a request. */
export interface RetryOptions {
  /** How often a request is repeated at most; 5 by default. */
  retries?: number;
  /** The longest wait for a repetition, in seconds; 120 by default. */
  maxWaitSeconds?: number;
}

/**
 * Wraps a `fetch`. It repeats a request that the service refuses for now (429 or 503), after the seconds of `Retry-After`.
 * Without that header, it repeats only what changes nothing, after 1, 2, 4 seconds and so on: the change may have been
 * saved. If the wait would be too long, it returns the refusal.
 */
export function retrying(
  send: typeof fetch,
  { retries = 5, maxWaitSeconds = 120 }: RetryOptions,
): (request: Request) => Promise<Response> {
  return async (request) => {
    for (let count = 0; ; count++) {
      const response = await send(request.clone());
      const seconds = secondsUntilRetry(request, response, count);
      if (count >= retries || seconds === undefined || seconds > maxWaitSeconds) return response;
      await response.body?.cancel();
      await wait(seconds * 1000, request.signal);
    }
  };
}

/** Undefined if the request must not be repeated. */
function secondsUntilRetry(
  { method }: Request,
  { status, headers }: Response,
  count: number,
): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const given = headers.get('retry-after');
  if (given === null) return method === 'GET' || method === 'HEAD' ? 2 ** count : undefined;
  // RFC 9110 allows seconds and a date.
  const seconds = /^\d+$/.test(given) ? Number(given) : (Date.parse(given) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
