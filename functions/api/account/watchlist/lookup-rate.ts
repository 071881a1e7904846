import { HOUR_MS } from '../../../shared/days.ts';
import { problem } from '../../core/problem.ts';

/** The most symbols that one user may have looked up in an hour. The vendors limit the whole installation. */
export const LOOKUPS_PER_HOUR = 60;

/** The lookups of each user in the current hour. Memory is bounded, because only signed-in users are counted. */
const counts = new Map<string, number>();
let countedHour = 0;

/**
 * Counts lookups of a user in this process.
 *
 * @throws ApiError (429, with Retry-After) beyond {@link LOOKUPS_PER_HOUR}
 */
export function countLookups(userId: string, symbols: number, at: Date): void {
  const hour = Math.floor(at.getTime() / HOUR_MS);
  if (hour !== countedHour) {
    counts.clear();
    countedHour = hour;
  }
  const count = (counts.get(userId) ?? 0) + symbols;
  if (count > LOOKUPS_PER_HOUR) {
    const seconds = Math.ceil(((hour + 1) * HOUR_MS - at.getTime()) / 1000);
    throw problem(
      'too-many-requests',
      `You may look up ${LOOKUPS_PER_HOUR} new symbols an hour. Try again in ${Math.ceil(seconds / 60)} minutes.`,
      { headers: { 'retry-after': String(seconds) }, members: { retryAfter: seconds } },
    );
  }
  counts.set(userId, count);
}
