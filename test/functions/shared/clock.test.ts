import { afterEach, expect, test, vi } from 'vitest';
import { now } from '../../../functions/shared/clock.ts';
import { ConfigurationError } from '../../../functions/shared/errors.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test.each([undefined, ''])('returns the current time while CLOCK is %j', (value) => {
  vi.stubEnv('CLOCK', value);
  vi.useFakeTimers({ now: new Date('2026-03-06T21:30:00Z') });
  expect(now()).toEqual(new Date('2026-03-06T21:30:00Z'));
});

test('returns the instant of CLOCK', () => {
  vi.stubEnv('CLOCK', '2013-03-01T23:59:59+01:00');
  expect(now()).toEqual(new Date('2013-03-01T22:59:59Z'));
});

test('rejects a CLOCK that is not an instant', () => {
  vi.stubEnv('CLOCK', 'yesterday');
  expect(now).toThrow(new ConfigurationError('CLOCK is not an ISO 8601 instant: yesterday'));
});
