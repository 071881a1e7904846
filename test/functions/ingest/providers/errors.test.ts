import { expect, test } from 'vitest';
import {
  AllProvidersFailedError,
  BadRowError,
  BlockedError,
  DelistedError,
  DoubtfulAnswerError,
  KeyRefusedError,
  mayRetry,
  NotCoveredError,
  NotFoundError,
  NotSentError,
  PartialAnswerError,
  ProviderError,
  ProviderTimeoutError,
  QuotaExceededError,
  RateLimitedError,
  REASONS,
  SchemaDriftError,
  UnavailableError,
} from '../../../../functions/ingest/providers/errors.ts';
import { BoursomaticError } from '../../../../functions/shared/errors.ts';
import { isRefusal } from '../../../../functions/shared/run-verdict.ts';

/** Each class with its name, its reason, `retry`, and whether it is a refusal. */
const CLASSES = [
  [RateLimitedError, 'RateLimitedError', 'rate_limited', true, true],
  [QuotaExceededError, 'QuotaExceededError', 'quota_exceeded', false, true],
  [BlockedError, 'BlockedError', 'blocked', true, true],
  [KeyRefusedError, 'KeyRefusedError', 'key_refused', false, true],
  [ProviderTimeoutError, 'ProviderTimeoutError', 'timeout', true, true],
  [UnavailableError, 'UnavailableError', 'unavailable', true, true],
  [PartialAnswerError, 'PartialAnswerError', 'partial_answer', true, false],
  [SchemaDriftError, 'SchemaDriftError', 'schema_drift', false, false],
  [NotFoundError, 'NotFoundError', 'not_found', false, false],
  [DelistedError, 'DelistedError', 'delisted', false, false],
  [NotCoveredError, 'NotCoveredError', 'not_covered', false, false],
  [BadRowError, 'BadRowError', 'bad_row', false, false],
  [DoubtfulAnswerError, 'DoubtfulAnswerError', 'doubtful', false, false],
] as const;

test.each(CLASSES)('gives %o the name %s and the reason %s', (Class, name, reason, retry, refusal) => {
  const cause = new Error('socket');
  const error = new Class('AAPL: no', { cause, retryAfterMs: 1000 });
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toBeInstanceOf(BoursomaticError);
  expect(error).toMatchObject({ name, reason, code: `provider_${reason}`, message: 'AAPL: no', cause });
  expect(error.retryable).toBe(retry);
  expect(mayRetry(reason)).toBe(retry);
  expect(isRefusal(reason)).toBe(refusal);
  expect(error.retryAfterMs).toBe(1000);
});

test('has a class for every reason', () => {
  expect(CLASSES.map(([, , reason]) => reason).sort()).toEqual(Object.keys(REASONS).sort());
});

test.each(['no_such_reason', 'toString', '__proto__', ''])(
  'does not retry the unknown reason %j',
  (reason) => {
    expect(mayRetry(reason)).toBe(false);
  },
);

test('keeps the original reason in errors that combine or repeat refusals', () => {
  const attempts = [{ provider: 'yahoo', reason: 'timeout', message: 'late' }] as const;
  expect(new NotSentError('timeout', 'm')).toMatchObject({ reason: 'timeout', name: 'NotSentError' });
  expect(new AllProvidersFailedError('timeout', 'm', [...attempts])).toMatchObject({
    reason: 'timeout',
    attempts,
  });
});
