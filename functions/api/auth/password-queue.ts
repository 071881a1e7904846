import { availableParallelism } from 'node:os';
import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { ServiceBusyError } from '../core/problem.ts';

/** Half of the processors, so that a flood of logins leaves the others to readers. */
const RUNNING = Math.max(1, Math.floor(availableParallelism() / 2));

/** A hash takes about 40 ms, so the last in the queue waits about a second. */
const WAITING = 24;

const queue = bulkhead(RUNNING, WAITING);

/**
 * Runs work that verifies or hashes a password. Only a few run at a time in a process, and hold few database
 * connections. A Lambda function handles one request at a time, so this bounds only the local service.
 *
 * @param work - must not call this function, because it would wait for itself
 * @throws ServiceBusyError if too many are waiting, before the work begins
 */
export async function inPasswordQueue<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await queue.execute(work);
  } catch (error) {
    throw error instanceof BulkheadRejectedError ? new ServiceBusyError() : error;
  }
}
