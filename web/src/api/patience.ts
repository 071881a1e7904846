/** Longest wait for an answer. API Gateway itself gives up after thirty seconds. */
export const PATIENCE_MS = 35_000;

/** A fetch that fails where no answer comes, instead of leaving whoever waits to wait for ever. */
export function withPatience(send: typeof fetch, milliseconds = PATIENCE_MS): typeof fetch {
  return (input, init) => {
    const limit = AbortSignal.timeout(milliseconds);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return send(input, { ...init, signal });
  };
}
