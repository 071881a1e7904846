import type { ObjectStore } from '../../shared/object-store.ts';
import { fromBytes, RunReply, RunRequest, replyKey, STARTED_WITHIN_MS, toBytes } from './run-request.ts';
import type { RunStarter } from './run-starter.ts';

/**
 * Starts the run that an object asks for, and writes what became of it beside. Events may come twice, and the second
 * finds the reply to the first.
 *
 * @param key - the object with the request
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
    return { refused: 'the request came too late: whoever made it waits no longer' };
  try {
    await starter.start(id, input);
    return {};
  } catch (error) {
    return { refused: error instanceof Error ? `${error.name}: ${error.message}` : 'no run' };
  }
}
