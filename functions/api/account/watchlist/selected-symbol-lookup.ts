import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ENV } from '../../../shared/constants.ts';
import { readEnvironment } from '../../../shared/environment.ts';
import type { ObjectStore } from '../../../shared/object-store.ts';
import {
  LOOKED_UP_WITHIN_MS,
  LookupReply,
  type LookupRequest,
  lookupReplyKey,
  lookupRequestKey,
  type SymbolLookup,
} from '../../../shared/symbol-lookup.ts';
import { awaitReply } from '../../core/await-reply.ts';
import { openStore } from '../../core/open-store.ts';

let selected: SymbolLookup | undefined;

/**
 * Selects where symbols are looked up.
 *
 * @param lookup - undefined for the default: requests in the bucket that the environment names
 */
export function selectSymbolLookup(lookup: SymbolLookup | undefined): void {
  selected = lookup;
}

const Environment = z.object({ [ENV.runRequestsUrl]: z.string().min(1) });

/**
 * The selected lookup, or the default.
 *
 * @throws ConfigurationError if no lookup is selected and the environment names no bucket
 */
export async function symbolLookup(): Promise<SymbolLookup> {
  if (selected) return selected;
  const { RUN_REQUESTS_URL } = readEnvironment(Environment);
  return requestedLookups(await openStore(ENV.runRequestsUrl, RUN_REQUESTS_URL));
}

/** The reply may be written just before the vendor's time is over. */
const REPLIED_WITHIN_MS = LOOKED_UP_WITHIN_MS + 500;

/**
 * Looks symbols up through request objects in a bucket, which a function with access to the vendors answers.
 *
 * @param objects - holds the requests and the replies
 */
export function requestedLookups(
  objects: ObjectStore,
  { timeoutMs = REPLIED_WITHIN_MS, pollMs }: { timeoutMs?: number; pollMs?: number } = {},
): SymbolLookup {
  return {
    lookUp: async (symbols) => {
      const id = randomUUID();
      const request: LookupRequest = { id, askedAt: new Date().toISOString(), symbols: [...symbols] };
      const keys = { requestKey: lookupRequestKey(id), replyKey: lookupReplyKey(id) };
      const reply = await awaitReply(objects, { ...keys, request, timeoutMs, pollMs });
      if (reply === undefined) return symbols.map(() => ({ status: 'unavailable' }));
      return LookupReply.parse(reply).answers;
    },
  };
}
