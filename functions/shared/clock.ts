import { ENV } from './constants.ts';
import { ConfigurationError } from './errors.ts';

/**
 * The clock of the data. The CLOCK variable fixes it, so that a run on historical bars has the day of those bars, and
 * tests have a constant time.
 *
 * @returns the fixed instant, or the current one
 * @throws ConfigurationError if CLOCK is not an ISO 8601 instant
 */
export function now(): Date {
  const fixed = process.env[ENV.clock];
  if (!fixed) return new Date();
  const instant = new Date(fixed);
  if (Number.isNaN(instant.getTime()))
    throw new ConfigurationError(`${ENV.clock} is not an ISO 8601 instant: ${fixed}`);
  return instant;
}

/**
 * The real time, which CLOCK does not fix: sessions and tokens expire in real time even with historical data. Tests
 * change it with fake timers.
 */
export function wallClock(): Date {
  return new Date();
}
