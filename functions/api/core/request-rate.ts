import { problem } from './problem.ts';

/** The most requests of one API key in a minute. docs/adr/0057 gives the reasons. */
export const REQUESTS_PER_MINUTE = 300;

const MINUTE_MS = 60_000;

/** The requests of each key in the current minute. Memory is bounded, because only valid keys are counted. */
const counts = new Map<string, number>();
let countedMinute = 0;

/**
 * Counts a request of a key in this process.
 *
 * @throws ApiError (429, with Retry-After) beyond {@link REQUESTS_PER_MINUTE}
 */
export function countRequest(keyId: string, at: Date): void {
  const minute = Math.floor(at.getTime() / MINUTE_MS);
  if (minute !== countedMinute) {
    counts.clear();
    countedMinute = minute;
  }
  const count = (counts.get(keyId) ?? 0) + 1;
  if (count > REQUESTS_PER_MINUTE) throw tooManyRequests((minute + 1) * MINUTE_MS - at.getTime());
  counts.set(keyId, count);
}

function tooManyRequests(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return problem(
    'too-many-requests',
    `An API key may send ${REQUESTS_PER_MINUTE} requests a minute. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { headers: { 'retry-after': String(seconds) }, members: { retryAfter: seconds } },
  );
}
