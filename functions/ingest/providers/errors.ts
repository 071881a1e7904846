import { BoursomaticError } from '../../shared/errors.ts';

/**
 * Why a provider gave nothing: stable codes, as pipeline_failures keeps them.
 *
 * `retry` says whether asking again in a moment may help. `refusal` says whether the answer is about us or the
 * vendor, and so about every other symbol too: these are what opens a circuit breaker.
 */
export const REASONS = {
  /** Asked too often. */
  rate_limited: { retry: true, refusal: true },
  /** The day's allowance is used up: no wait within a run brings it back. */
  quota_exceeded: { retry: false, refusal: true },
  /** A page in place of data: consent, proof of work, or a broken edge server, which the next request may miss. */
  blocked: { retry: true, refusal: true },
  /** The key, or the lack of one, is what was refused. */
  key_refused: { retry: false, refusal: true },
  /** No whole answer in time. */
  timeout: { retry: true, refusal: true },
  /** The vendor's own fault, or no connection. */
  unavailable: { retry: true, refusal: true },
  /** An answer with a part of it missing. */
  partial_answer: { retry: true, refusal: false },
  /** An answer of another form than the one this project reads. */
  schema_drift: { retry: false, refusal: false },
  not_found: { retry: false, refusal: false },
  delisted: { retry: false, refusal: false },
  /** The vendor does not have this kind of bars, or of instrument. */
  not_covered: { retry: false, refusal: false },
  /** A row that cannot be a bar. */
  bad_row: { retry: false, refusal: false },
} as const satisfies Record<string, { retry: boolean; refusal: boolean }>;
export type ProviderReason = keyof typeof REASONS;

/** A provider's refusal of an instrument. */
export interface Attempt {
  provider: string;
  reason: ProviderReason;
  message: string;
}

/** Whether asking again may help an instrument that failed for a reason; not for one that is unknown. */
export function mayRetry(reason: string): boolean {
  return Object.hasOwn(REASONS, reason) && REASONS[reason as ProviderReason].retry;
}

export interface ProviderErrorOptions extends ErrorOptions {
  /** For how long the vendor asks to be left alone. */
  retryAfterMs?: number | undefined;
}

/** A provider's refusal for one instrument; the others of the batch go on. */
export class ProviderError extends BoursomaticError {
  readonly reason: ProviderReason;
  readonly retryAfterMs: number | undefined;
  constructor(reason: ProviderReason, message: string, options: ProviderErrorOptions = {}) {
    const { retryAfterMs, ...rest } = options;
    super(`provider_${reason}`, message, rest);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether asking again in a moment may help. */
  get retryable(): boolean {
    return REASONS[this.reason].retry;
  }
}

/** The class of one reason. */
function refusalFor(reason: ProviderReason) {
  return class extends ProviderError {
    constructor(message: string, options?: ProviderErrorOptions) {
      super(reason, message, options);
    }
  };
}

/** The vendor wants to be asked less often; plain, or disguised as something else. */
export class RateLimitedError extends refusalFor('rate_limited') {}

/** The allowance of the day is used up. */
export class QuotaExceededError extends refusalFor('quota_exceeded') {}

/** A page came in place of data, or access was denied. */
export class BlockedError extends refusalFor('blocked') {}

/** The vendor does not take the key. */
export class KeyRefusedError extends refusalFor('key_refused') {}

/** The answer was not complete within the time that a request may take. */
export class ProviderTimeoutError extends refusalFor('timeout') {}

/** The vendor's server failed, or could not be reached. */
export class UnavailableError extends refusalFor('unavailable') {}

/** The answer is cut off, or has holes where data must be. */
export class PartialAnswerError extends refusalFor('partial_answer') {}

/** The answer is whole, and not of the form that is known. */
export class SchemaDriftError extends refusalFor('schema_drift') {}

/** The vendor does not know the symbol. */
export class NotFoundError extends refusalFor('not_found') {}

/** The vendor says that the symbol is not traded any more, or may not be. */
export class DelistedError extends refusalFor('delisted') {}

/** The vendor has no such bars of any symbol, or no form for this symbol. */
export class NotCoveredError extends refusalFor('not_covered') {}

/** A row of the answer or of the file cannot be a bar. */
export class BadRowError extends refusalFor('bad_row') {}

/**
 * The provider was not asked, since it has been refusing: it carries the reason of that refusal, so that an
 * operator finds the cause under one code.
 */
export class NotAskedError extends ProviderError {}

/** Several providers were asked and none had an answer. */
export class AllProvidersFailedError extends ProviderError {
  /** What each said, in the order in which they were asked. */
  readonly attempts: Attempt[];
  constructor(reason: ProviderReason, message: string, attempts: Attempt[], options?: ErrorOptions) {
    super(reason, message, options);
    this.attempts = attempts;
  }
}
