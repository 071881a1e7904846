import { log } from '../shared/telemetry.ts';

/**
 * Runs the part of one user, so that a fault in it does not stop the messages of all others.
 *
 * @param part - names the part in the log, without anything personal
 * @returns undefined if the part failed by a fault of this program
 * @throws the errors of the database and of the configuration, which concern everybody: they have a code
 */
export async function isolate<T>(
  part: Record<string, string>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || 'code' in error) throw error;
    log('error', 'alerts of a user failed', { ...part, error: error.name, stack: error.stack ?? '' });
    return undefined;
  }
}
