/** How a vendor is asked: how often, how patiently, and when no more. All times in milliseconds. */
export interface Policy {
  /** How long a whole answer may take. */
  timeoutMs: number;
  /** The least time between two requests of this process. */
  intervalMs: number;
  /** Requests under way at once. */
  concurrency: number;
  /** Times that a request is tried again, where that may help. */
  retries: number;
  /** The waits before them are drawn from 0 to this, then to twice this, and so on. */
  firstBackoffMs: number;
  longestBackoffMs: number;
  /** A Retry-After up to this is waited for; for a longer one the instruments fail, and the run goes on. */
  longestRetryAfterMs: number;
  /** After this many refusals in a row the vendor is not asked any more. */
  breakAfter: number;
  /** After this long one request tries whether it answers again. */
  halfOpenAfterMs: number;
  /** For this long after a rate limit, "not found" and "delisted" are taken for another one. */
  suspicionMs: number;
}

/** The vendors that are reached over the network. */
export type Vendor = keyof typeof POLICIES;

/**
 * Each vendor's policy. Fetch gives a batch of 50 symbols 14 minutes, in four processes at once: a batch in
 * which everything hangs must end within them, and does, since a breaker opens after five times 20 seconds.
 */
export const POLICIES = {
  /**
   * Yahoo counts requests by address and, once it refuses, does so for minutes however slowly it is asked: a
   * slow crawl gets further than a burst. A chart takes well under a second.
   */
  yahoo: {
    timeoutMs: 20_000,
    intervalMs: 500,
    concurrency: 2,
    retries: 3,
    firstBackoffMs: 1_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 5,
    halfOpenAfterMs: 60_000,
    suspicionMs: 300_000,
  },
  /** Stooq counts hits a day, so that a retry costs as much as a symbol; it is asked by one request at a time. */
  stooq: {
    timeoutMs: 20_000,
    intervalMs: 1_000,
    concurrency: 1,
    retries: 1,
    firstBackoffMs: 2_000,
    longestBackoffMs: 20_000,
    longestRetryAfterMs: 60_000,
    breakAfter: 3,
    halfOpenAfterMs: 60_000,
    suspicionMs: 60_000,
  },
} as const satisfies Record<string, Policy>;
