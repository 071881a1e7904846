/**
 * How a client treats a vendor: how fast it sends requests, when it retries, and when it gives up. All times are in
 * milliseconds.
 *
 * Fetch has 14 minutes for a batch of 50 symbols, and four processes run at once. A batch in which every request
 * hangs must end within them: `breakAfter` × `timeoutMs` × (1 + `retries`) has to stay well below.
 */
export interface Policy {
  /** How long a whole answer may take. */
  readonly timeoutMs: number;
  /** The shortest time between two requests of this process. */
  readonly intervalMs: number;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Requests that this process sends in a UTC day; unlimited where it is absent. */
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
