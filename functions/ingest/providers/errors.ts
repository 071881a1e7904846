import { BoursomaticError } from '../../shared/errors.ts';
import type { Refusal } from '../../shared/run-verdict.ts';

/**
 * Reasons of a failed fetch: stable codes, which pipeline_failures stores.
 *
 * `retry`: a retry in a moment may help.
 */
export const REASONS = {
  /** Too many requests. */
  rate_limited: { retry: true },
  /** The day's allowance is used up: waiting within a run does not help. */
  quota_exceeded: { retry: false },
  /** A page instead of data: consent, proof of work, or a broken edge server, which the next request may miss. */
  blocked: { retry: true },
  /** The key is wrong or missing. */
  key_refused: { retry: false },
  /** No complete answer in time. */
  timeout: { retry: true },
  /** A failure of the vendor, or no connection. */
  unavailable: { retry: true },
  /** A part of the answer is missing. */
  partial_answer: { retry: true },
  /** The answer has a different form from the one that this project reads. */
  schema_drift: { retry: false },
  not_found: { retry: false },
  delisted: { retry: false },
  /** The vendor does not have this kind of bars, or of instrument. */
  not_covered: { retry: false },
  /** A row that cannot be a bar. */
  bad_row: { retry: false },
  /** The answer contradicts itself: its prices are not adjusted for its own splits or dividends. */
  doubtful: { retry: false },
} as const satisfies Record<string, { retry: boolean }> & Record<Refusal, unknown>;
export type ProviderReason = keyof typeof REASONS;

/** A provider's refusal of an instrument. */
export interface Attempt {
  provider: string;
  reason: ProviderReason;
  message: string;
}

/** Whether a retry may help after a failure with this reason; false for an unknown reason. */
export function mayRetry(reason: string): boolean {
  return Object.hasOwn(REASONS, reason) && REASONS[reason as ProviderReason].retry;
}

export interface ProviderErrorOptions extends ErrorOptions {
  /** How long the vendor asks clients to wait. */
  retryAfterMs?: number | undefined;
}

/** A provider's refusal of one instrument; the batch continues with the others. */
export class ProviderError extends BoursomaticError {
  readonly reason: ProviderReason;
  readonly retryAfterMs: number | undefined;
  constructor(reason: ProviderReason, message: string, options: ProviderErrorOptions = {}) {
    const { retryAfterMs, ...rest } = options;
    super(`provider_${reason}`, message, rest);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether a retry in a moment may help. */
  get retryable(): boolean {
    return REASONS[this.reason].retry;
  }
}

/** The base class of one reason's errors. */
function refusalFor(reason: ProviderReason) {
  return class extends ProviderError {
    constructor(message: string, options?: ProviderErrorOptions) {
      super(reason, message, options);
    }
  };
}

/** The vendor limits the rate of requests, openly or disguised as something else. */
export class RateLimitedError extends refusalFor('rate_limited') {}

/** The day's allowance is used up. */
export class QuotaExceededError extends refusalFor('quota_exceeded') {}

/** The vendor answered with a page instead of data, or denied access. */
export class BlockedError extends refusalFor('blocked') {}

/** The vendor refuses the key. */
export class KeyRefusedError extends refusalFor('key_refused') {}

/** The answer was not complete within the request's time limit. */
export class ProviderTimeoutError extends refusalFor('timeout') {}

/** The vendor's server failed, or could not be reached. */
export class UnavailableError extends refusalFor('unavailable') {}

/** The answer is cut off, or lacks data that must be there. */
export class PartialAnswerError extends refusalFor('partial_answer') {}

/** The answer is complete, but its form is unknown. */
export class SchemaDriftError extends refusalFor('schema_drift') {}

/** The vendor does not know the symbol. */
export class NotFoundError extends refusalFor('not_found') {}

/** The vendor says that the symbol is, or may be, no longer traded. */
export class DelistedError extends refusalFor('delisted') {}

/** The provider has no such bars of any symbol, or no form of this symbol. */
export class NotCoveredError extends refusalFor('not_covered') {}

/** A row of the answer or of the file cannot be a bar. */
export class BadRowError extends refusalFor('bad_row') {}

/** The prices of the answer are not adjusted for its own splits or dividends; another provider's may be. */
export class DoubtfulAnswerError extends refusalFor('doubtful') {}

/**
 * The client sent no request, because the vendor has been refusing. The error carries the reason of that refusal, so
 * that an operator finds the cause under one code.
 */
export class NotSentError extends ProviderError {}

/** All of several providers refused. */
export class AllProvidersFailedError extends ProviderError {
  /** Each provider's refusal, in failover order. */
  readonly attempts: Attempt[];
  constructor(reason: ProviderReason, message: string, attempts: Attempt[], options?: ErrorOptions) {
    super(reason, message, options);
    this.attempts = attempts;
  }
}
