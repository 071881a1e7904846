import { availableParallelism } from 'node:os';
import { workQueue } from '../core/work-queue.ts';

/** Half of the processors, so that a flood of logins leaves the others to readers. */
const RUNNING = Math.max(1, Math.floor(availableParallelism() / 2));

/** A hash takes about 40 ms, so the last in the queue waits about a second. */
const WAITING = 24;

/**
 * Runs work that verifies or hashes a password. Only a few run at a time in a process, and hold few database
 * connections. A Lambda function handles one request at a time, so this bounds only the local service.
 *
 * @param work - must not call this function, because it would wait for itself
 * @throws ServiceBusyError if too many are waiting, before the work begins
 */
export const inPasswordQueue = workQueue({
  running: RUNNING,
  waiting: WAITING,
  activity: 'checking too many passwords',
});
