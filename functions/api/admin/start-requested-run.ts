import type { ObjectStore } from '../../shared/object-store.ts';
import { fromBytes, RunReply, RunRequest, replyKey, STARTED_WITHIN_MS, toBytes } from './run-request.ts';
import type { RunStarter } from './run-starter.ts';

/**
 * Starts the run that an object requests, and stores the reply. Events may arrive twice: the second one finds the reply
 * to the first and starts nothing.
 *
 * @param key - the key of the request
 * @returns the reply
 */
export async function startRequestedRun(
  objects: ObjectStore,
  starter: RunStarter,
  key: string,
  at: Date,
): Promise<RunReply> {
  const found = await objects.get(key);
  if (!found) return { refused: `there is no object ${key}` };
  const request = fromBytes(RunRequest, found);
  const before = await objects.get(replyKey(request.id));
  if (before) return fromBytes(RunReply, before);
  const reply = await start(starter, request, at);
  await objects.put(replyKey(request.id), toBytes(reply));
  return reply;
}

async function start(starter: RunStarter, { id, askedAt, input }: RunRequest, at: Date): Promise<RunReply> {
  if (at.getTime() - Date.parse(askedAt) > STARTED_WITHIN_MS)
    return {
      refused: `the request is older than ${STARTED_WITHIN_MS / 1000} seconds, and its requester no longer waits`,
    };
  try {
    await starter.start(id, input);
    return {};
  } catch (error) {
    return {
      refused: error instanceof Error ? `${error.name}: ${error.message}` : 'the execution did not start',
    };
  }
}
