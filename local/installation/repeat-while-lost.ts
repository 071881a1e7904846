import { setTimeout as wait } from 'node:timers/promises';
import { reachingDatabase } from '../../functions/shared/database.ts';
import { CommitOutcomeUnknownError, DatabaseUnreachableError } from '../../functions/shared/errors.ts';

/** The longest that a step of the start is repeated, and the pause between its attempts. */
const LOST_MS = 120_000;
const PAUSE_MS = 500;

/**
 * Repeats an idempotent step while its server cannot be reached: something else is starting the server again.
 *
 * @param signal - ends the repetition
 * @throws DatabaseUnreachableError if the server cannot be reached within two minutes, or at once if it refuses the
 * password
 */
export async function repeatWhileLost<T>(
  step: () => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  for (const end = Date.now() + LOST_MS; ; ) {
    try {
      return await reachingDatabase(step);
    } catch (error) {
      const isLost = error instanceof DatabaseUnreachableError || error instanceof CommitOutcomeUnknownError;
      if (!isLost || isRefusedPassword(error.cause) || signal?.aborted || Date.now() > end) throw error;
      await wait(PAUSE_MS, undefined, { signal });
    }
  }
}

/** Whether Postgres refused a password. */
export function isRefusedPassword(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '28P01';
}
