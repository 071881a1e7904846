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
import { log } from '../../shared/telemetry.ts';
import {
  DelistedError,
  NotAskedError,
  NotFoundError,
  ProviderError,
  type ProviderReason,
  RateLimitedError,
  REASONS,
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
  const guard = new Guard(provider.name, policy);
  const { describe, fetchMany } = provider;
  return {
    name: provider.name,
    concurrency: policy.concurrency,
    fetchBars: (request) => guard.run(request.symbol, () => provider.fetchBars(request)),
    ...(fetchMany && {
      fetchMany: (request) =>
        guard.run(`${request.symbols.length} symbols`, () => fetchMany.call(provider, request)),
    }),
    ...(describe && { describe: (symbol) => guard.run(symbol, () => describe.call(provider, symbol)) }),
  };
}

/** What stands between a run and one vendor. Its state lasts as long as the process. */
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

  constructor(name: string, policy: Policy) {
    this.#name = name;
    this.#policy = policy;
    this.#pace = new Pace(policy.intervalMs, policy.requestsPerDay);
    this.#slots = bulkhead(policy.concurrency, Number.POSITIVE_INFINITY);
    // An answer about the symbol alone neither counts nor ends the count: "not found" may be a disguise.
    this.#breaker = circuitBreaker(handleWhen(isRefusal), {
      halfOpenAfter: policy.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(policy.breakAfter),
    });
    this.#breaker.onBreak((failure) => this.#open('error' in failure ? failure.error : undefined));
    this.#breaker.onReset(() => this.#close());
    this.#retry = retry(
      handleWhen((error) => this.#mayRetry(error)),
      {
        maxAttempts: policy.retries,
        // A Retry-After that is longer is waited for by the pace, as every other symbol does.
        backoff: new ExponentialBackoff({
          generator: fullJitterGenerator,
          initialDelay: policy.firstBackoffMs,
          maxDelay: policy.longestBackoffMs,
        }),
      },
    );
    this.#retry.onRetry((failure) => {
      const reason = 'error' in failure && failure.error instanceof ProviderError ? failure.error.reason : '';
      log('info', 'provider asked again', { provider: name, reason, attempt: failure.attempt });
    });
  }

  /**
   * Does some work for a symbol when its turn comes.
   *
   * @throws NotAskedError if the vendor has refused too often, or asked to be left alone for too long
   * @throws ProviderError that the last attempt ended with
   */
  run<T>(symbol: string, work: () => Promise<T>): Promise<T> {
    return this.#retry.execute(() => this.#slots.execute(() => this.#attempt(symbol, work)));
  }

  async #attempt<T>(symbol: string, work: () => Promise<T>): Promise<T> {
    if (this.#pace.heldMs > this.#policy.longestRetryAfterMs) throw this.#leftAlone(symbol);
    try {
      return await this.#breaker.execute(() => this.#ask(symbol, work));
    } catch (error) {
      // What the breaker throws instead of asking.
      if (isBrokenCircuitError(error)) throw this.#notAsked(symbol);
      throw error;
    }
  }

  async #ask<T>(symbol: string, work: () => Promise<T>): Promise<T> {
    if (!(await this.#pace.turn(this.#policy.longestRetryAfterMs))) throw this.#leftAlone(symbol);
    if (!this.#pace.spend()) throw this.#overAllowance(symbol);
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError && error.retryAfterMs) this.#pace.hold(error.retryAfterMs);
      if (error instanceof RateLimitedError) this.#limitedAt = Date.now();
      throw this.#unmasked(error);
    }
  }

  /** Right after a rate limit, "not found" and "delisted" are among the words that Yahoo has for another one. */
  #unmasked(error: unknown): unknown {
    if (!(error instanceof NotFoundError || error instanceof DelistedError)) return error;
    const agoMs = Date.now() - this.#limitedAt;
    if (agoMs > this.#policy.suspicionMs) return error;
    const doubt = `taken for a rate limit, of which there was one ${Math.round(agoMs / 1000)} s before`;
    return new RateLimitedError(`${error.message} (${doubt})`, { cause: error });
  }

  #mayRetry(error: unknown): boolean {
    if (!(error instanceof ProviderError) || error instanceof NotAskedError) return false;
    // Once the breaker is open another attempt would only be told so.
    if (this.#breaker.state === CircuitState.Open) return false;
    return error.retryable && (error.retryAfterMs ?? 0) <= this.#policy.longestRetryAfterMs;
  }

  #open(error: unknown): void {
    const { reason, message } =
      error instanceof ProviderError ? error : { reason: 'unavailable' as const, message: String(error) };
    this.#broken = { reason, message, since: this.#broken?.since ?? new Date() };
    log('warn', 'provider not asked any more', { provider: this.#name, reason, message });
  }

  #close(): void {
    this.#broken = undefined;
    log('info', 'provider answers again', { provider: this.#name });
  }

  #notAsked(symbol: string): NotAskedError {
    const { reason, message, since } = this.#broken ?? {
      reason: 'unavailable',
      message: '',
      since: new Date(),
    };
    const when = since.toISOString().slice(0, 19);
    return new NotAskedError(
      reason,
      `${symbol}: not asked: the breaker of ${this.#name} is open since ${when}Z (${message})`,
    );
  }

  #overAllowance(symbol: string): NotAskedError {
    const message = `${symbol}: not asked: ${this.#name} allows ${this.#policy.requestsPerDay} requests a day`;
    return new NotAskedError('quota_exceeded', message);
  }

  #leftAlone(symbol: string): NotAskedError {
    const until = new Date(Date.now() + this.#pace.heldMs).toISOString().slice(0, 19);
    const message = `${symbol}: not asked: ${this.#name} wants to be left alone until ${until}Z`;
    return new NotAskedError('rate_limited', message);
  }
}

/** Whether a vendor refused us, and not one symbol. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProviderError && !(error instanceof NotAskedError) && REASONS[error.reason].refusal;
}
