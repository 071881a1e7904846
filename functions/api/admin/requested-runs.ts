import { setTimeout as pause } from 'node:timers/promises';
import { BoursomaticError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/object-store.ts';
import { fromBytes, REPLIED_WITHIN_MS, RunReply, replyKey, requestKey, toBytes } from './run-request.ts';
import type { RunStarter } from './run-starter.ts';

/**
 * Starts runs through request objects in a bucket. A function outside the VPC reads them and calls Step Functions
 * (docs/adr/0015).
 *
 * @param objects - holds the requests and the replies
 */
export function requestedRuns(
  objects: ObjectStore,
  { timeoutMs = REPLIED_WITHIN_MS, pollMs = 200 } = {},
): RunStarter {
  return {
    start: async (id, input) => {
      const sentAt = Date.now();
      await objects.put(requestKey(id), toBytes({ id, askedAt: new Date(sentAt).toISOString(), input }));
      while (Date.now() < sentAt + timeoutMs) {
        await pause(pollMs);
        const reply = await objects.get(replyKey(id));
        if (!reply) continue;
        const { refused } = fromBytes(RunReply, reply);
        if (refused !== undefined) throw new BoursomaticError('run_refused', `run ${id}: ${refused}`);
        return;
      }
      throw new BoursomaticError(
        'run_not_started',
        `run ${id}: no reply to the request within ${timeoutMs} ms`,
      );
    },
  };
}
