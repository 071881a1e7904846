import { BoursomaticError } from '../../shared/errors.ts';
import type { ObjectStore } from '../../shared/object-store.ts';
import { awaitReply } from '../core/await-reply.ts';
import { REPLIED_WITHIN_MS, RunReply, type RunRequest, replyKey, requestKey } from './run-request.ts';
import type { RunStarter } from './run-starter.ts';

/**
 * Starts runs through request objects in a bucket. A function outside the VPC reads them and calls Step Functions
 * (docs/adr/0015).
 *
 * @param objects - holds the requests and the replies
 */
export function requestedRuns(
  objects: ObjectStore,
  { timeoutMs = REPLIED_WITHIN_MS, pollMs }: { timeoutMs?: number; pollMs?: number } = {},
): RunStarter {
  return {
    start: async (id, input) => {
      const request: RunRequest = { id, askedAt: new Date().toISOString(), input };
      const keys = { requestKey: requestKey(id), replyKey: replyKey(id) };
      const reply = await awaitReply(objects, { ...keys, request, timeoutMs, pollMs });
      if (reply === undefined) {
        throw new BoursomaticError(
          'run_not_started',
          `run ${id}: no reply to the request within ${timeoutMs} ms`,
        );
      }
      const { refused } = RunReply.parse(reply);
      if (refused !== undefined) throw new BoursomaticError('run_refused', `run ${id}: ${refused}`);
    },
  };
}
