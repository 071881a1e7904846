import { BulkheadRejectedError, bulkhead } from 'cockatiel';
import { ServiceBusyError } from './problem.ts';

/** Runs work when its turn comes. */
export type WorkQueue = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Makes a queue for work that takes much of the processor. It throws ServiceBusyError if too much work is waiting.
 *
 * @param running - how much work runs at a time in a process
 * @param activity - names the work in the error; see {@link ServiceBusyError}
 */
export function workQueue({
  running,
  waiting,
  activity,
}: {
  running: number;
  waiting: number;
  activity: string;
}): WorkQueue {
  const queue = bulkhead(running, waiting);
  return async (work) => {
    try {
      return await queue.execute(work);
    } catch (error) {
      throw error instanceof BulkheadRejectedError ? new ServiceBusyError(activity) : error;
    }
  };
}
