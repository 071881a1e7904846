import type { ObjectStore } from '../shared/object-store.ts';
import { LOOKED_UP_WITHIN_MS, LookupReply, LookupRequest, lookupReplyKey } from '../shared/symbol-lookup.ts';
import { lookUpSymbols } from './look-up.ts';
import type { Provider } from './providers/provider.ts';

/**
 * Answers the request that an object holds. Events may arrive twice: the second one finds the reply to the first. A
 * request whose requester no longer waits sends nothing to the vendor.
 *
 * @param key - the key of the request
 * @returns the reply; undefined where there is no request, or it is too old
 */
export async function answerLookup(
  objects: ObjectStore,
  openProvider: () => Promise<Provider>,
  key: string,
  at: Date,
): Promise<LookupReply | undefined> {
  const found = await objects.get(key);
  if (!found) return undefined;
  const { id, askedAt, symbols } = LookupRequest.parse(JSON.parse(new TextDecoder().decode(found)));
  const replyKey = lookupReplyKey(id);
  const before = await objects.get(replyKey);
  if (before) return LookupReply.parse(JSON.parse(new TextDecoder().decode(before)));
  const left = Date.parse(askedAt) + LOOKED_UP_WITHIN_MS - at.getTime();
  if (left <= 0) return undefined;
  const reply: LookupReply = { answers: await lookUpSymbols(await openProvider(), symbols, left) };
  await objects.put(replyKey, new TextEncoder().encode(JSON.stringify(reply)));
  return reply;
}
