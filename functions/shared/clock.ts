import { ENV } from './constants.ts';
import { ConfigurationError } from './errors.ts';

/**
 * The one clock. The CLOCK variable fixes it, which is how a run on historical bars lives on its own day
 * and how tests hold time still.
 *
 * @returns the current instant, or the fixed one
 * @throws ConfigurationError if CLOCK is not an ISO 8601 instant
 */
export function now(): Date {
  const fixed = process.env[ENV.clock];
  if (!fixed) return new Date();
  const instant = new Date(fixed);
  if (Number.isNaN(instant.getTime()))
    throw new ConfigurationError(`${ENV.clock} is not an instant: ${fixed}`);
  return instant;
}

/**
 * The time that people live in, which CLOCK does not fix: sessions and tokens end whatever day the data is of.
 * Tests move it with fake timers.
 */
export function wallClock(): Date {
  return new Date();
}
