import {
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  fullJitterGenerator,
  handleWhen,
  isBrokenCircuitError,
  type RetryPolicy,
  retry,
} from 'cockatiel';
import { DAY_MS, HOUR_MS } from '../../shared/days.ts';
import { defined } from '../../shared/invariant.ts';
import { isRefusal } from '../../shared/run-verdict.ts';
import { log } from '../../shared/telemetry.ts';
import {
  DelistedError,
  NotFoundError,
  NotSentError,
  ProviderError,
  type ProviderReason,
  RateLimitedError,
} from './errors.ts';
import { Pace } from './pace.ts';
import type { Policy } from './policy.ts';
import type { Provider } from './provider.ts';

/**
 * Wraps a vendor's client so that it keeps the vendor's pace, retries where a retry may help, and stops once the
 * vendor refuses every symbol: the rest of a run then fails at once, or goes to another provider.
 *
 * @example
 * const provider = resilient(openYahooProvider({ timeoutMs: YAHOO.policy.timeoutMs }), YAHOO.policy);
 */
export function resilient(provider: Provider, policy: Policy): Provider {
  const pace = new Pace(policy.intervalMs, policy);
  const guard = new Guard(provider.name, policy, pace);
  // Bars are useful without descriptions, so a refused description, or its login, must not stop the requests for bars.
  const descriptions = new Guard(provider.name, policy, pace.sibling());
  const { describe, fetchMany } = provider;
  return {
    name: provider.name,
    concurrency: policy.concurrency,
    fetchBars: (request) => guard.run(request.symbol, () => provider.fetchBars(request)),
    ...(fetchMany && {
      fetchMany: (request) => guard.run(request.symbols.join(), () => fetchMany.call(provider, request)),
    }),
    ...(describe && {
      describe: (symbol) => descriptions.run(symbol, () => describe.call(provider, symbol)),
    }),
  };
}

/**
 * Keeps a policy for the requests of one client that decides itself what to request: for each of them the pace, retries
 * and the breaker of {@link resilient}.
 *
 * @returns a function that sends a request when its turn comes
 */
export function guardRequests(
  name: string,
  policy: Policy,
): <T>(subject: string, request: () => Promise<T>) => Promise<T> {
  const guard = new Guard(name, policy, new Pace(policy.intervalMs, policy));
  return (subject, request) => guard.run(subject, request);
}

/** The pace, slots, breaker and retries of one kind of request. Its state lasts as long as the process. */
class Guard {
  readonly #name: string;
  readonly #policy: Policy;
  readonly #pace: Pace;
  readonly #slots;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;
  #limitedAt = Number.NEGATIVE_INFINITY;
  /** The refusal that opened the breaker, and when. */
  #broken: { reason: ProviderReason; message: string; since: Date } | undefined;

  constructor(name: string, policy: Policy, pace: Pace) {
    this.#name = name;
    this.#policy = policy;
    this.#pace = pace;
    this.#slots = bulkhead(policy.concurrency, Number.POSITIVE_INFINITY);
    // An answer about the symbol alone neither counts nor resets the count: "not found" may disguise a rate limit.
    this.#breaker = circuitBreaker(handleWhen(isSentRefusal), {
      halfOpenAfter: policy.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(policy.breakAfter),
    });
    this.#breaker.onBreak((failure) => this.#open('error' in failure ? failure.error : undefined));
    this.#breaker.onReset(() => this.#close());
    this.#retry = retry(
      handleWhen((error) => this.#mayRetry(error)),
      {
        maxAttempts: policy.retries,
        // For a longer Retry-After, the pace holds the requests of every symbol.
        backoff: new ExponentialBackoff({
          generator: fullJitterGenerator,
          initialDelay: policy.firstBackoffMs,
          maxDelay: policy.longestBackoffMs,
        }),
      },
    );
    this.#retry.onRetry((failure) => {
      const reason =
        'error' in failure && failure.error instanceof ProviderError ? failure.error.reason : undefined;
      log('info', 'provider request retried', { provider: name, reason, attempt: failure.attempt });
    });
  }

  /**
   * Sends a request when its turn comes, with retries.
   *
   * @param subject - the subject of messages: a symbol, or several
   * @throws NotSentError if the breaker is open, the vendor's Retry-After is too long, or the day's allowance is used up
   * @throws ProviderError of the last attempt
   */
  run<T>(subject: string, work: () => Promise<T>): Promise<T> {
    return this.#retry.execute(() => this.#slots.execute(() => this.#attempt(subject, work)));
  }

  async #attempt<T>(subject: string, work: () => Promise<T>): Promise<T> {
    if (this.#pace.heldMs > this.#policy.longestRetryAfterMs) throw this.#onHold(subject);
    try {
      return await this.#breaker.execute(() => this.#send(subject, work));
    } catch (error) {
      // The breaker throws this instead of sending a request.
      if (isBrokenCircuitError(error)) throw this.#brokenCircuit(subject);
      throw error;
    }
  }

  async #send<T>(subject: string, work: () => Promise<T>): Promise<T> {
    if (!(await this.#pace.turn(this.#policy.longestRetryAfterMs))) throw this.#onHold(subject);
    const usedUp = this.#pace.spend();
    if (usedUp) throw this.#overAllowance(subject, usedUp);
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError && error.retryAfterMs) this.#pace.hold(error.retryAfterMs);
      if (error instanceof RateLimitedError) this.#limitedAt = Date.now();
      throw this.#unmasked(error);
    }
  }

  /** Soon after a rate limit, Yahoo may disguise the next one as "not found" or "delisted". */
  #unmasked(error: unknown): unknown {
    if (!(error instanceof NotFoundError || error instanceof DelistedError)) return error;
    const agoMs = Date.now() - this.#limitedAt;
    if (agoMs > this.#policy.suspicionMs) return error;
    const doubt = `probably a rate limit: the last one was ${Math.round(agoMs / 1000)} s before`;
    return new RateLimitedError(`${error.message} (${doubt})`, { cause: error });
  }

  #mayRetry(error: unknown): boolean {
    if (!(error instanceof ProviderError) || error instanceof NotSentError) return false;
    // An open breaker would refuse the retry.
    if (this.#breaker.state === CircuitState.Open) return false;
    return error.retryable && (error.retryAfterMs ?? 0) <= this.#policy.longestRetryAfterMs;
  }

  #open(error: unknown): void {
    const { reason, message } =
      error instanceof ProviderError ? error : { reason: 'unavailable' as const, message: String(error) };
    this.#broken = { reason, message, since: this.#broken?.since ?? new Date() };
    log('warn', 'provider circuit opened', { provider: this.#name, reason, message });
  }

  #close(): void {
    this.#broken = undefined;
    log('info', 'provider circuit closed', { provider: this.#name });
  }

  #brokenCircuit(subject: string): NotSentError {
    const { reason, message, since } = defined(
      this.#broken,
      `the refusal that opened ${this.#name}'s breaker`,
    );
    const when = since.toISOString().slice(0, 19);
    return new NotSentError(
      reason,
      `${subject}: no request sent: the breaker of ${this.#name} is open since ${when}Z (${message})`,
    );
  }

  #overAllowance(subject: string, window: 'an hour' | 'a day'): NotSentError {
    const { requestsPerHour, requestsPerDay } = this.#policy;
    const most = window === 'an hour' ? requestsPerHour : requestsPerDay;
    const ms = window === 'an hour' ? HOUR_MS : DAY_MS;
    const next = new Date((Math.floor(Date.now() / ms) + 1) * ms).toISOString().slice(0, 16);
    const message = `${subject}: no request sent: this process may send ${this.#name} ${most} requests ${window}, the next from ${next}Z on`;
    return new NotSentError('quota_exceeded', message);
  }

  #onHold(subject: string): NotSentError {
    const until = new Date(Date.now() + this.#pace.heldMs).toISOString().slice(0, 19);
    const message = `${subject}: no request sent: ${this.#name} accepts none until ${until}Z`;
    return new NotSentError('rate_limited', message);
  }
}

/** Whether the vendor refused this client, rather than one symbol. */
function isSentRefusal(error: unknown): boolean {
  return error instanceof ProviderError && !(error instanceof NotSentError) && isRefusal(error.reason);
}
