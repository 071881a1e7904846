/**
 * How clients treat a vendor: how fast they send requests, when they retry, and when they give up. All times are in
 * milliseconds. Rates and allowances are those of all processes together: see {@link shareOf} and
 * functions/ingest/plan/allowance.ts.
 *
 * Fetch has 14 minutes for a batch of 50 symbols. A batch in which every request hangs must end within them:
 * `breakAfter` × `timeoutMs` × (1 + `retries`) has to stay well below.
 */
export interface Policy {
  /** How long a whole answer may take. */
  readonly timeoutMs: number;
  /** The shortest time between two requests. */
  readonly intervalMs: number;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Requests in an hour of the clock, and in a UTC day; unlimited where they are absent. */
  readonly requestsPerHour?: number;
  readonly requestsPerDay?: number;
  /** Retries of a request, where a retry may help. */
  readonly retries: number;
  /** The wait before a retry is random: from 0 to this, then to twice this, and so on. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** The client waits for a Retry-After up to this long; after a longer one it fails the instruments at once. */
  readonly longestRetryAfterMs: number;
  /** The circuit breaker opens after this many refusals in a row. */
  readonly breakAfter: number;
  /** After this long, one request tests whether the vendor answers again. */
  readonly halfOpenAfterMs: number;
  /** For this long after a rate limit, "not found" and "delisted" count as another rate limit. */
  readonly suspicionMs: number;
}

/**
 * The policy of one of several processes that send requests at once: its share of the rate and of the allowances, so
 * that all of them together keep the vendor's limits without knowing of each other.
 *
 * @param processes - at least 1
 * @param isPlanned - whether Plan keeps the allowances for all processes together; each then has the whole ones
 */
export function shareOf(policy: Policy, processes: number, isPlanned = false): Policy {
  const share = (requests: number) => Math.max(1, Math.floor(requests / processes));
  const { requestsPerHour, requestsPerDay } = policy;
  return {
    ...policy,
    intervalMs: policy.intervalMs * processes,
    concurrency: share(policy.concurrency),
    ...(requestsPerHour !== undefined && !isPlanned && { requestsPerHour: share(requestsPerHour) }),
    ...(requestsPerDay !== undefined && !isPlanned && { requestsPerDay: share(requestsPerDay) }),
  };
}
