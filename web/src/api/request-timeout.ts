/** Longest wait for a response. API Gateway itself times out after 30 seconds. */
const REQUEST_TIMEOUT_MS = 35_000;

/** A fetch that rejects with a `TimeoutError` when no response arrives in time. */
export function withTimeout(send: typeof fetch, milliseconds = REQUEST_TIMEOUT_MS): typeof fetch {
  return (input, init) => {
    const timeout = AbortSignal.timeout(milliseconds);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return send(input, { ...init, signal });
  };
}
