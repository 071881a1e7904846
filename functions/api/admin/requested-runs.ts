import { setTimeout as pause } from 'node:timers/promises';
import { BoursomaticError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/object-store.ts';
import { fromBytes, REPLIED_WITHIN_MS, RunReply, replyKey, requestKey, toBytes } from './run-request.ts';
import type { RunStarter } from './run-starter.ts';

/**
 * Starts runs by asking for them in a bucket, whose other side has a way to Step Functions (docs/adr/0015).
 *
 * @param objects - the requests and the replies to them
 */
export function requestedRuns(
  objects: ObjectStore,
  { patienceMs = REPLIED_WITHIN_MS, pauseMs = 200 } = {},
): RunStarter {
  return {
    start: async (id, input) => {
      const asked = Date.now();
      await objects.put(requestKey(id), toBytes({ id, askedAt: new Date(asked).toISOString(), input }));
      while (Date.now() < asked + patienceMs) {
        await pause(pauseMs);
        const reply = await objects.get(replyKey(id));
        if (!reply) continue;
        const { refused } = fromBytes(RunReply, reply);
        if (refused !== undefined) throw new BoursomaticError('run_refused', `run ${id}: ${refused}`);
        return;
      }
      throw new BoursomaticError('run_not_started', `run ${id}: nobody has replied to the request`);
    },
  };
}
