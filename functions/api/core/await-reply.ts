import { setTimeout as pause } from 'node:timers/promises';
import type { ObjectStore } from '../../shared/object-store.ts';

/** A request and its reply as objects in a bucket. */
export interface Exchange {
  requestKey: string;
  request: unknown;
  replyKey: string;
  /** How long to wait for the reply. */
  timeoutMs: number;
  pollMs?: number | undefined;
}

/**
 * Stores a request, and waits for the reply. A function outside the VPC reads the request and writes the reply
 * (docs/adr/0015).
 *
 * @returns the reply as JSON; undefined if there is none in time
 */
export async function awaitReply(objects: ObjectStore, exchange: Exchange): Promise<unknown> {
  const { requestKey, request, replyKey, timeoutMs, pollMs = 200 } = exchange;
  const until = Date.now() + timeoutMs;
  await objects.put(requestKey, new TextEncoder().encode(JSON.stringify(request)));
  while (Date.now() < until) {
    await pause(pollMs);
    const reply = await objects.get(replyKey);
    if (reply) return JSON.parse(new TextDecoder().decode(reply));
  }
  return undefined;
}
